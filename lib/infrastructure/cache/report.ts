import type { InvalidationTarget, SwitchMode } from './port.ts'

export interface LayerStats {
  layer: 'l1' | 'l2'
  /** Cumulative since the start, of this process. */
  hits: number
  misses: number
  sets: number
  deletes: number
  errors: number
  /** Entries evicted because the cache was full; L1 only. */
  evictions?: number
  /** Entries now, and their size in bytes as text; L1 only (counting a namespace in Redis costs too much). */
  size?: number
  bytes?: number
}

/** The keys that begin with `name:`; those without a colon have the name '', and `*` is all that are not named. Cumulative. */
export interface NamespaceReport {
  name: string
  hits: number
  misses: number
  sets: number
  deletes: number
  evictions: number
  /** In memory now. */
  entries: number
  bytes: number
  /** Calls of factories, those that failed, and how long they took in ms; absent when there were none. */
  made?: number
  failed?: number
  slowestMs?: number
  p50Ms?: number
  p95Ms?: number
}

/** What memory may hold. Bytes as text. */
export interface MemoryReport {
  maxBytes?: number
  /** The share of the process' heap limit above which it shrinks, how often it did, and the most bytes it may hold for now. */
  heapShare?: number
  shrunk?: number
  ceiling?: number
}

/** From an invalidation in Redis to its effect here, in ms of Redis' clock. */
export interface BusLag {
  count: number
  p50: number
  p95: number
  last: number
}

/** How values were made and served. Cumulative. */
export interface CacheActivity {
  /** Calls that joined a factory which ran in this process, and those that waited for another process. */
  joined: number
  waited: number
  /** Values made here because the process that was making them stopped. */
  takenOver: number
  /** undefined or null served from the cache. */
  negative: number
  /** Values served after their time, because the factory failed or took too long. */
  graced: number
  /** Factories that passed their hard timeout. */
  timeouts: number
  /** Refreshes before the time, by chance. */
  early: number
  /** Entries of another version of their schema, or that did not parse. */
  otherSchema: number
}

export interface WarmerReport {
  name: string
  state: 'idle' | 'running' | 'done' | 'failed'
  /** Values stored in the last run, and how far it says it is. */
  stored: number
  done?: number
  total?: number
  /** ms since the epoch. */
  startedAt?: number
  tookMs?: number
  error?: string
}

export interface CacheReport {
  name: string
  namespace: string
  layers: ('l1' | 'l2')[]
  stats: LayerStats[]
  /**
   * Calls answered from any layer (one that joins another's factory counts with it), those that found nothing, and those answered with a stale value; values made, made
   * but barred from being stored, and background refreshes that failed.
   */
  totals: { hits: number; misses: number; stale: number; filled: number; barred: number; refreshErrors: number }
  activity?: CacheActivity
  /** The busiest namespaces and those with the slowest factories, then all others as `*`. */
  namespaces?: NamespaceReport[]
  memory?: MemoryReport
  busLag?: BusLag
  warmers?: WarmerReport[]
  /** Why it is not on, and until when (ms since the epoch). */
  switched?: { mode: SwitchMode; id: string; reason: string; by: string; since: number; until?: number }
  l1Entries: number
  l1Max: number
  /** Whether invalidations by other processes are received; memory is served before Redis only while `listening`. Absent: memory only. */
  bus?: 'listening' | 'catching-up' | 'disconnected'
  /** The last epoch applied here. */
  epoch: number
  lastInvalidation?: { at: number; where: InvalidationTarget; epoch: number }
  /** Why it does not work as it should, for people. */
  degraded?: string
  owner?: string
  runbook?: string
  revision: number
}
