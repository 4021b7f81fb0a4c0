import { InfrastructureError } from '../../core/errors.ts'
import { type Backoff, delaysOf } from './adapters/cockatiel-backoff.ts'
import { pause } from './pause.ts'
import type { CallContext, Execution } from './port.ts'
import { isNotCalled } from './refusals.ts'
import type { RetryBudget } from './retry-budget.ts'

export type { Backoff }

export interface RetryOptions {
  /** The most calls, including the first; 3 when absent. */
  attempts?: number
  /** How the delay grows from one attempt to the next; `decorrelated-jitter` when absent, which keeps clients from retrying in step. */
  backoff?: Backoff
  /** First delay in ms (100 when absent), growing up to `maxDelayMs` (5,000 when absent). */
  initialDelayMs?: number
  maxDelayMs?: number
  /**
   * An error with `retryAfterMs` (a provider's Retry-After) is not retried before that. When it asks for more than this (ms; 30,000 when
   * absent), the call ends with it instead.
   */
  maxRetryAfterMs?: number
  /** Which errors are worth another attempt. By default those with `retryable`, but never those of a call that was not made (an open breaker, a full bulkhead). */
  isRetryable?: (error: unknown) => boolean
  /** Limits retries to a share of calls, so that they do not multiply the load of an outage. */
  budget?: RetryBudget
  /** Before each retry: what failed, and after how many ms it is made. */
  onRetry?: (error: unknown, delayMs: number) => void
}

/**
 * Repeats a failed call. Rejects with the last error, or with the signal's reason as soon as it aborts, also during a call that
 * does not respect it and between two attempts.
 */
export function retry(options: RetryOptions = {}): Execution {
  const { attempts = 3, maxRetryAfterMs = 30_000, isRetryable = isWorthAnotherTry, budget, onRetry } = options
  const backoff = {
    kind: options.backoff ?? ('decorrelated-jitter' as const),
    initialDelayMs: options.initialDelayMs ?? 100,
    maxDelayMs: options.maxDelayMs ?? 5_000,
  }
  return {
    async execute(call, { signal } = {}) {
      const nextDelay = delaysOf(backoff)
      budget?.called()
      for (let attempt = 1; ; attempt++) {
        signal?.throwIfAborted()
        try {
          return await untilAborted(call, signal)
        } catch (error) {
          signal?.throwIfAborted()
          if (attempt >= attempts || !isRetryable(error)) throw error
          const asked = retryAfterOf(error)
          if (asked > maxRetryAfterMs || budget?.take() === false) throw error
          const delayMs = Math.max(nextDelay(), asked)
          onRetry?.(error, delayMs)
          await pause(delayMs, signal)
        }
      }
    },
  }
}

function isWorthAnotherTry(error: unknown): boolean {
  return error instanceof InfrastructureError && error.retryable && !isNotCalled(error)
}

/** What an error asks to wait before the next attempt, in ms; 0 when it says nothing. */
function retryAfterOf(error: unknown): number {
  const asked = (error as { retryAfterMs?: unknown } | null)?.retryAfterMs
  return typeof asked === 'number' && asked > 0 ? asked : 0
}

const UNLIMITED: CallContext = Object.freeze({ signal: new AbortController().signal })

async function untilAborted<T>(
  call: (context: CallContext) => Promise<T> | T,
  signal: AbortSignal | undefined,
): Promise<T> {
  if (signal === undefined) return call(UNLIMITED)
  let stop: () => void = () => {}
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
  })
  try {
    return await Promise.race([call({ signal }), aborted])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
