import type { Connection } from './connection.ts'

/** A table as the server counts it. */
export interface LiveTable {
  oid: number
  name: string
  /** As it must be written in SQL. */
  quoted: string
  rows?: number
  bytes: number
  indexBytes: number
  /** Blocks of 8 KB. */
  pages: number
  /** Rows written since the statistics were reset, and how many a second that is. */
  writes: number
  averageWrites?: number
}

/** The tables of these names, by the name as written; an index stands for its table. What does not exist is left out. */
export async function liveTables(connection: Connection, names: readonly string[]): Promise<Map<string, LiveTable>> {
  if (names.length === 0) return new Map()
  const { rows } = await connection.send(
    `select w.name as written, t.oid::int8::float8 as oid, n.nspname || '.' || t.relname as name, format('%I.%I', n.nspname, t.relname) as quoted, nullif(t.reltuples, -1)::float8 as rows,
       pg_table_size(t.oid)::float8 as bytes, pg_indexes_size(t.oid)::float8 as "indexBytes", t.relpages as pages,
       coalesce(s.n_tup_ins + s.n_tup_upd + s.n_tup_del, 0)::float8 as writes,
       (extract(epoch from clock_timestamp() - coalesce(d.stats_reset, pg_postmaster_start_time())))::float8 as seconds
     from jsonb_array_elements_text($1::text::jsonb) as w(name)
       join pg_class r on r.oid = to_regclass(w.name)
       left join pg_index x on x.indexrelid = r.oid
       join pg_class t on t.oid = coalesce(x.indrelid, r.oid) and t.relkind in ('r', 'p', 'm')
       join pg_namespace n on n.oid = t.relnamespace
       left join pg_stat_all_tables s on s.relid = t.oid
       left join pg_stat_database d on d.datname = current_database()`,
    [JSON.stringify(names)],
  )
  return new Map(
    rows.map(row => {
      const seconds = Number(row.seconds)
      const writes = Number(row.writes)
      const table: LiveTable = {
        oid: Number(row.oid),
        name: String(row.name),
        quoted: String(row.quoted),
        ...(row.rows === null ? {} : { rows: Number(row.rows) }),
        bytes: Number(row.bytes),
        indexBytes: Number(row.indexBytes),
        pages: Number(row.pages),
        writes,
        ...(seconds > 0 ? { averageWrites: writes / seconds } : {}),
      }
      return [String(row.written), table]
    }),
  )
}
