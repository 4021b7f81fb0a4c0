import type { Ask, Question } from '../port.ts'
import { inMs, LOCKED, USERS_SCHEMAS } from './schemas.ts'

export interface IndexState {
  schema: string
  table: string
  name: string
  method: string
  /** Columns and expressions of its key, in order, as Postgres writes them. */
  key: readonly string[]
  /** Columns that it only carries (INCLUDE). */
  included: readonly string[]
  /** The condition of a partial index. */
  predicate: string | null
  /** Operator classes, collations and directions of the key, to tell whether two indexes order alike. */
  ordering: readonly string[]
  unique: boolean
  primary: boolean
  /** It backs a constraint: dropping it means dropping that. */
  constraint: string | null
  /** A foreign key of another table refers to it. */
  referenced: boolean
  valid: boolean
  /** A build is under way, so that it is not valid yet. */
  building: boolean
  /** It is part of an index of the partitioned table, or that index itself. */
  partition: boolean
  scans: number
  /** ms since the epoch; null: not known, or never. Postgres says it since 16. */
  lastScanAt: number | null
  bytes: number
}

export interface ForeignKey {
  schema: string
  table: string
  name: string
  columns: readonly string[]
  refersTo: string
  /** Whether an index finds the rows that refer to one row. */
  indexed: boolean
  rows: number
}

export interface IndexesReading {
  indexes: readonly IndexState[]
  foreignKeys: readonly ForeignKey[]
  /** Since when scans are counted (ms); null: since the database was made. */
  since: number | null
  /** A standby counts its own scans: an index unused here may be used there. */
  standbys: number
}

/** Every index and foreign key of the database, in two statements. Those of a table that is locked are left out: they would be waited for. */
export const indexesQuestion: Question<IndexesReading> = { id: 'indexes', freshFor: 60_000, answer: readIndexes }

async function readIndexes(ask: Ask): Promise<IndexesReading> {
  await ask('set local statement_timeout = 10000')
  const [about] = await ask<{ since: number | null; standbys: number }>(
    `select ${inMs('stats_reset', 'since')}, (select count(*)::int from pg_stat_replication) as standbys
     from pg_stat_database where datname = current_database()`,
  )
  const indexes = await ask<IndexState>(`
    with locked as materialized (${LOCKED}),
      referenced as materialized (select distinct conindid from pg_constraint where contype = 'f'),
      constraints as materialized (select conindid, conname from pg_constraint where contype in ('p', 'u', 'x')),
      builds as materialized (select index_relid from pg_stat_progress_create_index where datname = current_database())
    select n.nspname::text as schema, t.relname::text as table, c.relname::text as name, am.amname::text as method,
      array(select case when i.indkey[k - 1] = 0 then pg_get_indexdef(i.indexrelid, k, false) else
          (select a.attname::text from pg_attribute a where a.attrelid = i.indrelid and a.attnum = i.indkey[k - 1]) end
        from generate_series(1, i.indnkeyatts) k) as key,
      case when i.indnatts > i.indnkeyatts then array(select a.attname::text from generate_series(i.indnkeyatts, i.indnatts - 1) k
        join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[k]) else '{}' end as included,
      pg_get_expr(i.indpred, i.indrelid) as predicate,
      array(select i.indclass[k] || '/' || i.indcollation[k] || '/' || i.indoption[k] from generate_series(0, i.indnkeyatts - 1) k) as ordering,
      i.indisunique as unique, i.indisprimary as primary, con.conname::text as constraint,
      c.oid in (select conindid from referenced) as referenced, i.indisvalid as valid,
      c.oid in (select index_relid from builds) as building, c.relispartition or c.relkind = 'I' as partition,
      coalesce(pg_stat_get_numscans(c.oid), 0)::float8 as scans,
      ${ask.major >= 16 ? inMs('pg_stat_get_lastscan(c.oid)', 'lastScanAt') : 'null::float8 as "lastScanAt"'},
      pg_relation_size(c.oid)::float8 as bytes
    from pg_index i join pg_class c on c.oid = i.indexrelid join pg_class t on t.oid = i.indrelid
      join pg_namespace n on n.oid = t.relnamespace join pg_am am on am.oid = c.relam
      left join constraints con on con.conindid = i.indexrelid
    where t.relpersistence <> 't' and t.relkind in ('r', 'm', 'p') and ${USERS_SCHEMAS}
      and t.oid not in (select relation from locked) and c.oid not in (select relation from locked)`)
  const foreignKeys = await ask<ForeignKey>(`
    select n.nspname::text as schema, t.relname::text as table, f.conname::text as name,
      array(select a.attname::text from unnest(f.conkey) with ordinality k(number, place)
        join pg_attribute a on a.attrelid = f.conrelid and a.attnum = k.number order by k.place) as columns,
      f.confrelid::regclass::text as "refersTo", greatest(t.reltuples, 0)::float8 as rows,
      exists (select from pg_index i where i.indrelid = f.conrelid and i.indisvalid and i.indpred is null
        and i.indnkeyatts >= cardinality(f.conkey) and (i.indkey::int2[])[0:cardinality(f.conkey) - 1] @> f.conkey) as indexed
    from pg_constraint f join pg_class t on t.oid = f.conrelid join pg_namespace n on n.oid = t.relnamespace
    where f.contype = 'f' and f.conparentid = 0 and ${USERS_SCHEMAS}`)
  return { indexes, foreignKeys, since: about?.since ?? null, standbys: about?.standbys ?? 0 }
}

/** How the indexes of one table are built, by their names. */
export function definitionsQuestion(schema: string, table: string): Question<ReadonlyMap<string, string>> {
  return { id: `definitions ${schema}.${table}`, freshFor: 20_000, answer: ask => readDefinitions(ask, schema, table) }
}

async function readDefinitions(ask: Ask, schema: string, table: string): Promise<ReadonlyMap<string, string>> {
  const rows = await ask<{ name: string; definition: string }>(
    `select c.relname::text as name, pg_get_indexdef(i.indexrelid) as definition
     from pg_index i join pg_class c on c.oid = i.indexrelid join pg_class t on t.oid = i.indrelid join pg_namespace n on n.oid = t.relnamespace
     where n.nspname = $1::text and t.relname = $2::text`,
    [schema, table],
  )
  return new Map(rows.map(({ name, definition }) => [name, definition]))
}
