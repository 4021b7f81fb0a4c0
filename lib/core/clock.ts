/** Where time comes from; tests pass their own instead of waiting. */
export interface Clock {
  /** Wall clock in ms since the epoch. */
  now(): number
  /** Milliseconds that only grow, whatever happens to the wall clock. */
  monotonic(): number
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
}
