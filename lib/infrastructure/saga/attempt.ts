import { InfrastructureError } from '../../core/errors.ts'
import { SagaError, StepRefusedError, type StepRetry } from './port.ts'

/** Of a step and of its compensation, which is given up later. */
const ATTEMPTS = { run: 3, compensate: 10 } as const

/** For how long to wait before the next attempt (ms); undefined: there is none. */
export function waitBefore(
  attempt: number,
  error: unknown,
  to: 'run' | 'compensate',
  { attempts = ATTEMPTS[to], initialDelayMs = 1_000, maxDelayMs = 60_000, isRetryable = helps }: StepRetry = {},
): number | undefined {
  if (attempt >= attempts || error instanceof StepRefusedError || !isRetryable(error)) return undefined
  const asked = (error as { retryAfterMs?: unknown } | null)?.retryAfterMs
  const delay = Math.min(maxDelayMs, initialDelayMs * 2 ** (attempt - 1))
  // Half of it at random, so that what failed together does not come back together.
  return Math.max(typeof asked === 'number' ? asked : 0, delay / 2 + (Math.random() * delay) / 2)
}

/** An unknown error may pass; one of the library says whether it does. */
const helps = (error: unknown) => !(error instanceof InfrastructureError) || error.retryable

/** One attempt, which ends at the time limit or with the signal even where the work does not heed it. */
export async function attempted<T>(
  work: (signal: AbortSignal) => Promise<T> | T,
  { signal, timeoutMs }: { signal: AbortSignal; timeoutMs?: number | undefined },
): Promise<T> {
  const limit = new AbortController()
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(
          () => limit.abort(new InfrastructureError(`it did not end within ${timeoutMs} ms`, { retryable: true })),
          timeoutMs,
        )
  const either = AbortSignal.any([signal, limit.signal])
  try {
    either.throwIfAborted()
    const { promise: aborted, reject } = Promise.withResolvers<never>()
    const onAbort = () => reject(either.reason)
    either.addEventListener('abort', onAbort, { once: true })
    try {
      return await Promise.race([(async () => work(either))(), aborted])
    } finally {
      either.removeEventListener('abort', onAbort)
    }
  } finally {
    clearTimeout(timer)
  }
}

/** Undefined results are kept as absent; what is no JSON is an error. */
export function asJson(what: string, value: unknown): string | undefined {
  if (value === undefined) return undefined
  let text: string | undefined
  try {
    text = JSON.stringify(value)
  } catch (cause) {
    throw new SagaError(`${what} is no JSON, so it cannot be kept`, { code: 'SAGA_OPTIONS', cause })
  }
  if (text === undefined) throw new SagaError(`${what} is no JSON, so it cannot be kept`, { code: 'SAGA_OPTIONS' })
  return text
}
