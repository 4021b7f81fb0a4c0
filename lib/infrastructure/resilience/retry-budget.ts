import { type Clock, systemClock } from '../../core/clock.ts'
import { PolicyOptionsError } from './refusals.ts'

export interface RetryBudgetOptions {
  /** Retries allowed per call, as a share: 0.2 (when absent) allows one for each five calls. */
  ratio?: number
  /** Retries a second that are allowed whatever the number of calls, so that a rare call can be retried; 1 when absent. */
  minPerSecond?: number
  /** The time over which both are counted, in ms; 10,000 when absent. */
  windowMs?: number
}

export interface RetryBudgetReport {
  ratio: number
  minPerSecond: number
  windowMs: number
  /** Within the window. */
  calls: number
  retries: number
  /** Retries that are still allowed now. */
  left: number
  /** Retries that were not made since the start, because the budget was spent. */
  exhausted: number
}

/**
 * What keeps retries from multiplying an outage: of all calls that share the budget only a share may be repeated. The
 * rule is that of Finagle's RetryBudget: within the window at most `ratio` × calls + `minPerSecond` × seconds.
 */
export interface RetryBudget {
  /** Counts a call (not its retries). */
  called(): void
  /** Takes one retry; false, and counted as exhausted, when none is left. */
  take(): boolean
  /** Another ratio from now on. */
  setRatio(ratio: number): void
  report(): RetryBudgetReport
}

const SLICES = 10

/** Throws PolicyOptionsError for a negative ratio or minimum. Several policies may share one budget. */
export function createRetryBudget(options: RetryBudgetOptions = {}, clock: Clock = systemClock): RetryBudget {
  const { minPerSecond = 1, windowMs = 10_000 } = options
  let ratio = checked('ratio', options.ratio ?? 0.2)
  checked('minPerSecond', minPerSecond)
  if (!(windowMs >= SLICES)) throw new PolicyOptionsError(`windowMs must be ${SLICES} or more, got ${windowMs}`)
  const sliceMs = windowMs / SLICES
  const calls = new Array<number>(SLICES).fill(0)
  const retries = new Array<number>(SLICES).fill(0)
  let newest = Math.floor(clock.monotonic() / sliceMs)
  let exhausted = 0

  /** Empties the slices that have left the window; the index of the one of now. */
  function now(): number {
    const slice = Math.floor(clock.monotonic() / sliceMs)
    for (let at = Math.max(newest + 1, slice - SLICES + 1); at <= slice; at++) {
      calls[at % SLICES] = 0
      retries[at % SLICES] = 0
    }
    newest = Math.max(newest, slice)
    return slice % SLICES
  }
  const sum = (counts: number[]) => counts.reduce((total, count) => total + count, 0)
  const left = () =>
    Math.max(0, Math.floor(ratio * sum(calls) + (minPerSecond * windowMs) / 1_000 - sum(retries) + 1e-9))

  return {
    called() {
      const at = now()
      calls[at] = (calls[at] ?? 0) + 1
    },
    take() {
      const at = now()
      if (left() < 1) {
        exhausted++
        return false
      }
      retries[at] = (retries[at] ?? 0) + 1
      return true
    },
    setRatio(next) {
      ratio = checked('ratio', next)
    },
    report() {
      now()
      return { ratio, minPerSecond, windowMs, calls: sum(calls), retries: sum(retries), left: left(), exhausted }
    },
  }
}

function checked(what: string, value: number): number {
  if (!(value >= 0)) throw new PolicyOptionsError(`${what} must be 0 or more, got ${value}`)
  return value
}
