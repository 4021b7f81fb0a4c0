import type { Clock } from '../../core/clock.ts'
import { LONGEST_MESSAGE, textOf } from './error-text.ts'
import { expectationOf } from './expected.ts'
import type { FailureTexts } from './failure-texts.ts'
import { type BreakerOptions, type BreakerReport, TimeoutError } from './port.ts'
import { BreakerStatistics } from './statistics.ts'

/**
 * How an error counts. `withdrawn`: the caller gave up, which says nothing about the dependency. `expected`: the dependency
 * answered, with an error that it may answer.
 */
export type Verdict = { kind: 'withdrawn' | 'expected' } | { kind: 'failure'; message: string }

const WITHDRAWN: Verdict = { kind: 'withdrawn' }
const EXPECTED: Verdict = { kind: 'expected' }

/** Outcomes of a breaker's calls: totals since the start, the last minute, the last failure. */
export class Outcomes {
  readonly #options: BreakerOptions
  readonly #clock: Clock
  readonly #texts: FailureTexts
  readonly #isExpected: ((error: unknown) => boolean) | undefined
  readonly #slowMs: number
  #successes = 0
  #failures = 0
  #timeouts = 0
  #rejected = 0
  #ignored = 0
  #opened = 0
  /** Allocated with the first call: of many breakers most are idle. */
  #statistics: BreakerStatistics | undefined
  #lastFailure: BreakerReport['lastFailure']

  constructor(options: BreakerOptions, clock: Clock, texts: FailureTexts) {
    this.#options = options
    this.#clock = clock
    this.#texts = texts
    this.#isExpected = expectationOf(options)
    this.#slowMs = options.slowCallMs ?? Number.POSITIVE_INFINITY
  }

  /** Before a call: what its outcome is told with. */
  begin(): number {
    return this.#stats().begin()
  }

  /** Why a call that returned its value still counts as a failure; undefined when it does not. */
  succeeded(began: number): string | undefined {
    this.#successes++
    const isSlow = this.#completed(began)
    if (isSlow && this.#options.slowCallsFail) return `A call took longer than ${this.#slowMs} ms`
    return undefined
  }

  failed(error: unknown, began: number, signal: AbortSignal | undefined): Verdict {
    const stats = this.#stats()
    if (isWithdrawn(error, signal)) {
      this.#ignored++
      stats.withdrawn()
      return WITHDRAWN
    }
    this.#completed(began)
    if (this.#isExpected?.(error)) {
      this.#ignored++
      stats.ignored()
      return EXPECTED
    }
    this.#failures++
    if (isTimeout(error)) this.#timeouts++
    const message = textOf(error, LONGEST_MESSAGE)
    const kept = this.#texts.keep(message, this.#lastFailure?.message)
    this.#lastFailure = { at: this.#clock.now(), message: kept }
    stats.failed(error, kept, isTimeout(error))
    return { kind: 'failure', message }
  }

  rejected(): void {
    this.#rejected++
    this.#stats().rejected()
  }

  opened(): void {
    this.#opened++
  }

  report(): Pick<BreakerReport, 'totals' | 'lastFailure' | 'slowCallMs' | 'slowCallsFail' | 'stats'> {
    const { slowCallMs, slowCallsFail = false } = this.#options
    return {
      totals: {
        successes: this.#successes,
        failures: this.#failures,
        timeouts: this.#timeouts,
        rejected: this.#rejected,
        ignored: this.#ignored,
        opened: this.#opened,
      },
      ...(this.#lastFailure === undefined ? {} : { lastFailure: this.#lastFailure }),
      ...(slowCallMs === undefined ? {} : { slowCallMs, slowCallsFail }),
      ...(this.#statistics === undefined ? {} : { stats: this.#statistics.report() }),
    }
  }

  #stats(): BreakerStatistics {
    this.#statistics ??= new BreakerStatistics(this.#clock, {
      texts: this.#texts,
      everyCall: this.#options.slowCallMs !== undefined,
    })
    return this.#statistics
  }

  /** Times a completed call; whether it was slow. */
  #completed(began: number): boolean {
    const isSlow = this.#stats().settled(began) > this.#slowMs
    if (isSlow) this.#stats().slow()
    return isSlow
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof TimeoutError || (error instanceof Error && error.name === 'TimeoutError')
}

/** Aborted by the caller. A caller's own timeout is not: it means a slow dependency, and counts. */
function isWithdrawn(error: unknown, signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true && !isTimeout(error) && !isTimeout(signal.reason)
}
