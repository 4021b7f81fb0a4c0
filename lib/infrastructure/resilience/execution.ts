import { type Breaker, type CallContext, type Execution, TimeoutError } from './port.ts'
import { type RetryOptions, retry } from './retry.ts'

/** A context that creates its signal on first use: most calls do not need it, and a controller is expensive. */
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

/** Runs a call; after `ms` aborts its signal and rejects with TimeoutError, whether or not the call respects the signal. */
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

/** The same function under a rule. It gets no signal: to abort the call, use `execute` itself. */
export function guarded<Args extends unknown[], Result>(
  execution: Execution,
  fn: AsyncFunction<Args, Result>,
): (...args: Args) => Promise<Result> {
  return (...args) => execution.execute(() => fn(...args))
}

/** The same function behind a breaker: rejects with BreakerOpenError, without being called, while the breaker is open. */
export function withBreaker<Args extends unknown[], Result>(breaker: Breaker, fn: AsyncFunction<Args, Result>) {
  return guarded(breaker, fn)
}

/** The same function with a time budget in ms: rejects with TimeoutError after it. */
export function withTimeout<Args extends unknown[], Result>(
  ms: number,
  fn: AsyncFunction<Args, Result>,
  what = fn.name,
) {
  return guarded(timeout(what || 'The call', ms), fn)
}

/** The same function, repeated when it fails with a retryable error. */
export function withRetry<Args extends unknown[], Result>(options: RetryOptions, fn: AsyncFunction<Args, Result>) {
  return guarded(retry(options), fn)
}
