import { CacheError, LONGEST_TTL, type Policy } from './port.ts'

/** The policy of a cache, or of one call, with nothing left open that must be known. */
export type Lifetimes = Policy & { ttlMs: number }

const DURATIONS = ['softTtlMs', 'graceMs', 'softTimeoutMs', 'hardTimeoutMs', 'negativeTtlMs', 'earlyRefresh'] as const

/** Throws CacheError `CACHE_OPTIONS` for a time that is not one. */
export function refuseImpossible(key: string, policy: Policy): void {
  const { ttlMs } = policy
  if (ttlMs !== undefined && !(ttlMs > 0))
    throw new CacheError(`The time to live of ${key} must be more than 0 ms, got ${ttlMs}`, { code: 'CACHE_OPTIONS' })
  for (const name of DURATIONS) {
    const value = policy[name]
    if (value !== undefined && !(value >= 0))
      throw new CacheError(`${name} of ${key} must be 0 or more, got ${value}`, { code: 'CACHE_OPTIONS' })
  }
}

/** The times of one entry, ms from its writing. `negative`: it is the cached absence of a value, which has neither refresh nor grace. */
export function timesOf(policy: Lifetimes, negative: boolean): { softMs: number; hardMs: number; goneMs: number } {
  const hardMs = Math.min(negative ? (policy.negativeTtlMs ?? policy.ttlMs) : policy.ttlMs, LONGEST_TTL)
  if (negative) return { softMs: hardMs, hardMs, goneMs: hardMs }
  return {
    softMs: Math.min(policy.softTtlMs ?? hardMs, hardMs),
    hardMs,
    goneMs: Math.min(hardMs + (policy.graceMs ?? 0), LONGEST_TTL),
  }
}

/**
 * Whether to refresh now, before the value's time is up: XFetch, `madeInMs · beta · −ln(random) ≥ remaining`, from Vattani, Chierichetti and
 * Lowenstein, "Optimal Probabilistic Cache Stampede Prevention", VLDB 2015, algorithm 2.
 */
export function isEarly(remainingMs: number, madeInMs: number, beta: number): boolean {
  const spread = madeInMs * beta
  // −ln of the smallest random number is below 37: most hits are spared the logarithm.
  if (remainingMs > spread * 37) return false
  return spread * -Math.log(1 - Math.random()) >= remainingMs
}
