import { endsJob, GivenUp } from './give-up.ts'
import { CancelledError, JobDeadlineError, JobTimeoutError } from './port.ts'

/** How long a job may go on after its signal has aborted, ms. */
const GRACE = 500
/** setTimeout's own limit, in ms: a longer wait would end at once. */
const LONGEST_TIMER = 2 ** 31 - 1

export interface JobLimits {
  id: string
  addedAt: number
  timeoutMs?: number | undefined
  deadlineMs?: number | undefined
}

/** One attempt under way. Most handlers never look at their signal, so it is made for those that do. */
class Run {
  reason: Error | undefined
  #controller: AbortController | undefined
  #giveUp: ((error: Error) => void) | undefined
  #timers: NodeJS.Timeout[] | undefined

  /** The outcome of the work, or the error with which it was given up. */
  outcome<T>(work: PromiseLike<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#giveUp = reject
      work.then(resolve, reject)
    })
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    if (this.reason) this.#controller.abort(this.reason)
    return this.#controller.signal
  }

  endAfter(ms: number, reason: Error): void {
    this.#after(Math.min(ms, LONGEST_TIMER), () => this.end(reason))
  }

  end(reason: Error): void {
    if (this.reason) return
    this.reason = reason
    this.#controller?.abort(reason)
    const error = endsJob(reason) ? reason : new GivenUp('The worker closed before the job ended')
    this.#after(GRACE, () => this.#giveUp?.(error))
  }

  clear(): void {
    for (const timer of this.#timers ?? []) clearTimeout(timer)
  }

  #after(ms: number, then: () => void): void {
    this.#timers ??= []
    this.#timers.push(setTimeout(then, ms))
  }
}

/** The jobs that a worker has under way, each with the signal that ends it. */
export class RunningJobs {
  readonly #running = new Map<string, Run>()

  get size(): number {
    return this.#running.size
  }

  /**
   * The outcome of the work. Rejects with the reason for which it was ended, whatever the work made of its signal, half a second later at most;
   * with GivenUp when the worker was closed and the work did not end.
   */
  async run<T>(
    { id, addedAt, timeoutMs, deadlineMs }: JobLimits,
    work: (run: { readonly signal: AbortSignal }) => PromiseLike<T> | T,
  ): Promise<T> {
    const run = new Run()
    if (deadlineMs !== undefined) {
      const late = new JobDeadlineError(`Its deadline of ${deadlineMs} ms after it was added has passed`)
      const left = addedAt + deadlineMs - Date.now()
      if (left <= 0) throw late
      run.endAfter(left, late)
    }
    if (timeoutMs !== undefined)
      run.endAfter(timeoutMs, new JobTimeoutError(`This attempt took longer than ${timeoutMs} ms`, { retryable: true }))
    this.#running.set(id, run)
    try {
      const working = work(run)
      return isThenable(working) ? await run.outcome(working) : working
    } catch (error) {
      throw endsJob(run.reason) ? run.reason : error
    } finally {
      run.clear()
      // Another attempt of it may have begun here, if this worker lost its lock.
      if (this.#running.get(id) === run) this.#running.delete(id)
    }
  }

  /** Whether it is under way here. */
  cancel(id: string): boolean {
    const run = this.#running.get(id)
    run?.end(new CancelledError('The job was cancelled'))
    return run !== undefined
  }

  /** For a worker that is being closed: aborts all. */
  giveUp(why: string): void {
    for (const run of this.#running.values()) run.end(new Error(why))
  }
}

/** Also what is no Promise, such as the builder of a query. */
const isThenable = <T>(value: PromiseLike<T> | T): value is PromiseLike<T> =>
  typeof (value as Partial<PromiseLike<T>> | null | undefined)?.then === 'function'
