import type { Connection } from '../../migrations/index.ts'
import type { MaintenanceProgress } from './port.ts'

/** How far the statement of another session is; undefined where Postgres says nothing of it. */
export async function readProgress(observer: Connection, pid: number): Promise<MaintenanceProgress | undefined> {
  const { rows } = await observer.send(
    `select phase, coalesce(done, 0)::float8 as done, total::float8 as total,
       (select string_agg(format('%s (pid %s)', coalesce(nullif(a.application_name, ''), a.usename::text), a.pid), ', ')
          from pg_stat_activity a where a.pid = any(coalesce(nullif(pg_blocking_pids($1), '{}'), array[locker]))) as "waitsFor"
     from (
       select phase, nullif(current_locker_pid, 0)::int as locker,
         case when blocks_total > 0 then blocks_done when tuples_total > 0 then tuples_done else lockers_done end as done,
         coalesce(nullif(blocks_total, 0), nullif(tuples_total, 0), lockers_total) as total
       from pg_stat_progress_create_index where pid = $1
       union all select phase, null, heap_blks_scanned, heap_blks_total from pg_stat_progress_vacuum where pid = $1
       union all select phase, null, sample_blks_scanned, sample_blks_total from pg_stat_progress_analyze where pid = $1
       union all select case when wait_event_type = 'Lock' then 'waiting for a lock' else 'running' end, null, null, null
         from pg_stat_activity where pid = $1 and state = 'active'
     ) p limit 1`,
    [pid],
  )
  const [row] = rows as unknown as { phase: string; done: number; total: number | null; waitsFor: string | null }[]
  if (!row) return undefined
  return {
    phase: row.phase,
    ...(row.total ? { done: row.done, total: row.total } : {}),
    ...(row.waitsFor ? { waitsFor: row.waitsFor } : {}),
  }
}
