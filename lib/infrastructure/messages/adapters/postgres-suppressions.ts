import type { Suppression } from '../port.ts'
import type { MessageStore } from '../store.ts'
import { type AnySql, json, ms, type Queries, time, withoutNulls } from './postgres-rows.ts'

export function postgresSuppressions(
  run: Queries,
): Pick<MessageStore, 'suppress' | 'unsuppress' | 'suppressed' | 'suppressions'> {
  // Whole milliseconds, so that a page begins where the one before ended.
  const columns = (sql: AnySql) => sql`s.channel, s.address, s.reason, ${ms(sql, sql`s.since`)} as since, s.by, s.note`
  return {
    async suppress(suppressions, transaction) {
      await run(
        sql => sql`
          insert into substation_app.message_suppression as s (channel, address, reason, since, by, note)
          select channel, address, reason, date_trunc('milliseconds', clock_timestamp()), by, note
          from jsonb_to_recordset(${json(sql, suppressions)}) as g (channel text, address text, reason text, by text, note text)
          order by channel, address
          on conflict (channel, address) do update set reason = excluded.reason, by = coalesce(excluded.by, s.by),
            note = coalesce(excluded.note, s.note)
          where excluded.reason = 'complaint'`,
        transaction,
      )
    },
    async unsuppress(channel, address, transaction) {
      const removed = await run(
        sql => sql`
          delete from substation_app.message_suppression where channel = ${channel} and address = ${address} returning 1`,
        transaction,
      )
      return removed.length > 0
    },
    async suppressed(channel, addresses) {
      const rows = await run(
        sql => sql`
          select ${columns(sql)} from substation_app.message_suppression s
          where s.channel = ${channel}
            and s.address in (select jsonb_array_elements_text(${json(sql, addresses)}))`,
      )
      return rows.map(row => withoutNulls<Suppression>(row))
    },
    async suppressions({ channel, reason, address }, before, limit) {
      const rows = await run(
        sql => sql`
          select ${columns(sql)} from substation_app.message_suppression s
          where true ${channel === undefined ? sql`` : sql`and s.channel = ${channel}`}
            ${reason === undefined ? sql`` : sql`and s.reason = ${reason}`}
            ${address === undefined ? sql`` : sql`and s.address = ${address}`}
            ${before ? sql`and (s.since, s.channel, s.address) < (${time(sql, before.since)}, ${before.channel}, ${before.address})` : sql``}
          order by s.since desc, s.channel desc, s.address desc limit ${limit}`,
      )
      return rows.map(row => withoutNulls<Suppression>(row))
    },
  }
}
