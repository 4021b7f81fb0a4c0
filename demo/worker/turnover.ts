import { messageOf } from 'substation/core'
import type { PostgresDatabase } from 'substation/database'
import type { Logger } from 'substation/logging'

const EVERY = 15_000

interface Turnover {
  start(): void
  stop(): void
}

/** Keeps the orders and the turnover of each minute in the database of reports, for those who want figures and not orders. */
export function turnover(shop: PostgresDatabase, reports: PostgresDatabase, logger: Logger): Turnover {
  let timer: NodeJS.Timeout | undefined

  async function sum() {
    const minutes = await shop.sql<{ minute: Date; orders: number; cents: number }[]>`
      select date_trunc('minute', created_at) as minute, count(*)::int as orders, sum(amount)::int as cents
      from shop.purchase where created_at > date_trunc('minute', now()) - interval '5 minutes' group by 1`
    if (minutes.length > 0)
      await reports.sql`
        insert into reports.turnover ${reports.sql(minutes)}
        on conflict (minute) do update set orders = excluded.orders, cents = excluded.cents`
    await reports.sql`delete from reports.turnover where minute < now() - interval '30 days'`
  }
  return {
    start() {
      timer = setInterval(() => {
        sum().catch(error => logger.warn('could not sum up the turnover', { reason: messageOf(error) }))
      }, EVERY)
    },
    stop: () => clearInterval(timer),
  }
}
