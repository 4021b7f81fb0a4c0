import postgres from 'postgres'
import { createMessages } from '../messages/index.ts'
import { type Channel, createNotifications, NotificationError } from '../notifications/index.ts'
import { createQueues } from '../queue/index.ts'
import { createPolicyRegistry } from '../resilience/index.ts'
import { answerAsProgram } from './program.ts'

/**
 * A process that sends notifications by two providers of SMS, which are played by servers of the test. Arguments: Postgres, Redis, prefix of the
 * queues, both providers, and whether they take idempotency keys.
 */
const [database = '', redisUrl = '', prefix = '', first = '', second = '', keys = ''] = process.argv.slice(2)
const sql = postgres(database, { max: 10, onnotice: () => {} })
const policies = createPolicyRegistry()
const queues = await createQueues({ redisUrl, prefix })
const messages = await createMessages({ sql })

function provider(name: string, url: string): Channel {
  return {
    kind: 'sms',
    provider: name,
    takesIdempotencyKeys: keys === 'true',
    confirmsDelivery: false,
    async send(_content, target, { idempotencyKey, signal }) {
      try {
        const headers = { 'idempotency-key': idempotencyKey }
        const answer = await fetch(url, { method: 'POST', headers, body: String(target), signal })
        return { id: await answer.text() }
      } catch (error) {
        const notDone = (error as { cause?: { code?: string } }).cause?.code === 'ECONNREFUSED'
        throw new NotificationError('no answer', {
          code: 'NOTIFICATION_UNREACHABLE',
          retryable: true,
          notDone,
          cause: error,
        })
      }
    },
  }
}

function guarded(name: string, url: string) {
  policies.declare({ name, timeoutMs: 2_000 })
  return { channel: provider(name, url), policy: policies.get(name) }
}

const notifications = await createNotifications(
  {
    channels: [guarded('first', first), guarded('second', second)],
    recipients: { find: async id => ({ addresses: { sms: [id] } }) },
    retry: { attempts: 100, initialDelayMs: 100, maxDelayMs: 500 },
  },
  { sql, queues, messages },
)

answerAsProgram<{ count: number }>(
  {
    async notify({ count }) {
      const recipients = Array.from({ length: count }, (_, n) => `user-${n}`)
      return (await notifications.notifyMany(recipients, { type: 'sale', content: { text: 'it begins' } })).batch
    },
    work: () => notifications.work({ concurrency: 20, pollMs: 50, leaseMs: 2_000 }),
  },
  async () => {
    await notifications.close()
    await queues.close()
    await messages.close()
    await sql.end()
  },
)
