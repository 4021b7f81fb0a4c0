import type { Stamp, Subject } from './invalidations.ts'
import type { Affected, Where } from './port.ts'

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
  where: Where
}

/** The entries that all processes share, with the epochs and the bus that keep memories in step. Every method may reject. */
export interface SharedLayer {
  read(keys: readonly string[]): Promise<{ stamp: Stamp; entries: (SharedEntry | undefined)[] }>
  /** Stores unconditionally, under a new epoch that it announces. */
  write(entry: SharedWrite): Promise<Stamp>
  /** Stores unless something that covers the entry was invalidated after `since`. */
  fill(entry: SharedWrite, since: Stamp): Promise<{ stored: boolean; stamp: Stamp }>
  /** Takes effect and announces; resolves with what is left to be removed, if anything. */
  invalidate(where: Where): Promise<{ stamp: Stamp; before: Stamp; deleted?: number }>
  /** Removes what an invalidation left behind. Resolves with the number removed. */
  sweep(
    where: Where,
    at: { stamp: Stamp; before: Stamp },
    options: { signal: AbortSignal; onProgress?: (deleted: number) => void },
  ): Promise<number>
  count(where: Where, options: { signal: AbortSignal; sample: number }): Promise<Affected>
  /** The invalidations after `since`, or undefined when Redis no longer knows them all. */
  missed(since: Stamp): Promise<{ stamp: Stamp; missed: Announced[] | undefined }>
}

/** Tells of invalidations and of whether it can hear them. */
export interface Bus {
  /** `onListening` runs each time that hearing begins (again), `onDeaf` when it ends. */
  listen(
    namespace: string,
    handlers: { onMessage(message: Announced): void; onListening(): void; onDeaf(): void },
  ): { stop(): void }
}
