import type { WorkerOptions } from './port.ts'
import { PermanentJobError } from './port.ts'

/** What follows a failed attempt: nothing, or another one, after the worker's own time (ms) where it has one. */
export function afterFailure(
  error: unknown,
  { attempt, attempts }: { attempt: number; attempts: number },
  backoff: WorkerOptions['backoff'],
): { isDead: boolean; delayMs?: number } {
  if (error instanceof PermanentJobError || attempt >= attempts) return { isDead: true }
  const delayMs = backoff && chosen(backoff, attempt, error)
  if (delayMs === false) return { isDead: true }
  return { isDead: false, ...(delayMs === undefined || !(delayMs >= 0) ? {} : { delayMs }) }
}

function chosen(backoff: NonNullable<WorkerOptions['backoff']>, attempt: number, error: unknown) {
  try {
    return backoff(attempt, error)
  } catch {
    return undefined
  }
}
