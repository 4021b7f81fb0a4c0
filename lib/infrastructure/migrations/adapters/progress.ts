import type { Connection } from './connection.ts'

/** How far a backend is with what it does: blocks, or rows where it counts those. Undefined: it counts nothing. */
export async function progressOf(
  observer: Connection,
  pid: number,
): Promise<{ phase: string; done: number; total: number } | undefined> {
  const { rows } = await observer.send(
    `select phase, done::float8, total::float8 from (
       select phase, case when blocks_total > 0 then blocks_done else tuples_done end as done,
         case when blocks_total > 0 then blocks_total else tuples_total end as total
         from pg_stat_progress_create_index where pid = $1
       union all select phase, heap_blks_scanned, heap_blks_total from pg_stat_progress_cluster where pid = $1
       union all select phase, heap_blks_scanned, heap_blks_total from pg_stat_progress_vacuum where pid = $1
       union all select 'analyzing', sample_blks_scanned, sample_blks_total from pg_stat_progress_analyze where pid = $1
     ) as progress limit 1`,
    [pid],
  )
  const [row] = rows
  return row && { phase: String(row.phase), done: Number(row.done), total: Number(row.total) }
}
