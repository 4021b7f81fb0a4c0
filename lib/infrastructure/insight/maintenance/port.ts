import type { DatabaseError } from '../../database/index.ts'

export interface MaintenanceProgress {
  /** Postgres' own words: `building index: scanning table`. */
  phase: string
  /** Blocks or rows of that phase. */
  done?: number
  total?: number
  /** For whom it waits, as a sentence. */
  waiting?: string
}

export interface Maintenance {
  /** One statement, sent outside a transaction. */
  statement: string
  /** How long it may wait for a lock or for an older transaction, ms; 0: without a limit. */
  lockTimeoutMs: number
  /** The index that it builds: what a failed build of it leaves is INVALID, and dropped. */
  builds?: { schema: string; name: string }
  /** The index that it rebuilds: only the copies that a failed rebuild leaves are dropped, never the index. */
  copies?: { schema: string; name: string }
}

export interface MaintenanceDone {
  /** INVALID indexes that were dropped: of an earlier attempt before, of this one after it failed. */
  dropped: readonly string[]
  /** Those that could not be dropped. */
  left: readonly string[]
  /** What Postgres said beside: warnings. */
  notices: readonly string[]
  /** It failed, or was cancelled. */
  failed?: DatabaseError
  /** The connection broke after it was sent: it may have completed, may still go on, and what it left is not known. */
  uncertain?: true
}

export interface TableForMaintenance {
  schema: string
  table: string
  rows: number
  tableBytes: number
  indexBytes: number
  /** Whether the account that asks may change it; only its owner's role may. */
  mayChange: boolean
  owner: string
  account: string
  partitioned: boolean
  columns: readonly string[]
  /** Names taken by any relation of its schema. */
  taken: readonly string[]
  /** The oldest transaction of another session of this database: what works concurrently waits for it. */
  oldest: { pid: number; name: string; ageMs: number } | null
}
