import { connectionCauseOf } from '../../core/connection-cause.ts'
import { InfrastructureError } from '../../core/errors.ts'
import { type Execution, type RetryOptions, retry } from '../resilience/index.ts'

/** How an outside API is asked again. */
export function pulling(options: RetryOptions = {}): Execution {
  return retry({
    attempts: 5,
    initialDelayMs: 1_000,
    maxDelayMs: 60_000,
    maxRetryAfterMs: 60_000,
    isRetryable: isPassing,
    ...options,
  })
}

function isPassing(error: unknown): boolean {
  if (error instanceof InfrastructureError) return error.retryable
  if (retryAfterOf(error) !== undefined) return true
  const { status, statusCode = status } = (error ?? {}) as { status?: unknown; statusCode?: unknown }
  if (typeof statusCode === 'number') return statusCode === 429 || statusCode >= 500
  return connectionCauseOf(error) !== undefined || connectionCauseOf((error as Error | null)?.cause) !== undefined
}

/** For how long the source asked to wait (ms), where it did. */
export function retryAfterOf(error: unknown): number | undefined {
  const asked = (error as { retryAfterMs?: unknown } | null)?.retryAfterMs
  return typeof asked === 'number' && asked > 0 ? asked : undefined
}
