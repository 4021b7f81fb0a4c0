import type { Stamp, Subject } from './invalidations.ts'
import type { MemoryPressure } from './memory-pressure.ts'
import type { NamespaceCounts } from './namespaces.ts'
import type { Affected, InvalidationTarget } from './port.ts'
import type { CacheSchema } from './schema.ts'

/** An entry in memory. Times on the monotonic clock; from `hardAt` to `goneAt` it is in its grace. */
export interface LocalEntry {
  value: unknown
  epoch: number
  /** When it was made or set, wherever that was. */
  storedAt: number
  softAt: number
  hardAt: number
  goneAt: number
  tags: readonly string[]
  bytes: number
  /** How long its factory took, ms; 0 when it was set. */
  madeInMs: number
  /** It was parsed by. */
  schema: CacheSchema | undefined
  counts: NamespaceCounts
}

/** The entries of one process. */
export interface LocalLayer {
  get(key: string): LocalEntry | undefined
  /** Without making it a recently used one. */
  peek(key: string): LocalEntry | undefined
  set(key: string, entry: LocalEntry): void
  delete(key: string): boolean
  /** Removes an entry that is older than `epoch`. */
  drop(key: string, epoch: number): void
  /** Removes what matches and is older than `epoch`; returns the number removed. */
  purge(matches: (subject: Subject) => boolean, epoch: number): number
  keys(matches: (subject: Subject) => boolean): string[]
  clear(): number
  readonly size: number
  readonly bytes: number
  readonly max: number
  readonly maxBytes: number | undefined
  readonly pressure: MemoryPressure | undefined
  readonly evictions: number
}

/** An entry from Redis, with its remaining times in ms: below 0, `softMs` means stale and `hardMs` in its grace. */
export interface SharedEntry {
  value: unknown
  epoch: number
  /** Since it was written. */
  ageMs: number
  softMs: number
  hardMs: number
  goneMs: number
  tags: readonly string[]
  bytes: number
  madeInMs: number
  schema?: string
}

export interface SharedWrite {
  key: string
  payload: string | Uint8Array
  /** Absent: json. */
  codec?: string
  zip?: 'zstd'
  schema?: string
  softMs: number
  hardMs: number
  /** Until it is removed; from `hardMs` on it is in its grace. */
  goneMs: number
  tags: readonly string[]
  madeInMs: number
  /** The value is undefined, which no codec needs to know. */
  absent?: boolean
}

/** The right to make the value of a key. Of two holders the one with the higher fence stores, whatever happens to their clocks. */
export interface Lease {
  token: string
  fence: number
}

export interface Claiming {
  keys: readonly string[]
  tags: readonly string[]
  token: string
  /** When the leases expire, unless they are renewed. */
  forMs: number
  /** What an entry must have been written with, to be good. */
  codec: string
  schema: string | undefined
  /** Also when the value is still good. */
  refresh: boolean
}

/** `lease`: who makes the value now, if one must be made; absent too when Redis is full and keeps no lease. */
export interface Claimed {
  entry: SharedEntry | undefined
  lease?: { mine: boolean; fence: number; leftMs: number }
}

export interface Announced {
  generation: string
  epoch: number
  /** Redis time, ms since the epoch; absent from older libraries. */
  at?: number
  where: InvalidationTarget
}

/**
 * An invalidation that has taken effect. `deleted` and `kept` are set for a single key, which is removed at once. `listed`: what it covers is
 * known by its tag, so that removing it takes no scan.
 */
export interface Invalidation {
  stamp: Stamp
  before: Stamp
  listed: boolean
  deleted?: number
  kept?: Kept
}

export interface Sweeping {
  signal: AbortSignal
  onProgress?: (deleted: number) => void
}

/** What an invalidation removes may be set aside under a name for so many ms, unless it is more than this. */
export interface Keep {
  name: string
  forMs: number
  entries: number
  bytes: number
}

/** What was set aside. `refused`: nothing was, because it was too much, or with Redis' error in `words`. */
export interface Kept {
  entries: number
  bytes: number
  refused?: 'too much' | { words: string }
}

/** What was removed and set aside. `unfinished`: why that ended early; the rest is still in Redis, older than the invalidation. */
export interface SetAside {
  deleted: number
  kept: Kept
  unfinished?: unknown
}

/**
 * What became of the entries set aside. `rewritten`: written again since, `covered`: invalidated again since, `expired`: expired
 * since, `left`: not handled, because it was aborted.
 */
export interface Restored {
  restored: number
  rewritten: number
  covered: number
  expired: number
  left: number
}

export interface SizedKey {
  key: string
  bytes: number
}

export interface SizedNamespace {
  /** '' for keys without a colon. */
  name: string
  entries: number
  bytes: number
}

/** What was examined, and how large it is: what Redis needs for key and value (MEMORY USAGE). */
export interface Sizes {
  /** Of the keys of Redis that were gone through, 0 to 1; below 1 the time was over. */
  share: number
  entries: number
  bytes: number
  /** Namespaces found; the largest are listed. */
  total: number
  namespaces: SizedNamespace[]
  keys: SizedKey[]
}

/** The entries that all processes share, with the epochs and the bus that synchronise their memories. Every method may reject. */
export interface SharedLayer {
  /** `time`: Redis' own, ms since the epoch. */
  read(keys: readonly string[]): Promise<{ stamp: Stamp; time: number; entries: (SharedEntry | undefined)[] }>
  /** Stores unconditionally, under a new epoch that it announces. */
  write(entry: SharedWrite): Promise<Stamp>
  /** Stores unless something that covers the entry was invalidated after `since`, or its lease was taken over. Ends the lease. */
  fill(entry: SharedWrite, since: Stamp, lease?: Lease): Promise<{ stored: boolean; stamp: Stamp }>
  /**
   * Reads entries, and takes the leases of keys that have none to serve. A lease that began before an invalidation of its key
   * is taken over at once.
   */
  claim(claiming: Claiming): Promise<{ stamp: Stamp; claimed: Claimed[] }>
  /** Extends leases, or with 0 ends them and wakes those who wait. Nothing happens to the leases of others. */
  renew(held: readonly { key: string; token: string }[], forMs: number): Promise<void>
  /** Takes effect and announces. `deleted` absent: what it left behind is to be swept. */
  invalidate(where: InvalidationTarget, keep?: Keep): Promise<Invalidation>
  /** Removes what an invalidation left behind. Resolves with the number removed. */
  sweep(where: InvalidationTarget, at: Invalidation, options: Sweeping): Promise<number>
  /** Does the same and sets it aside. When interrupted it resolves with `unfinished`: what was set aside by then can be restored. */
  setAside(where: InvalidationTarget, at: Invalidation, keep: Keep, options: Sweeping): Promise<SetAside>
  /**
   * Restores what was set aside, with its remaining time to live: only what was neither written nor invalidated again
   * since. A second call continues with the rest. `none`: nothing is kept under this name; `unknown`: so much was invalidated
   * since that Redis no longer knows all of it, and nothing was done.
   */
  restore(name: string, since: Stamp, options: { signal: AbortSignal }): Promise<Restored | 'none' | 'unknown'>
  /** Removes what was set aside under a name. */
  discard(name: string): Promise<void>
  count(where: InvalidationTarget, options: { signal: AbortSignal; sample: number }): Promise<Affected>
  /** Keys of entries that were made or set before this moment (ms of Redis' clock), a few hundred at a time. */
  madeBefore(where: InvalidationTarget, before: number, options: { signal: AbortSignal }): AsyncIterable<string[]>
  /** The largest namespaces and keys, by a scan that ends when the signal says so. */
  sizes(options: { signal: AbortSignal; most: number }): Promise<Sizes>
  /** The invalidations after `since`, or undefined when Redis no longer knows them all. */
  missed(since: Stamp): Promise<{ stamp: Stamp; missed: Announced[] | undefined }>
}

export interface BusHandlers {
  onMessage(message: Announced): void
  /** The lease of a key has ended: its value is there, or can be made. */
  onReleased(key: string): void
  /** Runs each time a subscription begins (again). */
  onListening(): void
  onDisconnected(): void
}

/** Reports invalidations, and whether it receives them. */
export interface Bus {
  listen(namespace: string, handlers: BusHandlers): { stop(): void }
}
