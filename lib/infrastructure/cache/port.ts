import { InfrastructureError } from '../../core/errors.ts'
import type { HoldOptions } from '../resilience/index.ts'
import type { AdoptedCache, AdoptedCacheReport } from './adopted.ts'
import type { CacheCodec } from './codec.ts'
import type { HotKeysReport } from './hot-keys.ts'
import type { Peeked } from './peek.ts'
import type { CacheReport } from './report.ts'
import type { CacheSchema } from './schema.ts'

/**
 * What an invalidation is about. `pattern` is a Redis glob (`product:*`) over keys as callers name them. An entity is what
 * values were declared to be about; a workspace or a user, what they were bound to (`cache.for`).
 */
export type InvalidationTarget =
  | { by: 'key'; key: string }
  | { by: 'pattern'; pattern: string }
  | { by: 'tag'; tag: string }
  | { by: 'entity'; type: string; id: string | number }
  | { by: 'workspace'; id: string }
  | { by: 'user'; id: string }
  | { by: 'all' }

/** The type and id of what a value is about, such as `['product', 42]`; 42 and '42' are the same. */
export type EntityRef = readonly [type: string, id: string | number]

/** For whom values are cached. */
export interface CacheScope {
  workspace?: string
  user?: string
}

/** How long values live and how they are made. What is absent here is as the cache was created. */
export interface Policy {
  /** Time to live in ms. At most 30 days. */
  ttlMs?: number
  /** From this age in ms on, `getOrSet` serves the value and refreshes it in the background. */
  softTtlMs?: number
  /**
   * For so many ms after its time to live `getOrSet` serves the value when the factory fails or passes a timeout. Never one
   * that was invalidated.
   */
  graceMs?: number
  /** ms after which `getOrSet` serves a value in its grace, where there is one, while the factory goes on. */
  softTimeoutMs?: number
  /** ms after which the factory counts as failed: CacheError `CACHE_TIMEOUT`. Its signal is aborted, its value not stored. */
  hardTimeoutMs?: number
  /** undefined and null from a factory are cached for so many ms. Without it undefined is not cached, and null like any value. */
  negativeTtlMs?: number
  /**
   * Refreshes hot keys before their time, each call by chance: the closer to the end and the slower the factory, the more likely. 1 is the
   * optimum of Vattani, Chierichetti and Lowenstein, "Optimal Probabilistic Cache Stampede Prevention" (VLDB 2015); more is earlier.
   */
  earlyRefresh?: number
}

export interface SetOptions extends Policy {
  /** The cache's own when absent. */
  schema?: CacheSchema
  tags?: readonly string[]
  /** What the value is about: it goes with `invalidate({ by: 'entity', … })`. */
  entity?: EntityRef
}

/** `exact`: counted; `sampled`: an estimate from a part; `unknown`: it could not be counted, and there is no number. */
export type Precision = 'exact' | 'sampled' | 'unknown'
export interface Affected {
  count?: number
  precision: Precision
  /** A few of the keys. */
  sample: string[]
  /** Their size in Redis, in bytes as text, with the same precision as the count. */
  bytes?: number
}

export interface InvalidateOptions {
  signal?: AbortSignal
  onProgress?: (progress: { deleted: number }) => void
}

export interface Invalidated {
  /** Entries removed from the shared layer (from memory, where that is the only one). Absent when unknown. */
  deleted?: number
  precision: Precision
  /** Its number in Redis; 0 for a cache in memory only. */
  epoch: number
}

/** Makes a value. The signal is aborted when the cache closes, or after the hard timeout. */
export type Factory<T> = (context: { signal: AbortSignal }) => Promise<T> | T

/** Makes the values of keys that are missing. A key that it leaves out has none. */
export type BulkFactory<T> = (
  missing: readonly string[],
  context: { signal: AbortSignal },
) => Promise<Iterable<[string, T]>> | Iterable<[string, T]>

/**
 * A cache of values that its codec can express: JSON, unless told otherwise. A failing Redis never breaks `get`, `set` or `getOrSet`: they go on without it and
 * `degraded` says so. Values come back after a round trip through it, are shared between callers, and must not be changed.
 */
export interface Cache {
  readonly name: string
  readonly namespace: string
  /** The value, or undefined on a miss. */
  get<T = unknown>(key: string, options?: { schema?: CacheSchema }): Promise<T | undefined>
  /** Values by key, without those that were not found; a cached absence is there. One round trip. */
  getMany<T = unknown>(keys: readonly string[]): Promise<Map<string, T>>
  /** Replaces the value everywhere: other processes drop their copies. Throws CacheError `CACHE_VALUE` for what cannot be expressed. */
  set(key: string, value: unknown, options?: SetOptions): Promise<void>
  /**
   * The value, or the one that `factory` makes; one factory per key runs at a time, over all processes while Redis answers. What a
   * factory made is returned but not stored when the key was invalidated after it began. Rejects with the factory's own error;
   * undefined is passed on and not stored.
   */
  getOrSet<T>(key: string, factory: Factory<T>, options?: SetOptions): Promise<T>
  /** As `set`, for many at once. */
  setMany(values: Iterable<readonly [key: string, value: unknown]>, options?: SetOptions): Promise<void>
  /**
   * As `getOrSet` for many keys, with one call of the factory for all that are missing and that no other process makes: for those it waits.
   * When the factory fails, values in their grace are served in its place; rejects when one of the keys has none. A stale value is
   * served as it is, without a refresh.
   */
  getOrSetMany<T>(keys: readonly string[], factory: BulkFactory<T>, options?: SetOptions): Promise<Map<string, T>>
  deleteMany(keys: readonly string[]): Promise<void>
  /**
   * These four have taken effect when they resolve: nothing stored or begun before is served again, here at once, in other
   * processes when the message arrives. While Redis is down they take effect here, and are sent when it returns, before it is read.
   */
  delete(key: string): Promise<void>
  deleteByPattern(pattern: string): Promise<void>
  deleteByTag(tag: string): Promise<void>
  clear(): Promise<void>
  /** For operators: as above, but counted, and rejects with CacheError `CACHE_UNREACHABLE` when Redis did not take it. */
  invalidate(where: InvalidationTarget, options?: InvalidateOptions): Promise<Invalidated>
  /**
   * Applies an invalidation that another process made: when it resolves, this process has purged its memory, barred factories
   * that began before, and recorded the epoch. Does not use Redis. Without an epoch everything that matches is removed.
   */
  applyInvalidation(where: InvalidationTarget, epoch?: number): Promise<void>
  /** What an invalidation would remove. Never blocks Redis: past a limit it estimates. */
  count(where: InvalidationTarget, options?: { signal?: AbortSignal; sample?: number }): Promise<Affected>
  sample(where: InvalidationTarget, limit: number): Promise<{ keys: string[]; precision: Precision }>
  /**
   * What the memory of this process has under a key, as it is stored (`for` has its own): nothing is counted, refreshed or made. `salt`
   * goes into the digest of the value.
   */
  peek(key: string, salt: string): Peeked
  /** With figures of so many namespaces of keys: 32 when absent. */
  report(options?: { namespaces?: number }): CacheReport
  /**
   * The keys asked for most in the last minutes, by a sample of the lookups; 20 when absent. Not in `report`, because keys may
   * contain names of people and sessions.
   */
  hotKeys(most?: number): HotKeysReport
  readonly hotKeysRevision: number
  /**
   * The same cache bound to a scope: the same keys, but nobody outside the scope can read them. Tags, patterns and
   * `clear` reach this scope only; an entity, a workspace or a user is invalidated in all scopes. Scopes within scopes add up.
   * Closing it does nothing. Throws CacheError `CACHE_OPTIONS` for an empty scope.
   */
  for(scope: CacheScope): Cache
  /** Declares what can fill this cache before it is asked. Throws CacheError `CACHE_EXISTS` when the name is taken. */
  warmer(options: WarmerOptions): void
  /** Runs a warmer, or all of them, and resolves when they have ended; the report says how. Throws CacheError for one that does not exist. */
  warm(name?: string): Promise<void>
  /**
   * For operators: until `remainingMs` have passed or `switchOn`. While it is not on, `set` removes the older value, factories make what
   * callers get, and invalidations take effect.
   */
  switchTo(mode: SwitchMode, holder: HoldOptions): void
  /** Ends that; false when it was not switched, or not under this id. */
  switchOn(id?: string): boolean
  readonly revision: number
  close(): Promise<void>
}

/** `read-only`: what is there is served, nothing new is stored. `off`: neither. */
export type SwitchMode = 'on' | 'read-only' | 'off'

export interface WarmerOptions {
  /** Unique in its cache. */
  name: string
  /**
   * Loads values and sets them. `set` resolves when the value is stored, so many at a time as `concurrency` says. A value whose key was
   * invalidated since the run began is not stored.
   */
  run(context: {
    set(key: string, value: unknown, options?: SetOptions): Promise<void>
    /** For the report. */
    progress(done: number, total?: number): void
    signal: AbortSignal
  }): Promise<void>
  /** 8 when absent. */
  concurrency?: number
  /** Run as soon as it is declared. */
  atStart?: boolean
}

export interface CacheOptions extends Policy {
  /** Unique in the process. */
  name: string
  /** Prefix of its keys in Redis, `{namespace}:…`; the name when absent. Processes with the same one share it. No braces. */
  namespace?: string
  /** `tiered` when absent: memory before Redis, synchronised by messages. */
  kind?: 'memory' | 'redis' | 'tiered'
  /** 5 minutes when absent. */
  ttlMs?: number
  /**
   * While one process makes a value, others wait for it, until so many ms after that process stopped or lost Redis: 3 seconds when
   * absent. 0: every process makes its own.
   */
  leaseMs?: number
  /** Values in Redis above so many bytes are compressed with zstd; processes of older versions of this library do not read those. */
  compressAboveBytes?: number
  /** JSON when absent. */
  codec?: CacheCodec
  schema?: CacheSchema
  /** The most entries in memory: 1,000 when absent. */
  l1Max?: number
  /** The most bytes in memory, as text; no limit of its own when absent. A larger entry is not kept in memory. */
  l1MaxBytes?: number
  /** Memory shrinks when more than this share of the process' heap limit is used: 0.85 when absent. 1: never. */
  heapShare?: number
  owner?: string
  runbook?: string
}

export interface CacheRegistry {
  /** Creates a cache; throws CacheError `CACHE_EXISTS` when the name is taken, `CACHE_OPTIONS` for invalid options. */
  create(options: CacheOptions): Promise<Cache>
  get(name: string): Cache | undefined
  list(): Cache[]
  /**
   * Shows a cache of another library beside those created here, to be invalidated by the fleet. Throws CacheError `CACHE_EXISTS` when the
   * name is taken.
   */
  adopt(cache: AdoptedCache): AdoptedCache
  adopted(name: string): AdoptedCache | undefined
  /** Of the caches created here, then of those adopted. */
  reports(): (CacheReport | AdoptedCacheReport)[]
  /** Of every cache, by its name. */
  hotKeys(): (HotKeysReport & { name: string })[]
  readonly hotKeysRevision: number
  readonly revision: number
  /** Closes the caches and the connections that were opened here; one that was passed in stays open, and so do adopted caches. */
  close(): Promise<void>
}

export type CacheErrorCode =
  `CACHE_${'UNREACHABLE' | 'TIMEOUT' | 'VALUE' | 'EXISTS' | 'OPTIONS' | 'CLOSED' | 'UNSUPPORTED'}`

export class CacheError extends InfrastructureError {
  override readonly code: CacheErrorCode
  constructor(
    message: string,
    options: { code: CacheErrorCode; retryable?: boolean; nextStep?: string; cause?: unknown },
  ) {
    super(message, options)
    this.code = options.code
  }
}

/** 30 days in ms. No entry lives longer, so that Redis can drop what it keeps about invalidations after that time. */
export const LONGEST_TTL = 30 * 24 * 3_600_000
