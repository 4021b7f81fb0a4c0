import { keptFor, resultJson } from './checks.ts'
import { failureOf, leaseLost } from './failures.ts'
import { keepLease } from './lease.ts'
import { IdempotencyError, type RunOptions, type WorkContext } from './port.ts'
import type { Outcome, RecordStore } from './record-store.ts'
import { Backoff } from './wait.ts'

export interface FlightOptions {
  key: string
  owner: string
  fence: number
  leaseMs: number
  ttlMs: number
  keepMs?: number
  retry: boolean
  keepErrors: RunOptions['keepErrors']
  /** Lets the next caller run the work; resolves after the first attempt. */
  release(): Promise<void>
  maxResultBytes: number
}

/** One run of the work in this process, with all callers here that wait for it. */
export class Flight {
  /** JSON of the result; rejects with the work's error or an IdempotencyError. */
  readonly result: Promise<string | undefined>
  readonly #store: RecordStore
  readonly #options: FlightOptions
  readonly #controller = new AbortController()
  #waiting = 0

  constructor(store: RecordStore, options: FlightOptions, work: (context: WorkContext) => unknown) {
    this.#store = store
    this.#options = options
    this.result = this.#run(work)
    // All callers may have given up by the time it fails.
    this.result.catch(() => {})
  }

  /** Nobody waits for it any longer, or it lost its lease: its outcome is for nobody who comes later. */
  get abandoned(): boolean {
    return this.#controller.signal.aborted
  }

  /** Counts a caller while it waits; when the last one gives up, the work's signal aborts. */
  async waitedFor<T>(wait: Promise<T>): Promise<T> {
    this.#waiting++
    try {
      return await wait
    } catch (error) {
      if (this.#waiting === 1) this.#controller.abort(error)
      throw error
    } finally {
      this.#waiting--
    }
  }

  async #run(work: (context: WorkContext) => unknown): Promise<string | undefined> {
    const { key, fence } = this.#options
    const lease = keepLease(this.#store, this.#options, error => this.#controller.abort(error))
    try {
      let value: unknown
      try {
        value = await work({ fence, signal: this.#controller.signal })
      } catch (error) {
        if (lease.lost) throw leaseLost(key, error)
        await this.#failed(error)
        throw error
      }
      const json = await this.#jsonOf(value)
      await this.#record({ state: 'completed', ...(json === undefined ? {} : { json }) }, value)
      return json
    } finally {
      lease.stop()
    }
  }

  /** The caller gets the work's error, whatever the store answers here. */
  async #failed(error: unknown): Promise<void> {
    const { key, owner, keepErrors, release } = this.#options
    const keepMs = keptFor(error, keepErrors)
    if (keepMs === undefined) return release()
    const outcome: Outcome = { state: 'failed', json: JSON.stringify(failureOf(error)) }
    await this.#store.finish(key, owner, outcome, keepMs).catch(() => {})
  }

  async #jsonOf(value: unknown): Promise<string | undefined> {
    try {
      return resultJson(value, this.#options.maxResultBytes)
    } catch (error) {
      // The effect is there and its result is not, so nobody may run it again unasked.
      await this.#store.abandon(this.#options.key, this.#options.owner).catch(() => {})
      throw error
    }
  }

  /** Tries for as long as the lease lasts: what was done must not count as not done because the store restarts. */
  async #record(outcome: Outcome, value: unknown): Promise<void> {
    const { key, owner, ttlMs, leaseMs } = this.#options
    const until = performance.now() + leaseMs
    const backoff = new Backoff()
    for (;;) {
      try {
        if (await this.#store.finish(key, owner, outcome, ttlMs)) return
        throw leaseLost(key)
      } catch (error) {
        if (error instanceof IdempotencyError && error.code === 'LEASE_LOST') throw error
        const left = until - performance.now()
        if (left <= 0)
          throw new IdempotencyError(`The work of ${key} was done, but its result could not be recorded`, {
            code: 'UNRECORDED',
            cause: error,
            result: value,
            nextStep: 'Record it with resolve: until then its outcome counts as unknown.',
          })
        await backoff.pause(left)
      }
    }
  }
}
