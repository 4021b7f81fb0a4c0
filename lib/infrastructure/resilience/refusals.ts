import { InfrastructureError } from '../../core/errors.ts'
import { BreakerOpenError } from './port.ts'

/** As many calls run, and wait, as the bulkhead has places: the call was not made. */
export class BulkheadFullError extends InfrastructureError {
  override readonly code = 'BULKHEAD_FULL'
  constructor(name: string, limits: { maxConcurrent: number; maxQueued: number; waitedMs?: number }) {
    const { maxConcurrent, maxQueued, waitedMs } = limits
    super(
      waitedMs === undefined
        ? `${name} is not called: ${maxConcurrent} calls run and ${maxQueued} wait already`
        : `${name} is not called: none of ${maxConcurrent} running calls ended within ${waitedMs} ms`,
      { retryable: true },
    )
  }
}

/** The limit of calls in time is used up: the call was not made. */
export class RateLimitedError extends InfrastructureError {
  override readonly code = 'RATE_LIMITED'
  /** ms until the limit allows a call. */
  readonly retryAfterMs: number
  constructor(name: string, retryAfterMs: number) {
    super(`${name} is not called: its rate limit allows the next call in ${Math.ceil(retryAfterMs)} ms`, {
      retryable: true,
    })
    this.retryAfterMs = retryAfterMs
  }
}

/** A policy that cannot work: impossible limits, or parts that exclude each other. */
export class PolicyOptionsError extends InfrastructureError {
  override readonly code = 'POLICY_OPTIONS'
}

/** Whether a call was refused here, by its breaker, bulkhead or rate limit, and so has certainly had no effect. */
export function isNotCalled(error: unknown): error is BreakerOpenError | BulkheadFullError | RateLimitedError {
  return error instanceof BreakerOpenError || error instanceof BulkheadFullError || error instanceof RateLimitedError
}
