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
  /** Removes what matches and is older than `epoch`; returns how many that were. */
  purge(matches: (subject: Subject) => boolean, epoch: number): number
  keys(matches: (subject: Subject) => boolean): string[]
  clear(): number
  readonly size: number
  readonly bytes: number
  readonly max: number
  readonly evictions: number
}

/** An entry out of Redis; what remains of its lives in ms (`softMs` below 0: stale). */
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

/** An invalidation that has taken effect; `deleted` and `kept` of a single key, which goes at once. */
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

/** What an invalidation takes out may be put aside under a name for so many ms, unless it is more than this. */
export interface Keep {
  name: string
  forMs: number
  entries: number
  bytes: number
}

/** What was put aside. `refused`: nothing was, because there was too much, or in Redis' own words why it would not. */
export interface Kept {
  entries: number
  bytes: number
  refused?: 'too much' | { words: string }
}

/** What was removed and put aside. `unfinished`: why that ended early; the rest lies there still, older than the invalidation. */
export interface SetAside {
  deleted: number
  kept: Kept
  unfinished?: unknown
}

/**
 * What became of the entries put aside; `anew`: written since, `covered`: invalidated again since, `gone`: expired since,
 * `left`: not looked at, because it was aborted.
 */
export interface PutBack {
  back: number
  anew: number
  covered: number
  gone: number
  left: number
}

/** The entries that all processes share, with the epochs and the bus that keep memories in step. Every method may reject. */
export interface SharedLayer {
  read(keys: readonly string[]): Promise<{ stamp: Stamp; entries: (SharedEntry | undefined)[] }>
  /** Stores unconditionally, under a new epoch that it announces. */
  write(entry: SharedWrite): Promise<Stamp>
  /** Stores unless something that covers the entry was invalidated after `since`. */
  fill(entry: SharedWrite, since: Stamp): Promise<{ stored: boolean; stamp: Stamp }>
  /** Takes effect and announces. `deleted` absent: what is left is to be swept. */
  invalidate(where: InvalidationTarget, keep?: Keep): Promise<Invalidation>
  /** Removes what an invalidation left behind. Resolves with the number removed. */
  sweep(where: InvalidationTarget, at: Invalidation, options: Sweeping): Promise<number>
  /** Does the same and puts it aside. Cut short, it says so instead of rejecting: what was put aside by then may be put back. */
  setAside(where: InvalidationTarget, at: Invalidation, keep: Keep, options: Sweeping): Promise<SetAside>
  /**
   * Puts back what was put aside, with the time to live it has left: only what was neither written anew nor invalidated again
   * since. Doing it again goes on with the rest. `none`: nothing is kept under this name; `untold`: so much was invalidated
   * since that Redis no longer knows all of it, and nothing was done.
   */
  putBack(name: string, since: Stamp, options: { signal: AbortSignal }): Promise<PutBack | 'none' | 'untold'>
  /** Removes what was put aside under a name. */
  discard(name: string): Promise<void>
  count(where: InvalidationTarget, options: { signal: AbortSignal; sample: number }): Promise<Affected>
  /** The invalidations after `since`, or undefined when Redis no longer knows them all. */
  missed(since: Stamp): Promise<{ stamp: Stamp; missed: Announced[] | undefined }>
}

/** Tells of invalidations and of whether it can hear them. */
export interface Bus {
  /** `onListening` runs each time that hearing begins (again), `onDisconnected` when it ends. */
  listen(
    namespace: string,
    handlers: { onMessage(message: Announced): void; onListening(): void; onDisconnected(): void },
  ): { stop(): void }
}
