import type { Stamp, Subject } from './invalidations.ts'
import type { Affected, InvalidationTarget } from './port.ts'

/** An entry in memory. Times on the monotonic clock. */
export interface LocalEntry {
  value: unknown
  epoch: number
  softAt: number
  hardAt: number
  tags: readonly string[]
  bytes: number
}

/** The entries of one process. */
export interface LocalLayer {
  get(key: string): LocalEntry | undefined
  set(key: string, entry: LocalEntry): void
  delete(key: string): boolean
  /** Removes what matches and is older than `epoch`; returns the number removed. */
  purge(matches: (subject: Subject) => boolean, epoch: number): number
  keys(matches: (subject: Subject) => boolean): string[]
  clear(): number
  readonly size: number
  readonly bytes: number
  readonly max: number
  readonly evictions: number
}

/** An entry from Redis, with its remaining times to live in ms (`softMs` below 0: stale). */
export interface SharedEntry {
  value: unknown
  epoch: number
  softMs: number
  hardMs: number
  tags: readonly string[]
  bytes: number
}

export interface SharedWrite {
  key: string
  text: string
  softMs: number
  hardMs: number
  tags: readonly string[]
}

export interface Announced {
  generation: string
  epoch: number
  where: InvalidationTarget
}

/** An invalidation that has taken effect. `deleted` and `kept` are set for a single key, which is removed at once. */
export interface Invalidation {
  stamp: Stamp
  before: Stamp
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

/** The entries that all processes share, with the epochs and the bus that synchronise their memories. Every method may reject. */
export interface SharedLayer {
  read(keys: readonly string[]): Promise<{ stamp: Stamp; entries: (SharedEntry | undefined)[] }>
  /** Stores unconditionally, under a new epoch that it announces. */
  write(entry: SharedWrite): Promise<Stamp>
  /** Stores unless something that covers the entry was invalidated after `since`. */
  fill(entry: SharedWrite, since: Stamp): Promise<{ stored: boolean; stamp: Stamp }>
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
  /** The invalidations after `since`, or undefined when Redis no longer knows them all. */
  missed(since: Stamp): Promise<{ stamp: Stamp; missed: Announced[] | undefined }>
}

/** Reports invalidations, and whether it receives them. */
export interface Bus {
  /** `onListening` runs each time a subscription begins (again), `onDisconnected` when it ends. */
  listen(
    namespace: string,
    handlers: { onMessage(message: Announced): void; onListening(): void; onDisconnected(): void },
  ): { stop(): void }
}
