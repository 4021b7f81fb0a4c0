import type { Ask, Question } from '../port.ts'
import { inMs, USERS_SCHEMAS } from './schemas.ts'

/** One table as its statistics show it. Counts are since the statistics of the database were last reset. */
export interface TableState {
  schema: string
  name: string
  /** Estimated by the last ANALYZE or VACUUM. */
  liveRows: number
  deadRows: number
  /** Rows that changed since the last ANALYZE. */
  changedRows: number
  sequentialScans: number
  /** Rows that sequential scans read. */
  sequentialRows: number
  indexScans: number
  inserted: number
  updated: number
  /** Of the updated: those that needed no new index entry. */
  hotUpdated: number
  deleted: number
  /** Blocks of the table itself found in shared buffers, and read. */
  hitBlocks: number
  readBlocks: number
  /** From how many dead rows on autovacuum vacuums it. */
  vacuumAt: number
  autovacuum: boolean
  partitioned: boolean
  /** ms since the epoch; null: never, or forgotten by a reset. */
  vacuumedAt: number | null
  autovacuumedAt: number | null
  analyzedAt: number | null
  /** Transactions since its oldest row was frozen. */
  frozenAge: number
}

export interface TablesReading {
  tables: readonly TableState[]
  /** Since when counts are counted (ms); null: since the database was made. */
  since: number | null
}

/** Every table of the database, in one statement. */
export const tablesQuestion: Question<TablesReading> = { id: 'tables', freshFor: 20_000, answer: readTables }

const option = (name: string) =>
  `coalesce((select option_value::float8 from pg_options_to_table(c.reloptions) where option_name = '${name}'), current_setting('${name}')::float8)`

async function readTables(ask: Ask): Promise<TablesReading> {
  const [database] = await ask<{ since: number | null }>(
    `select ${inMs('stats_reset', 'since')} from pg_stat_database where datname = current_database()`,
  )
  const tables = await ask<TableState>(`
    select n.nspname::text as schema, c.relname::text as name, greatest(c.reltuples, s.n_live_tup, 0)::float8 as "liveRows",
      coalesce(s.n_dead_tup, 0)::float8 as "deadRows", coalesce(s.n_mod_since_analyze, 0)::float8 as "changedRows",
      coalesce(s.seq_scan, 0)::float8 as "sequentialScans", coalesce(s.seq_tup_read, 0)::float8 as "sequentialRows",
      coalesce(s.idx_scan, 0)::float8 as "indexScans", coalesce(s.n_tup_ins, 0)::float8 as inserted,
      coalesce(s.n_tup_upd, 0)::float8 as updated, coalesce(s.n_tup_hot_upd, 0)::float8 as "hotUpdated",
      coalesce(s.n_tup_del, 0)::float8 as deleted,
      coalesce(pg_stat_get_blocks_hit(c.oid), 0)::float8 as "hitBlocks",
      coalesce(pg_stat_get_blocks_fetched(c.oid) - pg_stat_get_blocks_hit(c.oid), 0)::float8 as "readBlocks",
      ${option('autovacuum_vacuum_threshold')} + ${option('autovacuum_vacuum_scale_factor')} * greatest(c.reltuples, 0)::float8 as "vacuumAt",
      coalesce((select option_value::bool from pg_options_to_table(c.reloptions) where option_name = 'autovacuum_enabled'), true)
        and current_setting('autovacuum')::bool as autovacuum,
      c.relkind = 'p' as partitioned,
      ${inMs('s.last_vacuum', 'vacuumedAt')}, ${inMs('s.last_autovacuum', 'autovacuumedAt')},
      ${inMs('greatest(s.last_analyze, s.last_autoanalyze)', 'analyzedAt')},
      case when c.relkind = 'p' then 0 else age(c.relfrozenxid) end::float8 as "frozenAge"
    from pg_class c join pg_namespace n on n.oid = c.relnamespace left join pg_stat_all_tables s on s.relid = c.oid
    where c.relkind in ('r', 'm', 'p') and c.relpersistence <> 't' and ${USERS_SCHEMAS}`)
  return { tables, since: database?.since ?? null }
}
