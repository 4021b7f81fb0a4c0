import { newId } from '../../core/ids.ts'
import { type CheckedOptions, checkKey, checkMs, checkOptions, DAY_MS, resultJson } from './checks.ts'
import { conflict, failureIn, inFlight, keptFailure, outcomeUnknown } from './failures.ts'
import { Flight } from './flight.ts'
import {
  type DedupeOptions,
  type Idempotency,
  IdempotencyError,
  type IdempotencyRecord,
  type RunOptions,
  type WorkContext,
} from './port.ts'
import type { Claim, RecordStore } from './record-store.ts'
import { awaited, Backoff } from './wait.ts'

/** For how long a claim that had no answer, or could not be released, is released again. */
const RELEASE_FOR_MS = 60_000
const IN_FLIGHT: NotStarted = { kind: 'in-flight' }

type NotStarted = Exclude<Claim, { kind: 'started' }>

interface Underway {
  flight: Flight
  fingerprint: string | undefined
}

/** Runs over an adapter: what one process adds is that its callers of a key share one question to the store, and one run. */
export class IdempotentRuns implements Idempotency {
  readonly #store: RecordStore
  readonly #maxResultBytes: number
  readonly #flights = new Map<string, Underway>()
  readonly #asking = new Map<string, Promise<unknown>>()
  readonly #giveUp = new AbortController()
  #closing: Promise<void> | undefined

  constructor(store: RecordStore, maxResultBytes: number) {
    this.#store = store
    this.#maxResultBytes = maxResultBytes
  }

  async run<T>(key: string, given: RunOptions, work: (context: WorkContext) => Promise<T> | T): Promise<T> {
    checkKey(key)
    const options = checkOptions(given)
    const { fingerprint, waitMs, signal } = options
    const until = performance.now() + waitMs
    const backoff = new Backoff()
    for (let first = true; ; first = false) {
      this.assertOpen()
      signal?.throwIfAborted()
      // Callers that arrive together ask the store once.
      if (first) await this.#asking.get(key)
      const underway = this.#flights.get(key)
      const left = until - performance.now()
      if (underway && differs(underway.fingerprint, fingerprint)) throw conflict(key)
      if (underway && !underway.flight.abandoned) return parsed(await join(key, underway.flight, left, signal))
      const asked = underway ? IN_FLIGHT : await this.#ask(key, options, work)
      // The one whose run it is waits for as long as that takes.
      if (asked instanceof Flight) return parsed(await join(key, asked, Number.POSITIVE_INFINITY, signal))
      if (asked.kind !== 'in-flight' || left <= 0) return parsed(resultOf(key, asked))
      await backoff.pause(left, signal)
    }
  }

  dedupe<Arguments extends unknown[], T>(
    work: (...input: Arguments) => Promise<T> | T,
    { key, body, ...options }: DedupeOptions<Arguments>,
  ): (...input: Arguments) => Promise<T> {
    return async (...input) => this.run(key(...input), { ...options, body: body?.(...input) }, () => work(...input))
  }

  async lookup(key: string): Promise<IdempotencyRecord | undefined> {
    this.assertOpen()
    const record = await this.#store.read(checkKey(key))
    if (!record) return undefined
    const { fence } = record
    if (record.state === 'completed') return { state: 'completed', fence, value: parsed(record.json) }
    if (record.state === 'failed') return { state: 'failed', fence, failure: failureIn(record.json) }
    return { state: record.state, fence }
  }

  async resolve(key: string, value: unknown, { ttlMs = DAY_MS }: { ttlMs?: number } = {}): Promise<boolean> {
    this.assertOpen()
    const json = resultJson(value, this.#maxResultBytes)
    const outcome = { state: 'completed' as const, ...(json === undefined ? {} : { json }) }
    return this.#store.resolve(checkKey(key), outcome, checkMs('ttlMs', ttlMs))
  }

  async forget(key: string): Promise<boolean> {
    this.assertOpen()
    return this.#store.forget(checkKey(key))
  }

  async removeExpired({ limit = 1_000 }: { limit?: number } = {}): Promise<number> {
    this.assertOpen()
    if (!Number.isSafeInteger(limit) || limit < 1)
      throw new IdempotencyError('limit must be a whole number of at least 1', { code: 'OPTIONS' })
    return this.#store.removeExpired(limit)
  }

  close(): Promise<void> {
    this.#closing ??= (async () => {
      await Promise.allSettled([...this.#flights.values()].map(({ flight }) => flight.result))
      this.#giveUp.abort()
      await this.#store.close()
    })()
    return this.#closing
  }

  /** Throws once it was closed. */
  assertOpen(): void {
    if (this.#closing) throw new IdempotencyError('These idempotent runs are closed', { code: 'CLOSED' })
  }

  /** A run of this process, or why there is none. Those who wait for the answer find the run, which is why it is begun here. */
  async #ask(
    key: string,
    options: CheckedOptions,
    work: (context: WorkContext) => unknown,
  ): Promise<Flight | NotStarted> {
    const answer = this.#claim(key, options, work)
    const settled = answer.catch(() => {})
    this.#asking.set(key, settled)
    try {
      return await answer
    } finally {
      if (this.#asking.get(key) === settled) this.#asking.delete(key)
    }
  }

  async #claim(key: string, options: CheckedOptions, work: (context: WorkContext) => unknown) {
    const { claim, ttlMs, keepErrors, fingerprint } = options
    const owner = newId()
    const answer = await this.#store.claim(key, { ...claim, owner }).catch(error => {
      // A claim without an answer may still arrive, and would look like a crash, although no work began.
      if (error instanceof IdempotencyError && error.code === 'UNREACHABLE') void this.#release(key, owner, true)
      throw error
    })
    if (answer.kind !== 'started') return answer
    const { fence } = answer
    const release = () => this.#release(key, owner, false)
    const maxResultBytes = this.#maxResultBytes
    const flight = new Flight(
      this.#store,
      { ...claim, key, owner, fence, ttlMs, keepErrors, maxResultBytes, release },
      work,
    )
    this.#flights.set(key, { flight, fingerprint })
    const done = () => this.#flights.delete(key)
    flight.result.then(done, done)
    return flight
  }

  /** Releases a claim; while the store is unreachable, or has not seen the claim yet, in the background for as long as it could arrive. */
  async #release(key: string, owner: string, unanswered: boolean): Promise<void> {
    const attempt = () =>
      this.#store.release(key, owner).then(
        released => released || !unanswered,
        () => false,
      )
    if (!(await attempt())) void this.#releaseLater(attempt)
  }

  async #releaseLater(attempt: () => Promise<boolean>): Promise<void> {
    const { signal } = this.#giveUp
    const until = performance.now() + RELEASE_FOR_MS
    const backoff = new Backoff(false)
    while (!signal.aborted && performance.now() < until && !(await attempt()))
      await backoff.pause(RELEASE_FOR_MS, signal)
  }
}

async function join(key: string, flight: Flight, ms: number, signal: AbortSignal | undefined) {
  return flight.waitedFor(awaited(flight.result, ms, () => inFlight(key), signal))
}

const differs = (one: string | undefined, other: string | undefined) =>
  one !== undefined && other !== undefined && one !== other

const parsed = <T>(json: string | undefined): T => (json === undefined ? undefined : JSON.parse(json)) as T

const NO_RESULT = { conflict, 'in-flight': inFlight, unknown: outcomeUnknown }

/** What a record without a run in flight gives: JSON of a result, or an error. */
export function resultOf(key: string, claim: NotStarted): string | undefined {
  if (claim.kind !== 'finished') throw NO_RESULT[claim.kind](key)
  if (claim.outcome.state === 'failed') throw keptFailure(key, claim.outcome.json)
  return claim.outcome.json
}
