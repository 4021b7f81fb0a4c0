import { DURATION_BUCKETS } from '../metrics/index.ts'

/** The window is a minute in slices that expire as a whole, so it covers 50 to 60 seconds. */
export const SLICES = 6
export const SLICE_MS = 10_000
export const STATS_WINDOW_MS = SLICES * SLICE_MS

/** The console's layout of durations, in ms. */
export const BOUNDS_MS = DURATION_BUCKETS.map(seconds => seconds * 1_000)
const BUCKETS = BOUNDS_MS.length + 1

/** Places in a slice: first the buckets, then these. Calls are the sum of the buckets and `UNTIMED`. */
export const UNTIMED = BUCKETS
export const FAILURES = BUCKETS + 1
export const TIMEOUTS = BUCKETS + 2
export const REJECTED = BUCKETS + 3
export const IGNORED = BUCKETS + 4
export const SLOW = BUCKETS + 5
/** Classes of failures told apart within the window; further ones are counted together. */
export const CLASSES = 8
/** Failures by class, then those of classes that had to make room. */
export const CLASS = BUCKETS + 6
export const OTHER = CLASS + CLASSES
export const WIDTH = OTHER + 1
/** All of a breaker: its slices, then when each class was last seen. */
export const SEEN = SLICES * WIDTH
const PLACES = SEEN + CLASSES

/** Breakers share blocks of counts: a typed array of its own takes 250 bytes more for each. */
const BREAKERS_PER_BLOCK = 16
let block = new Uint32Array(0)
let taken = 0

export function takeCounts(): { counts: Uint32Array; first: number } {
  if (taken === block.length) {
    block = new Uint32Array(BREAKERS_PER_BLOCK * PLACES)
    taken = 0
  }
  const first = taken
  taken += PLACES
  return { counts: block, first }
}

export function at(counts: ArrayLike<number>, index: number): number {
  return counts[index] ?? 0
}
