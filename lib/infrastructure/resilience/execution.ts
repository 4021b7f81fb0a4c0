import { InfrastructureError } from '../../core/errors.ts'
import { cockatielRetry } from './adapters/cockatiel.ts'
import { type Breaker, BreakerOpenError, type CallContext, type Execution, TimeoutError } from './port.ts'

export interface RetryOptions {
  /** Calls in all, the first one included; 3 when absent. */
  attempts?: number
  /** First delay in ms (100 when absent), doubling with jitter up to `maxDelayMs` (5,000 when absent). */
  initialDelayMs?: number
  maxDelayMs?: number
  /** Which errors are worth another try. By default those that say `retryable`, but never those of an open breaker. */
  isRetryable?: (error: unknown) => boolean
}

/** A context that makes its signal only for those who ask for it: most calls do not, and a controller is dear. */
class TimedContext implements CallContext {
  readonly #outer: AbortSignal | undefined
  #own: AbortController | undefined
  #signal: AbortSignal | undefined
  #expired: TimeoutError | undefined

  constructor(outer: AbortSignal | undefined) {
    this.#outer = outer
  }
  get signal(): AbortSignal {
    if (this.#signal === undefined) {
      this.#own = new AbortController()
      if (this.#expired) this.#own.abort(this.#expired)
      this.#signal = this.#outer ? AbortSignal.any([this.#outer, this.#own.signal]) : this.#own.signal
    }
    return this.#signal
  }
  expire(error: TimeoutError): void {
    this.#expired = error
    this.#own?.abort(error)
  }
}

/** Runs a call; after `ms` aborts its signal and rejects with TimeoutError, whether or not the call heeds the signal. */
export function runWithTimeout<T>(
  what: string,
  ms: number,
  call: (context: CallContext) => Promise<T> | T,
  outer?: AbortSignal,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const context = new TimedContext(outer)
    const timer = setTimeout(() => {
      const error = new TimeoutError(what, ms)
      reject(error)
      context.expire(error)
    }, ms)
    const settle = async () => {
      try {
        resolve(await call(context))
      } catch (error) {
        reject(error)
      } finally {
        clearTimeout(timer)
      }
    }
    void settle()
  })
}

/** A budget of `ms` for each call; `what` names it in the TimeoutError. */
export function timeout(what: string, ms: number): Execution {
  return {
    async execute(call, options) {
      options?.signal?.throwIfAborted()
      return runWithTimeout(what, ms, call, options?.signal)
    },
  }
}

/**
 * Tries a call again with exponential backoff and jitter. Rejects with the last error, or with the signal's reason as
 * soon as it aborts, also between two attempts.
 */
export function retry(options: RetryOptions = {}): Execution {
  return cockatielRetry({
    attempts: options.attempts ?? 3,
    initialDelayMs: options.initialDelayMs ?? 100,
    maxDelayMs: options.maxDelayMs ?? 5_000,
    isRetryable: options.isRetryable ?? isWorthAnotherTry,
  })
}

function isWorthAnotherTry(error: unknown): boolean {
  return error instanceof InfrastructureError && error.retryable && !(error instanceof BreakerOpenError)
}

/** Several rules as one, outermost first: `compose(retry(), breaker, timeout('search', 500))`. */
export function compose(...executions: Execution[]): Execution {
  return {
    execute<T>(call: (context: CallContext) => Promise<T> | T, options?: { signal?: AbortSignal }): Promise<T> {
      const chain = executions.reduceRight<(context: CallContext) => Promise<T>>(
        (inner, execution) => context => execution.execute(inner, { signal: context.signal }),
        async context => call(context),
      )
      return chain({ signal: options?.signal ?? new AbortController().signal })
    },
  }
}

type AsyncFunction<Args extends unknown[], Result> = (...args: Args) => Promise<Result> | Result

/** The same function under a rule. It sees no signal: where the call should be aborted, use `execute` itself. */
export function guarded<Args extends unknown[], Result>(
  execution: Execution,
  fn: AsyncFunction<Args, Result>,
): (...args: Args) => Promise<Result> {
  return (...args) => execution.execute(() => fn(...args))
}

/** The same function behind a breaker: rejects with BreakerOpenError, without being called, while that is open. */
export function withBreaker<Args extends unknown[], Result>(breaker: Breaker, fn: AsyncFunction<Args, Result>) {
  return guarded(breaker, fn)
}

/** The same function with a time budget in ms: rejects with TimeoutError once that is spent. */
export function withTimeout<Args extends unknown[], Result>(
  ms: number,
  fn: AsyncFunction<Args, Result>,
  what = fn.name,
) {
  return guarded(timeout(what || 'The call', ms), fn)
}

/** The same function, tried again when it fails for a passing reason. */
export function withRetry<Args extends unknown[], Result>(options: RetryOptions, fn: AsyncFunction<Args, Result>) {
  return guarded(retry(options), fn)
}
