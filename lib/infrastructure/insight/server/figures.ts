import type { Ask, Question } from '../port.ts'
import { oneRow } from '../row.ts'

/** Counts of the database since `statsResetAt`; ages in ms. */
export interface DatabaseFigures {
  /** Committed and rolled back. */
  transactions: number
  rolledBack: number
  /** Blocks found in shared buffers, and those that were not. */
  blocksHit: number
  blocksRead: number
  deadlocks: number
  temporaryBytes: number
  /** ms since the epoch; absent: never reset. */
  statsResetAt?: number
  /** Bytes of write-ahead log written since the server was made; absent on a standby. */
  writeAheadBytes?: number
  /** Locks that are waited for by sessions of the database. */
  waiting: number
  /** Connections of clients to the whole server, and how many there may be; `reserved` of them only for superusers. */
  connections: number
  maxConnections: number
  reserved: number
  /** Of the whole server, without those of this console. */
  longestTransactionMs?: number
  longestIdleInTransaction?: { ms: number; pid: number; here: boolean }
  /** The oldest of all databases of the server, in transactions, and at which age Postgres begins to freeze whatever else goes on. */
  oldestAge: { transactions: number; database: string }
  freezeAt: number
}

/** `own`: how the application names of this console's connections begin. */
export function figuresQuestion(own: string): Question<DatabaseFigures> {
  return { id: 'figures', freshFor: 2_000, answer: ask => readFigures(ask, own) }
}

interface Row extends Omit<DatabaseFigures, 'longestIdleInTransaction' | 'oldestAge'> {
  idlePid?: number
  idleMs?: number
  idleHere?: boolean
  oldestTransactions: number
  oldestDatabase: string
}

async function readFigures(ask: Ask, own: string): Promise<DatabaseFigures> {
  const row = await oneRow(
    ask<Row>(
      `with client as materialized (
      select pid, state, xact_start, state_change, datname = current_database() as here,
        starts_with(application_name, $1) as own
      from pg_stat_activity where usesysid is not null and coalesce(backend_type, 'client backend') = 'client backend'
    ), idle as (
      select pid, here, extract(epoch from clock_timestamp() - state_change)::float8 * 1000 as ms
      from client where state like 'idle in transaction%' and not own order by state_change limit 1
    ), oldest as (
      select datname::text as name, age(datfrozenxid)::int as transactions from pg_database order by age(datfrozenxid) desc limit 1
    )
    select (xact_commit + xact_rollback)::float8 as transactions, xact_rollback::float8 as "rolledBack",
      blks_hit::float8 as "blocksHit", blks_read::float8 as "blocksRead", deadlocks::float8 as deadlocks,
      temp_bytes::float8 as "temporaryBytes", extract(epoch from stats_reset)::float8 * 1000 as "statsResetAt",
      case when pg_is_in_recovery() then null else pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float8 end as "writeAheadBytes",
      (select count(*)::int from pg_locks join client using (pid) where not granted and here) as waiting,
      (select count(*)::int from client) as connections,
      current_setting('max_connections')::int as "maxConnections",
      current_setting('superuser_reserved_connections')::int as reserved,
      (select extract(epoch from clock_timestamp() - min(xact_start))::float8 * 1000 from client where not own) as "longestTransactionMs",
      (select pid from idle) as "idlePid", (select ms from idle) as "idleMs", (select here from idle) as "idleHere",
      (select transactions from oldest) as "oldestTransactions", (select name from oldest) as "oldestDatabase",
      current_setting('autovacuum_freeze_max_age')::int as "freezeAt"
    from pg_stat_database where datname = current_database()`,
      [own],
    ),
  )
  const { idlePid, idleMs, idleHere, oldestTransactions, oldestDatabase, ...rest } = row
  return {
    ...rest,
    ...(idlePid === undefined || idleMs === undefined
      ? {}
      : { longestIdleInTransaction: { pid: idlePid, ms: idleMs, here: idleHere === true } }),
    oldestAge: { transactions: oldestTransactions, database: oldestDatabase },
  }
}
