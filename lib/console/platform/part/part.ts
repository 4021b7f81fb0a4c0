/**
 * One part of a view: what a source answered, or why it did not. A failure is never an empty list, and unknown is never zero.
 * Times are ms since the epoch on the console's clock.
 */
export type Part<T> =
  | { status: 'up'; data: T; at: number }
  /** The source no longer answers (or the feed is late); this is its last answer, at the time `at`. */
  | { status: 'stale'; data: T; at: number; reason: string; since: number; nextStep?: string }
  | { status: 'down'; reason: string; since: number; nextStep?: string }
