import type { Bulkhead, BulkheadLimits } from './bulkhead.ts'
import type { RateLimit, RateLimits } from './rate-limit.ts'
import type { RetryBudget } from './retry-budget.ts'

export interface PolicyLimits {
  bulkhead?: BulkheadLimits
  rateLimit?: RateLimits
  retryBudget?: { ratio: number }
}

/** The parts of a policy that have limits. */
export interface LimitedParts {
  bulkhead?: Bulkhead
  rateLimit?: RateLimit
  budget?: RetryBudget
}

export const LIMIT_WORDS: Record<keyof PolicyLimits, string> = {
  bulkhead: 'bulkhead',
  rateLimit: 'rate limit',
  retryBudget: 'retry budget',
}

/** Throws PolicyOptionsError for an impossible limit; those before it are in force then. */
export function setLimits(parts: LimitedParts, { bulkhead, rateLimit, retryBudget }: PolicyLimits): void {
  if (bulkhead) parts.bulkhead?.setLimits(bulkhead)
  if (rateLimit) parts.rateLimit?.setLimits(rateLimit)
  if (retryBudget) parts.budget?.setRatio(retryBudget.ratio)
}

/**
 * Limits in force under a change: what it does not name is as declared, whatever an earlier one set. They are put in force at once, since
 * a bulkhead that is as declared for a moment lets in the calls that wait.
 */
export function within(declared: PolicyLimits, changed: PolicyLimits = {}): PolicyLimits {
  return {
    ...(declared.bulkhead ? { bulkhead: { ...declared.bulkhead, ...changed.bulkhead } } : {}),
    ...(declared.rateLimit ? { rateLimit: { ...declared.rateLimit, ...changed.rateLimit } } : {}),
    ...(declared.retryBudget ? { retryBudget: { ...declared.retryBudget, ...changed.retryBudget } } : {}),
  }
}

/** Those in force now. */
export function limitsOf({ bulkhead, rateLimit, budget }: LimitedParts): PolicyLimits {
  const places = bulkhead?.report()
  const turns = rateLimit?.report()
  return {
    ...(places ? { bulkhead: { maxConcurrent: places.maxConcurrent, maxQueued: places.maxQueued } } : {}),
    ...(turns ? { rateLimit: { calls: turns.calls, burst: turns.burst } } : {}),
    ...(budget ? { retryBudget: { ratio: budget.report().ratio } } : {}),
  }
}
