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

/** Most tables have no settings of their own; looking into those of each costs as much as all the rest. */
const option = (name: string) =>
  `coalesce(case when c.reloptions is not null then
     (select option_value::float8 from pg_options_to_table(c.reloptions) where option_name = '${name}') end, current_setting('${name}')::float8)`

/** By the functions below pg_stat_all_tables: the view sorts and groups all indexes of the database. */
async function readTables(ask: Ask): Promise<TablesReading> {
  const [database] = await ask<{ since: number | null }>(
    `select ${inMs('stats_reset', 'since')} from pg_stat_database where datname = current_database()`,
  )
  const tables = await ask<TableState>(`
    with scans as materialized (
      select indrelid, sum(pg_stat_get_numscans(indexrelid))::float8 as scans from pg_index group by 1
    )
    select n.nspname::text as schema, c.relname::text as name,
      greatest(c.reltuples, pg_stat_get_live_tuples(c.oid), 0)::float8 as "liveRows",
      pg_stat_get_dead_tuples(c.oid)::float8 as "deadRows", pg_stat_get_mod_since_analyze(c.oid)::float8 as "changedRows",
      pg_stat_get_numscans(c.oid)::float8 as "sequentialScans", pg_stat_get_tuples_returned(c.oid)::float8 as "sequentialRows",
      coalesce(s.scans, 0) as "indexScans", pg_stat_get_tuples_inserted(c.oid)::float8 as inserted,
      pg_stat_get_tuples_updated(c.oid)::float8 as updated, pg_stat_get_tuples_hot_updated(c.oid)::float8 as "hotUpdated",
      pg_stat_get_tuples_deleted(c.oid)::float8 as deleted, pg_stat_get_blocks_hit(c.oid)::float8 as "hitBlocks",
      (pg_stat_get_blocks_fetched(c.oid) - pg_stat_get_blocks_hit(c.oid))::float8 as "readBlocks",
      ${option('autovacuum_vacuum_threshold')} + ${option('autovacuum_vacuum_scale_factor')} * greatest(c.reltuples, 0)::float8 as "vacuumAt",
      current_setting('autovacuum')::bool and coalesce(case when c.reloptions is not null then
        (select option_value::bool from pg_options_to_table(c.reloptions) where option_name = 'autovacuum_enabled') end, true) as autovacuum,
      c.relkind = 'p' as partitioned,
      ${inMs('pg_stat_get_last_vacuum_time(c.oid)', 'vacuumedAt')}, ${inMs('pg_stat_get_last_autovacuum_time(c.oid)', 'autovacuumedAt')},
      ${inMs('greatest(pg_stat_get_last_analyze_time(c.oid), pg_stat_get_last_autoanalyze_time(c.oid))', 'analyzedAt')},
      case when c.relkind = 'p' then 0 else age(c.relfrozenxid) end::float8 as "frozenAge"
    from pg_class c join pg_namespace n on n.oid = c.relnamespace left join scans s on s.indrelid = c.oid
    where c.relkind in ('r', 'm', 'p') and c.relpersistence <> 't' and ${USERS_SCHEMAS}`)
  return { tables, since: database?.since ?? null }
}
