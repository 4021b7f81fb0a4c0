import { setTimeout as pause } from 'node:timers/promises'
import { messageOf } from 'substation/core'
import type { PostgresDatabase } from 'substation/database'
import type { Logger } from 'substation/logging'
import { createSagas, type Sagas, StepRefusedError, saga } from 'substation/saga'
import { ProviderError } from '../providers/http-call.ts'
import type { Mail } from '../providers/mail.ts'
import type { Payments } from '../providers/payments.ts'

const EVERY = 15_000

interface Return {
  order: string
  customer: number
  amount: number
}

/** The sagas of a service, in the database of its orders. */
export function sagasPart() {
  return {
    needs: ['database', 'logger'] as const,
    create: ({ database, logger }: { database: PostgresDatabase; logger: Logger }) =>
      createSagas({ onError: error => logger.debug('a saga waits', { error }) }, { sql: database.sql }),
    stop: (sagas: Sagas) => sagas.close({ timeoutMs: 1_000 }),
  }
}

interface Needs {
  sagas: Sagas
  database: PostgresDatabase
  payments: Payments
  mail: Mail
  logger: Logger
}

/**
 * Customers send goods back: the order is marked, the money goes back, and the customer is told. The refund is the pivot:
 * a customer who cannot be told waits for a person.
 */
export function returns({ sagas, database: { sql }, payments, mail, logger }: Needs) {
  const definition = saga<Return>('return')
    .step('receive', { run: () => pause(300), compensate: () => pause(100) })
    .step('mark', {
      transactional: true,
      run: ({ input, in: transaction = sql }) =>
        transaction`update shop.purchase set status = 'returned' where id = ${input.order}`.then(() => undefined),
      compensate: ({ input, in: transaction = sql }) =>
        transaction`update shop.purchase set status = 'authorised' where id = ${input.order}`,
    })
    .step('refund', {
      pivot: true,
      // The provider is out of order for a minute now and then.
      retry: { attempts: 12, initialDelayMs: 2_000, maxDelayMs: 15_000 },
      run: ({ input, idempotencyKey }) => payments.refund(idempotencyKey, input.amount),
    })
    .step('tell', {
      async run({ input, idempotencyKey }) {
        const [customer] = await sql<{ mailbox: string }[]>`
          select mailbox from shop.customer where id = ${input.customer}`
        if (!customer) throw new StepRefusedError(`there is no customer ${input.customer}`)
        try {
          await mail.send({
            to: customer.mailbox,
            subject: 'Your money is on its way',
            template: 'refund',
            id: idempotencyKey,
          })
        } catch (error) {
          if (error instanceof ProviderError && error.status === 550) throw new StepRefusedError(error.message)
          throw error
        }
      },
    })
  const goods = sagas.define(definition)
  let timer: NodeJS.Timeout | undefined

  async function sendBack() {
    const [order] = await sql<{ id: string; customer: number; amount: number }[]>`
      select id, customer, amount from shop.purchase
      where status = 'authorised' and created_at > now() - interval '10 minutes' order by created_at desc limit 1`
    if (order) await goods.start({ order: order.id, customer: order.customer, amount: order.amount }, { key: order.id })
    await sagas.removeEnded(86_400_000)
  }
  return {
    start() {
      sagas.work()
      timer = setInterval(() => {
        sendBack().catch(error => logger.warn('could not take goods back', { reason: messageOf(error) }))
      }, EVERY)
    },
    stop: () => clearInterval(timer),
  }
}
