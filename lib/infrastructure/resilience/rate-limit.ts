import type { Cluster, Redis } from 'ioredis'
import { loadAdapter } from '../../core/load-adapter.ts'
import { pause } from './pause.ts'
import type { Execution } from './port.ts'
import { PolicyOptionsError, RateLimitedError } from './refusals.ts'

export interface RateLimitOptions {
  /** Named in errors and in the keys of Redis: processes with the same name share one limit there. */
  name: string
  /** Calls within `perMs` (ms; 1,000 when absent). */
  calls: number
  perMs?: number
  /** Calls beyond that, allowed within ten times `perMs`; 0 when absent. */
  burst?: number
  /** How long a call waits for its turn, in ms; 0 when absent: refused at once. */
  maxWaitMs?: number
  /** Counts in this Redis, for all processes together; while it fails each process counts for itself. Stays open. */
  redis?: Redis | Cluster
}

export interface RateLimitReport {
  calls: number
  perMs: number
  burst: number
  maxWaitMs: number
  shared: boolean
  /** Redis fails: the limit holds for this process alone. */
  alone?: true
  /** Since the start: passed, of these after a wait, and refused. */
  allowed: number
  waited: number
  refused: number
}

export interface RateLimits {
  calls?: number
  burst?: number
}

/** A limit of calls in time. With a `key` it is counted apart for each (a tenant, a user). */
export interface RateLimit extends Execution {
  /** Takes a call's turn without making it. Rejects with RateLimitedError, whose `retryAfterMs` says when there is one. */
  take(options?: { key?: string; signal?: AbortSignal }): Promise<void>
  setLimits(limits: RateLimits): void
  report(): RateLimitReport
}

/** What counts. */
export interface Tokens {
  /** Takes one; else resolves with the ms until there is one. */
  take(key: string): Promise<number | undefined>
  setLimit(limit: { calls: number; burst: number }): void
}

/** Throws PolicyOptionsError for impossible limits. Needs rate-limiter-flexible, which is loaded with the first call. */
export function createRateLimit({
  name,
  perMs = 1_000,
  maxWaitMs = 0,
  redis,
  ...options
}: RateLimitOptions): RateLimit {
  const checked = ({ calls, burst }: { calls: number; burst: number }) => ({
    calls: atLeast(name, 'calls', calls, 1),
    burst: atLeast(name, 'burst', burst, 0),
  })
  atLeast(name, 'perMs', perMs, 1)
  let limits = checked({ calls: options.calls, burst: options.burst ?? 0 })
  const counts = { allowed: 0, waited: 0, refused: 0 }
  let alone = false
  let tokens: Promise<Tokens> | undefined

  async function load(): Promise<Tokens> {
    const { flexibleTokens } = await loadAdapter('A rate limit', () => import('./adapters/rate-limiter-flexible.ts'))
    const onAlone = (now: boolean) => {
      alone = now
    }
    return flexibleTokens({ name, perMs, ...limits, onAlone, ...(redis ? { redis } : {}) })
  }

  async function take({ key = 'all', signal }: { key?: string; signal?: AbortSignal } = {}): Promise<void> {
    tokens ??= load()
    const began = performance.now()
    for (let waited = false; ; waited = true) {
      signal?.throwIfAborted()
      const waitMs = await (await tokens).take(key)
      if (waitMs === undefined) {
        counts.allowed++
        if (waited) counts.waited++
        return
      }
      if (performance.now() - began + waitMs > maxWaitMs) {
        counts.refused++
        throw new RateLimitedError(name, waitMs)
      }
      await pause(waitMs, signal)
    }
  }

  return {
    take,
    async execute(call, { signal } = {}) {
      await take(signal ? { signal } : {})
      return call({ signal: signal ?? UNLIMITED })
    },
    setLimits(next) {
      limits = checked({ ...limits, ...next })
      void tokens?.then(loaded => loaded.setLimit(limits))
    },
    report: () => ({
      ...limits,
      perMs,
      maxWaitMs,
      shared: redis !== undefined,
      ...(alone ? { alone } : {}),
      ...counts,
    }),
  }
}

const UNLIMITED = new AbortController().signal

function atLeast(name: string, what: string, value: number, least: number): number {
  if (!(value >= least)) throw new PolicyOptionsError(`${name}: ${what} must be ${least} or more, got ${value}`)
  return value
}
