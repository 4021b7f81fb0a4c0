import type { Clock } from '../../core/clock.ts'
import { type BulkheadOptions, type BulkheadReport, createBulkhead } from './bulkhead.ts'
import { compose, timeout } from './execution.ts'
import { createHedge, type Hedge, type HedgeOptions, type HedgeReport } from './hedge.ts'
import { Hold, type HoldOptions } from './hold.ts'
import { LIMIT_WORDS, type LimitedParts, limitsOf, type PolicyLimits, setLimits, within } from './policy-limits.ts'
import type { Breaker, BreakerOptions, BreakerRegistry, CallContext, Execution } from './port.ts'
import { createRateLimit, type RateLimitOptions, type RateLimitReport } from './rate-limit.ts'
import { PolicyOptionsError } from './refusals.ts'
import { type Backoff, type RetryOptions, retry } from './retry.ts'
import { createRetryBudget, type RetryBudget, type RetryBudgetOptions, type RetryBudgetReport } from './retry-budget.ts'

/**
 * Everything that guards one dependency, declared once. What is absent is left out. From the outside in: fallback, retry,
 * hedge, rate limit, bulkhead, breaker, timeout; so a retry takes a turn and a place of its own, and what is refused here says
 * nothing about the dependency's health.
 */
export interface PolicyOptions {
  /** Unique in the process: the dependency's name, and that of its breaker. */
  name: string
  owner?: string
  runbook?: string
  /** For each attempt, in ms. */
  timeoutMs?: number
  breaker?: Omit<BreakerOptions, 'name' | 'timeoutMs' | 'owner' | 'runbook'>
  /** `budget` may be shared by several policies. */
  retry?: Omit<RetryOptions, 'budget' | 'onRetry'> & { budget?: RetryBudgetOptions | RetryBudget }
  bulkhead?: Omit<BulkheadOptions, 'name'>
  rateLimit?: Omit<RateLimitOptions, 'name'>
  /** Only with `idempotent`, since the call may be made twice. */
  hedge?: HedgeOptions
  /** Calls may be made twice without a second effect. */
  idempotent?: boolean
  /** What a call resolves with when everything else has failed. Not asked after an abort by the caller. */
  fallback?: (error: unknown) => unknown
}

/** Other limits for a while. A newer change replaces an older one; `restore` of another id is refused. */
export interface LimitChange extends HoldOptions {
  limits: PolicyLimits
}

/** The report of one policy in one process; counts are since its first call. */
export interface PolicyReport {
  name: string
  owner?: string
  runbook?: string
  /** Name of its breaker, which reports by itself. */
  breaker?: string
  timeoutMs?: number
  idempotent?: true
  /** Calls by users of the policy, and those that failed in the end, before any fallback. */
  calls: number
  failures: number
  retry?: { attempts: number; backoff: Backoff; retries: number; budget?: RetryBudgetReport }
  bulkhead?: BulkheadReport
  rateLimit?: RateLimitReport
  hedge?: HedgeReport
  fallback?: { used: number }
  override?: {
    id: string
    reason: string
    by: string
    since: number
    until?: number
    limits: PolicyLimits
    declared: PolicyLimits
  }
}

export interface PolicyCall<T> {
  signal?: AbortSignal
  /** In place of the declared one. */
  fallback?: (error: unknown) => Promise<T> | T
}

/** One dependency's policy. */
export interface Policy extends Execution {
  readonly name: string
  readonly breaker: Breaker | undefined
  /**
   * Runs a call under the policy. Rejects with the call's error, TimeoutError, BreakerOpenError, BulkheadFullError or RateLimitedError, unless
   * there is a fallback.
   */
  execute<T>(call: (context: CallContext) => Promise<T> | T, options?: PolicyCall<T>): Promise<T>
  /** Throws PolicyOptionsError, and changes nothing, when a limit is impossible or the policy has no such part. */
  change(change: LimitChange): void
  /** Puts the declared limits in force. With an id, only that change: false when another, or none, is in force. */
  restore(id?: string): boolean
  report(): PolicyReport
  close(): void
}

interface Surroundings {
  breakers: BreakerRegistry
  clock: Clock
  changed(): void
}

const RETRY_DEFAULTS = { attempts: 3, backoff: 'decorrelated-jitter' as const }

export function createPolicy(options: PolicyOptions, { breakers, clock, changed }: Surroundings): Policy {
  const { name, timeoutMs, idempotent } = options
  if (name === '') throw new PolicyOptionsError('A policy needs a name')
  if (options.hedge && !idempotent)
    throw new PolicyOptionsError(`${name}: a hedged call may be made twice, so hedge needs idempotent: true`)
  const parts = partsOf(options, breakers, clock)
  const counts = { calls: 0, failures: 0, fallbacks: 0, retries: 0 }
  const guard = compose(
    ...(options.retry
      ? [
          retry({
            ...options.retry,
            budget: parts.budget,
            onRetry: () => {
              counts.retries++
            },
          }),
        ]
      : []),
    ...[parts.hedge, parts.rateLimit, parts.bulkhead, parts.breaker].filter(part => part !== undefined),
    ...(timeoutMs !== undefined && !parts.breaker ? [timeout(name, timeoutMs)] : []),
  )
  const declared = limitsOf(parts)
  const hold = new Hold<{ limits: PolicyLimits }>(clock, () => restore())

  function restore(): void {
    hold.end()
    setLimits(parts, declared)
    changed()
  }

  return {
    name,
    breaker: parts.breaker,
    async execute<T>(call: (context: CallContext) => Promise<T> | T, { signal, fallback }: PolicyCall<T> = {}) {
      signal?.throwIfAborted()
      counts.calls++
      // Also when it begins: calls that hang are to be seen in the bulkhead's figures.
      changed()
      try {
        return await guard.execute(call, signal ? { signal } : {})
      } catch (error) {
        counts.failures++
        const instead = fallback ?? (options.fallback as typeof fallback)
        if (instead === undefined || signal?.aborted) throw error
        counts.fallbacks++
        return await instead(error)
      } finally {
        changed()
      }
    },
    change({ limits, ...held }) {
      for (const part of Object.keys(limits) as (keyof PolicyLimits)[])
        if (!declared[part]) throw new PolicyOptionsError(`${name} has no ${LIMIT_WORDS[part]}`)
      hold.check()
      try {
        setLimits(parts, within(declared, limits))
      } catch (error) {
        setLimits(parts, within(declared, hold.current?.limits))
        throw error
      }
      hold.begin({ limits }, held)
      changed()
    },
    restore(id) {
      hold.check()
      if (!hold.isHeldBy(id)) return false
      restore()
      return true
    },
    report() {
      hold.check()
      const { owner, runbook } = options
      return {
        name,
        ...(owner === undefined ? {} : { owner }),
        ...(runbook === undefined ? {} : { runbook }),
        ...(parts.breaker ? { breaker: parts.breaker.name } : {}),
        ...(timeoutMs === undefined ? {} : { timeoutMs }),
        ...(idempotent ? { idempotent } : {}),
        calls: counts.calls,
        failures: counts.failures,
        ...(options.retry
          ? {
              retry: {
                attempts: options.retry.attempts ?? RETRY_DEFAULTS.attempts,
                backoff: options.retry.backoff ?? RETRY_DEFAULTS.backoff,
                retries: counts.retries,
                ...(parts.budget ? { budget: parts.budget.report() } : {}),
              },
            }
          : {}),
        ...(parts.bulkhead ? { bulkhead: parts.bulkhead.report() } : {}),
        ...(parts.rateLimit ? { rateLimit: parts.rateLimit.report() } : {}),
        ...(parts.hedge ? { hedge: parts.hedge.report() } : {}),
        ...(options.fallback || counts.fallbacks > 0 ? { fallback: { used: counts.fallbacks } } : {}),
        ...(hold.current ? { override: { ...hold.current, declared } } : {}),
      }
    },
    close() {
      hold.end()
      setLimits(parts, declared)
    },
  }
}

interface Parts extends LimitedParts {
  breaker?: Breaker
  hedge?: Hedge
}

function partsOf(options: PolicyOptions, breakers: BreakerRegistry, clock: Clock): Parts {
  const { name, owner, runbook, timeoutMs, retry: again, bulkhead, rateLimit, hedge } = options
  const about = {
    name,
    ...(owner === undefined ? {} : { owner }),
    ...(runbook === undefined ? {} : { runbook }),
  }
  const parts: Parts = {}
  if (options.breaker)
    parts.breaker = breakers.create({
      ...options.breaker,
      ...about,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    })
  if (again?.budget) parts.budget = 'take' in again.budget ? again.budget : createRetryBudget(again.budget, clock)
  if (bulkhead) parts.bulkhead = createBulkhead({ ...bulkhead, name })
  if (rateLimit) parts.rateLimit = createRateLimit({ ...rateLimit, name })
  if (hedge) parts.hedge = createHedge(hedge)
  return parts
}
