/**
 * One part of a view: what a source answered, or why it did not. A failure is never an empty list, and unknown is never zero.
 * Times are ms since the epoch on the console's clock.
 */
export type Part<T> =
  | { status: 'up'; data: T; at: number }
  /** The source no longer answers (or the feed is late); this is the last thing it said, `at` that time. */
  | { status: 'stale'; data: T; at: number; reason: string; since: number; nextStep?: string }
  | { status: 'down'; reason: string; since: number; nextStep?: string }
