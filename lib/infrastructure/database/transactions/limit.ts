import { TransactionError } from './port.ts'

/** Ends a transaction from outside: its deadline, or the caller's signal. */
export interface Limit {
  readonly signal: AbortSignal
  /** Rejects with the reason once the signal is aborted; never resolves. */
  readonly reached: Promise<never>
  readonly deadlineMs: number | undefined
  remainingMs(): number
  abort(reason: unknown): void
  release(): void
}

export function limitOf(given: { deadlineMs?: number; signal?: AbortSignal }): Limit {
  const { deadlineMs, signal } = given
  const controller = new AbortController()
  const until = deadlineMs === undefined ? Number.POSITIVE_INFINITY : performance.now() + deadlineMs
  const stop = () => controller.abort(signal?.reason)
  const late = () =>
    controller.abort(
      new TransactionError(`The transaction took more than ${deadlineMs} ms`, {
        code: 'TRANSACTION_DEADLINE',
        retryable: true,
      }),
    )
  const timer = deadlineMs === undefined ? undefined : setTimeout(late, deadlineMs)
  if (signal?.aborted) stop()
  else signal?.addEventListener('abort', stop, { once: true })
  return {
    signal: controller.signal,
    reached: rejection(controller.signal),
    deadlineMs,
    remainingMs: () => until - performance.now(),
    abort: reason => controller.abort(reason),
    release() {
      clearTimeout(timer)
      signal?.removeEventListener('abort', stop)
    },
  }
}

/** Rejects with the signal's reason. That nobody waits for it any more is no error. */
export function rejection(signal: AbortSignal): Promise<never> {
  const rejected = new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
  rejected.catch(() => undefined)
  return rejected
}
