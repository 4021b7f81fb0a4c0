import { messageOf } from 'substation/core'
import type { PostgresDatabase, StatementOrigins } from 'substation/database'
import type { Logger } from 'substation/logging'

const EVERY = 2_000
const CUSTOMERS = 80
const PRODUCTS = 60

interface Reminders {
  start(): void
  stop(): void
}

/**
 * Picks what a customer is reminded of: what they looked at within some days. The days are those of the release: with a month of them the
 * index by time no longer helps, and the statement takes many times longer.
 */
export function reminders(
  { sql }: PostgresDatabase,
  origins: StatementOrigins,
  days: () => number,
  logger: Logger,
): Reminders {
  let timer: NodeJS.Timeout | undefined
  let turn = 0

  async function pick() {
    const customer = 1 + (turn++ % CUSTOMERS)
    await sql`select product, max(at) as at from shop.visit
      where customer = ${customer} and at > now() - ${days()}::int * interval '1 day' group by product order by 2 desc limit 5`
    await sql`insert into shop.visit (customer, product, at) values (${customer}, ${1 + (turn % PRODUCTS)}, now())`
  }
  return {
    start() {
      timer = setInterval(() => {
        origins
          .within({ job: 'reminders' }, pick)
          .catch(error => logger.warn('could not pick reminders', { reason: messageOf(error) }))
      }, EVERY)
    },
    stop: () => clearInterval(timer),
  }
}
