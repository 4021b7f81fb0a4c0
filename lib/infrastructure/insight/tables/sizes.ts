import type { Ask, Question } from '../port.ts'
import { LOCKED, USERS_SCHEMAS } from './schemas.ts'

export interface TableSize {
  schema: string
  name: string
  /** Bytes of the table with its TOAST, of its indexes, of both. */
  tableBytes: number
  indexBytes: number
  totalBytes: number
  /**
   * Bytes that hold no row, estimated from the statistics of its columns: what is there less what its rows would take. Wrong by some
   * tenths where rows vary in length. Null: never analyzed, too small to say, or its statistics may not be read.
   */
  bloatBytes: number | null
}

/** Every file of every table is looked at: once in ten minutes is enough. One that is locked is left out: its size would be waited for. */
export const sizesQuestion: Question<readonly TableSize[]> = { id: 'sizes', freshFor: 600_000, answer: readSizes }

/** Estimates of less than this are mostly rounding, bytes. */
const SMALLEST = 1_048_576

/**
 * A row takes 23 bytes of header, a bit for each column that may be null, its data, and 4 bytes of line pointer, in 8-byte steps; a page
 * has 24 bytes of header. https://www.postgresql.org/docs/current/storage-page-layout.html
 */
async function readSizes(ask: Ask): Promise<readonly TableSize[]> {
  await ask('set local statement_timeout = 10000')
  return ask<TableSize>(`
    with locked as materialized (${LOCKED}), rows as (
      select schemaname, tablename, sum((1 - null_frac) * avg_width)::float8 as data, count(*) as columns, bool_or(null_frac > 0) as nulls
      from pg_stats where not inherited group by 1, 2
    ), sizes as (
      select c.oid, n.nspname, c.relname, c.reltuples, c.relkind,
        pg_relation_size(c.oid)::float8 as main, pg_table_size(c.oid)::float8 as "tableBytes", pg_indexes_size(c.oid)::float8 as "indexBytes",
        coalesce((select option_value::float8 from pg_options_to_table(c.reloptions) where option_name = 'fillfactor'), 100) / 100 as fill
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'm') and c.relpersistence <> 't' and ${USERS_SCHEMAS}
        and c.oid not in (select relation from locked)
    )
    select s.nspname::text as schema, s.relname::text as name, "tableBytes", "indexBytes", "tableBytes" + "indexBytes" as "totalBytes",
      case when s.main >= ${SMALLEST} and s.reltuples > 0 and r.data is not null then greatest(0, s.main
        - s.reltuples * (ceil((23 + case when r.nulls then ceil(r.columns / 8.0) else 0 end) / 8.0) * 8 + ceil(r.data / 8) * 8 + 4)
          / ((8192 - 24) / 8192.0) / s.fill)::float8 end as "bloatBytes"
    from sizes s left join rows r on r.schemaname = s.nspname and r.tablename = s.relname`)
}
