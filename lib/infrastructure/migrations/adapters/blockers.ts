import type { LockBlocker } from '../port.ts'
import type { Connection } from './connection.ts'

/** A session that holds a lock on a table, or (without `oid`) an older snapshot. */
export type Holder = Omit<LockBlocker, 'table'> & { oid?: number }

/** A younger snapshot has ended before anyone could wait for it. */
const OLD_SNAPSHOT = "interval '1 second'"

/** Who holds locks on these tables, and who holds an old snapshot of this database, without the runner's own sessions. */
export async function blockersOn(connection: Connection, oids: readonly number[]): Promise<Holder[]> {
  const { rows } = await connection.send(
    `with session as (
       select a.pid, a.application_name as application, a.usename as account, a.state,
         (extract(epoch from clock_timestamp() - a.xact_start) * 1000)::float8 as "transactionMs",
         a.xact_start < clock_timestamp() - ${OLD_SNAPSHOT} and a.backend_xmin is not null as old
       from pg_stat_activity a where a.datname = current_database() and a.pid <> pg_backend_pid() and a.application_name !~ '^substation-migrations')
     select s.*, l.relation::int8::float8 as oid, l.mode as holds
     from session s join pg_locks l on l.pid = s.pid and l.granted and l.locktype = 'relation'
       and l.database = (select oid from pg_database where datname = current_database())
       and l.relation in (select e.value::oid from jsonb_array_elements_text($1::text::jsonb) e)
     union all select s.*, null, 'snapshot' from session s where s.old
     order by 5 desc nulls last limit 200`,
    [JSON.stringify(oids)],
  )
  return rows.map(row => ({
    pid: Number(row.pid),
    application: String(row.application ?? ''),
    ...(row.account === null ? {} : { account: String(row.account) }),
    ...(row.state === null ? {} : { state: String(row.state) }),
    ...(row.transactionMs === null ? {} : { transactionMs: Number(row.transactionMs) }),
    holds: String(row.holds),
    ...(row.oid === null ? {} : { oid: Number(row.oid) }),
  }))
}
