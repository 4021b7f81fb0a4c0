import type { Ask, Question } from '../port.ts'
import { present } from '../row.ts'

/** What a session waits for: `RowExclusiveLock` on `shop.purchase`. */
export interface AwaitedLock {
  mode: string
  /** Postgres' word for what is locked: `relation`, `transactionid`, `tuple`, `advisory`, … */
  kind: string
  /** Absent where the lock is not about a table. A row that another transaction has changed is locked by its transaction id. */
  table?: string
}

/** A connection of pg_stat_activity. Times are ages (ms) when it was read; absent: it does not apply, or this account may not see it. */
export interface Session {
  /** 0: a prepared transaction, which has no connection. */
  pid: number
  /** Together with the pid the only name a session has: pids are given again. Microseconds since the epoch; absent: hidden. */
  session?: string
  /** When its transaction began, in the same way; absent: it has none. */
  transaction?: string
  user?: string
  application?: string
  address?: string
  /** `client backend`, `autovacuum worker`, …; absent: hidden. */
  kind?: string
  /** `active`, `idle`, `idle in transaction`, …; absent: hidden, or no state of its kind. */
  state?: string
  connectedMs?: number
  transactionMs?: number
  /** Since it has been in this state. */
  stateMs?: number
  /** Since its statement began. */
  statementMs?: number
  /** `Lock: transactionid`, `Client: ClientRead` */
  wait?: { type: string; event: string }
  /** It has a transaction id: it has written or locked rows. */
  writes: boolean
  /** The statement that runs, or the last one. */
  query?: string
  /** The server keeps no more of it. */
  queryCut: boolean
  /** The account may not see what it does. */
  hidden: boolean
  /** It belongs to another database of the server. */
  database?: string
  blockedBy: number[]
  awaits?: AwaitedLock
  /** How long it has waited for the lock; before Postgres 14, since its statement began. */
  waitingMs?: number
}

export interface Activity {
  /** Those of this database, and whoever blocks one of them. */
  sessions: Session[]
  /** Some may not be seen by this account. */
  hidden: boolean
  /** What has to be run, by a superuser, so that it may. */
  grant: string
}

const QUERY_LENGTH = 2_000

/** Everyone who is connected to the database, and who waits for whom. */
export const activityQuestion: Question<Activity> = { id: 'activity', freshFor: 1_500, answer: readActivity }

interface Row extends Omit<Session, 'wait' | 'awaits' | 'query' | 'queryCut' | 'waitingMs' | 'hidden'> {
  waitType?: string
  waitEvent?: string
  query: string
  queryCut: boolean
  hidden: boolean
  grant: string
}

async function readActivity(ask: Ask): Promise<Activity> {
  const rows = await ask<Row>(`
    with seen as materialized (
      select a.*, query = '<insufficient privilege>' as hidden,
        case when wait_event_type = 'Lock' or query = '<insufficient privilege>' then pg_blocking_pids(pid) else '{}' end as blockers
      from pg_stat_activity a
      where pid <> pg_backend_pid() and backend_type is distinct from 'parallel worker'
    )
    select pid, usename::text as "user", nullif(application_name, '') as application, host(client_addr) as address,
      backend_type as kind, state,
      (extract(epoch from backend_start) * 1000000)::bigint::text as session,
      (extract(epoch from xact_start) * 1000000)::bigint::text as transaction,
      ${age('backend_start')} as "connectedMs", ${age('xact_start')} as "transactionMs", ${age('state_change')} as "stateMs",
      ${age('query_start')} as "statementMs", wait_event_type as "waitType", wait_event as "waitEvent",
      backend_xid is not null as writes, hidden, left(query, ${QUERY_LENGTH}) as query,
      octet_length(query) >= least(${QUERY_LENGTH}, pg_size_bytes(current_setting('track_activity_query_size')) - 1) as "queryCut",
      case when datname <> current_database() then datname::text end as database, blockers as "blockedBy",
      format('GRANT pg_read_all_stats TO %I;', current_user) as grant
    from seen where datname = current_database() or pid in (select unnest(blockers) from seen where datname = current_database())
    order by xact_start nulls last, pid`)
  const waiting = rows.filter(({ blockedBy }) => blockedBy.length > 0).map(({ pid }) => pid)
  const awaited = await readAwaited(ask, waiting)
  const sessions = rows.map(row => toSession(row, awaited.get(row.pid)))
  if (rows.some(({ blockedBy }) => blockedBy.includes(0))) sessions.push(...(await readPrepared(ask)))
  return { sessions, hidden: rows.some(({ hidden }) => hidden), grant: rows[0]?.grant ?? '' }
}

const age = (column: string) => `extract(epoch from clock_timestamp() - ${column})::float8 * 1000`

function toSession({ waitType, waitEvent, grant: _, ...row }: Row, awaited: Awaited | undefined): Session {
  const { mode, kind, table, waitingMs = row.statementMs } = awaited ?? {}
  return {
    ...present({ ...row, query: row.hidden ? undefined : row.query }),
    ...(waitType && waitEvent ? { wait: { type: waitType, event: waitEvent } } : {}),
    ...(mode && kind ? { awaits: { mode, kind, ...(table ? { table } : {}) }, waitingMs } : {}),
  }
}

interface Awaited extends AwaitedLock {
  pid: number
  waitingMs?: number
}

/** Who waits for a row waits for the transaction that changed it; the first in line has locked the row's tuple, which names its table. */
async function readAwaited(ask: Ask, pids: readonly number[]): Promise<Map<number, Awaited>> {
  if (pids.length === 0) return new Map()
  const rows = await ask<Awaited>(
    `select distinct on (l.pid) l.pid, l.mode, l.locktype as kind,
      (select relation::regclass::text from pg_locks t
        where t.pid = l.pid and t.relation is not null and t.database = (select oid from pg_database where datname = current_database())
          and (not t.granted or (l.locktype = 'transactionid' and t.locktype = 'tuple')) limit 1) as table,
      ${ask.major >= 14 ? age('l.waitstart') : 'null::float8'} as "waitingMs"
    from pg_locks l where not l.granted and l.pid = any(string_to_array($1, ',')::int[])`,
    [pids.join(',')],
  )
  return new Map(rows.map(row => [row.pid, present(row)]))
}

async function readPrepared(ask: Ask): Promise<Session[]> {
  const rows = await ask<Pick<Session, 'user' | 'transactionMs' | 'query'>>(
    `select 'PREPARE TRANSACTION ' || quote_literal(gid) as query, owner::text as user, ${age('prepared')} as "transactionMs"
    from pg_prepared_xacts where database = current_database() order by prepared limit 1`,
  )
  const common = { pid: 0, kind: 'prepared transaction', queryCut: false, hidden: false, writes: true, blockedBy: [] }
  return rows.map(row => ({ ...row, ...common }))
}
