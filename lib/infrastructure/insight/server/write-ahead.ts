import type { Ask, Question } from '../port.ts'
import { oneRow } from '../row.ts'

/** Write-ahead log and checkpoints. Counts since `since` (ms since the epoch). */
export interface WriteAhead {
  /** Since Postgres 14: bytes written, and how many of the records were images of whole pages. */
  written?: { bytes: number; records: number; fullPages: number; buffersFull: number; since?: number }
  checkpoints: {
    timed: number
    /** Begun before their time: max_wal_size was reached, or someone asked. */
    requested: number
    /** Spent writing and syncing (ms). */
    writeMs: number
    syncMs: number
    since?: number
  }
  archive: { mode: string; archived: number; failed: number; lastFailed?: string; failing: boolean }
  /** Settings in their own words: `1GB`, `5min`. */
  settings: { maxWalSize: string; checkpointTimeout: string; walLevel: string }
}

export const writeAheadQuestion: Question<WriteAhead> = {
  id: 'write-ahead',
  freshFor: 5_000,
  async answer(ask) {
    const written = ask.major >= 14 ? await readWritten(ask) : undefined
    return {
      ...(written ? { written } : {}),
      checkpoints: await readCheckpoints(ask),
      archive: await readArchive(ask),
      settings: await readSettings(ask),
    }
  },
}

const reset = 'extract(epoch from stats_reset)::float8 * 1000 as since'

const readWritten = (ask: Ask) =>
  oneRow(
    ask<NonNullable<WriteAhead['written']>>(`
    select wal_bytes::float8 as bytes, wal_records::float8 as records, wal_fpi::float8 as "fullPages",
      wal_buffers_full::float8 as "buffersFull", ${reset} from pg_stat_wal`),
  )

/** They moved to a view of their own in Postgres 17. */
const readCheckpoints = (ask: Ask) =>
  oneRow(
    ask<WriteAhead['checkpoints']>(
      ask.major >= 17
        ? `select num_timed::float8 as timed, num_requested::float8 as requested, write_time as "writeMs", sync_time as "syncMs",
          ${reset} from pg_stat_checkpointer`
        : `select checkpoints_timed::float8 as timed, checkpoints_req::float8 as requested, checkpoint_write_time as "writeMs",
          checkpoint_sync_time as "syncMs", ${reset} from pg_stat_bgwriter`,
    ),
  )

const readArchive = (ask: Ask) =>
  oneRow(
    ask<WriteAhead['archive']>(`
    select current_setting('archive_mode') as mode, archived_count::float8 as archived, failed_count::float8 as failed,
      last_failed_wal as "lastFailed", coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false) as failing
    from pg_stat_archiver`),
  )

const readSettings = (ask: Ask) =>
  oneRow(
    ask<WriteAhead['settings']>(`
    select current_setting('max_wal_size') as "maxWalSize", current_setting('checkpoint_timeout') as "checkpointTimeout",
      current_setting('wal_level') as "walLevel"`),
  )
