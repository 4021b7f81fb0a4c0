import { endsJob, untilGivenUp } from './give-up.ts'
import { CancelledError, JobDeadlineError, JobTimeoutError } from './port.ts'

/** setTimeout's own limit, in ms: a longer wait would end at once. */
const LONGEST_TIMER = 2 ** 31 - 1

export interface JobLimits {
  id: string
  addedAt: number
  timeoutMs?: number | undefined
  deadlineMs?: number | undefined
}

/** The jobs that a worker has under way, each with the signal that ends it. */
export class RunningJobs {
  readonly #running = new Map<string, AbortController>()

  get size(): number {
    return this.#running.size
  }

  /**
   * The outcome of the work. Rejects with the reason for which it was ended, whatever the work made of its signal; with GivenUp when the worker was
   * closed and the work did not end.
   */
  async run<T>(limits: JobLimits, work: (signal: AbortSignal) => Promise<T> | T): Promise<T> {
    const { id, addedAt, timeoutMs, deadlineMs } = limits
    const timers: NodeJS.Timeout[] = []
    const controller = new AbortController()
    const { signal } = controller
    const endAfter = (ms: number, error: Error) =>
      timers.push(setTimeout(() => controller.abort(error), Math.min(ms, LONGEST_TIMER)))
    if (deadlineMs !== undefined) {
      const late = new JobDeadlineError(`Its deadline of ${deadlineMs} ms after it was added has passed`)
      const left = addedAt + deadlineMs - Date.now()
      if (left <= 0) throw late
      endAfter(left, late)
    }
    if (timeoutMs !== undefined)
      endAfter(timeoutMs, new JobTimeoutError(`This attempt took longer than ${timeoutMs} ms`, { retryable: true }))
    this.#running.set(id, controller)
    try {
      return await untilGivenUp(() => work(signal), signal)
    } catch (error) {
      throw endsJob(signal.reason) ? signal.reason : error
    } finally {
      for (const timer of timers) clearTimeout(timer)
      // Another attempt of it may have begun here, if this worker lost its lock.
      if (this.#running.get(id) === controller) this.#running.delete(id)
    }
  }

  /** Whether it is under way here. */
  cancel(id: string): boolean {
    const controller = this.#running.get(id)
    controller?.abort(new CancelledError('The job was cancelled'))
    return controller !== undefined
  }

  /** For a worker that is being closed: aborts all. */
  giveUp(why: string): void {
    for (const controller of this.#running.values()) controller.abort(new Error(why))
  }
}
