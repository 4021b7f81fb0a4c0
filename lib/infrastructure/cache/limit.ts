import { CacheError } from './port.ts'

/** How long making a value may take. `stop`: the rest is no longer limited. */
export interface Limit {
  signal: AbortSignal
  /** Rejects when the time is up. */
  expired?: Promise<never>
  stop(): void
}

/** Runs something that is given up after so many ms: CacheError `CACHE_TIMEOUT`, and its signal is aborted. */
export async function within<T>(
  ms: number | undefined,
  about: { what: string; signal: AbortSignal; onTimeout(): void },
  run: (limit: Limit) => Promise<T>,
): Promise<T> {
  if (ms === undefined) return run({ signal: about.signal, stop: () => undefined })
  const control = new AbortController()
  const { promise: expired, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    about.onTimeout()
    const message = `The value of ${about.what} was not made within ${ms} ms`
    const error = new CacheError(message, { code: 'CACHE_TIMEOUT', retryable: true })
    control.abort(error)
    reject(error)
  }, ms)
  const stop = () => clearTimeout(timer)
  try {
    const signal = AbortSignal.any([about.signal, control.signal])
    return await Promise.race([run({ signal, expired, stop }), expired])
  } finally {
    stop()
  }
}

/** One that does not heed its signal is left behind when the time is up. */
export function limited<T>({ expired }: Limit, running: Promise<T> | T): Promise<T> | T {
  return expired ? Promise.race([running, expired]) : running
}

export const LATE = Symbol('late')

/** What the promise resolves with, or LATE after so many ms. */
export async function orLate<T>(promise: Promise<T>, ms: number): Promise<T | typeof LATE> {
  const late = Promise.withResolvers<typeof LATE>()
  const timer = setTimeout(late.resolve, ms, LATE)
  try {
    return await Promise.race([promise, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
