import type { Clock } from '../../core/clock.ts'
import { FailureClasses } from './failure-classes.ts'
import { FailureTexts } from './failure-texts.ts'
import type { BreakerStats } from './port.ts'
import {
  at,
  BOUNDS_MS,
  FAILURES,
  IGNORED,
  OTHER,
  REJECTED,
  SEEN,
  SLICE_MS,
  SLICES,
  SLOW,
  STATS_WINDOW_MS,
  TIMEOUTS,
  takeCounts,
  UNTIMED,
  WIDTH,
} from './statistics-layout.ts'

/**
 * Two clock reads cost more than all else a closed breaker does. So each slice times its first calls and then one in
 * eight on average, which counts for those since the last: enough for percentiles, and counts stay exact. How many are
 * skipped is random, since calls that repeat a pattern could be in step with a fixed number.
 */
const TIMED_FULLY = 250
const MOST_SKIPPED = 14

/** Stands for the beginning of a call that is not timed. */
const NOT_TIMED = -1

/**
 * What a breaker's calls did in the last minute. Without a timer: slices are cleared as the clock passes them, at the next
 * call or report.
 */
export class BreakerStatistics {
  readonly #clock: Clock
  readonly #everyCall: boolean
  readonly #counts: Uint32Array
  /** Where this breaker's counts begin in the block. */
  readonly #first: number
  readonly #texts: FailureTexts
  /** Allocated with the first failure. */
  #classes: FailureClasses | undefined
  /** Number of the current slice on the monotonic clock, and where it begins in the counts. */
  #slice: number
  #base: number
  /** Timed calls of this slice, calls to skip until the next timed one, and calls since the last timed one. */
  #timed = 0
  #skip = 0
  #pending = 0

  /** `everyCall`: times every call, which finding slow ones needs. */
  constructor(clock: Clock, { texts = new FailureTexts(), everyCall = false } = {}) {
    this.#clock = clock
    this.#texts = texts
    this.#everyCall = everyCall
    this.#slice = Math.floor(clock.monotonic() / SLICE_MS)
    const { counts, first } = takeCounts()
    this.#counts = counts
    this.#first = first
    this.#base = first + (this.#slice % SLICES) * WIDTH
  }

  /** Before a call: what `settled` needs to know. */
  begin(): number {
    if (this.#skip === 0) return this.#clock.monotonic()
    this.#skip--
    return NOT_TIMED
  }

  /** After a call: counts it. Returns how long it took in ms, or less than 0 if it was not timed. */
  settled(began: number): number {
    if (began === NOT_TIMED) {
      this.#pending++
      return NOT_TIMED
    }
    const now = this.#clock.monotonic()
    const took = now - began
    this.#turnTo(now)
    this.#time(took)
    // At random, so that calls that alternate between fast and slow are sampled alike.
    if (!this.#everyCall && ++this.#timed >= TIMED_FULLY) this.#skip = Math.floor(Math.random() * (MOST_SKIPPED + 1))
    return took
  }

  /** Counts a call whose duration another library measured. */
  took(ms: number): void {
    this.#turn()
    this.#time(ms)
  }

  /** `message`: its text, of any length. */
  failed(error: unknown, message: string, isTimeout: boolean): void {
    this.#count(FAILURES)
    if (isTimeout) this.#count(TIMEOUTS)
    this.#classes ??= new FailureClasses(this.#counts, this.#first, this.#texts)
    this.#classes.add(error, message, this.#base, this.#clock.now())
  }

  /** A call that its caller gave up: how long it took says nothing about the dependency. */
  withdrawn(): void {
    this.#count(UNTIMED)
    this.#count(IGNORED)
  }

  ignored(): void {
    this.#count(IGNORED)
  }

  rejected(): void {
    this.#count(REJECTED)
  }

  slow(): void {
    this.#count(SLOW)
  }

  report(): BreakerStats {
    this.#turn()
    const sums = this.#sums()
    const spread = sums.slice(0, UNTIMED)
    const timed = spread.reduce((sum, count) => sum + count, 0)
    return {
      windowMs: STATS_WINDOW_MS,
      calls: timed + at(sums, UNTIMED) + this.#pending,
      failures: at(sums, FAILURES),
      timeouts: at(sums, TIMEOUTS),
      rejected: at(sums, REJECTED),
      ignored: at(sums, IGNORED),
      slow: at(sums, SLOW),
      ...(timed === 0 ? {} : { latencyMs: percentiles(spread, timed) }),
      failureClasses: this.#classes?.report(this.#clock.now()) ?? [],
      otherFailures: at(sums, OTHER),
    }
  }

  #sums(): number[] {
    const sums = new Array<number>(WIDTH).fill(0)
    for (let index = 0; index < SEEN; index++)
      sums[index % WIDTH] = at(sums, index % WIDTH) + at(this.#counts, this.#first + index)
    return sums
  }

  #count(place: number): void {
    this.#turn()
    this.#add(place, 1)
  }

  #add(place: number, count: number): void {
    const index = this.#base + place
    this.#counts[index] = at(this.#counts, index) + count
  }

  #time(ms: number): void {
    let bucket = 0
    while (bucket < BOUNDS_MS.length && ms > at(BOUNDS_MS, bucket)) bucket++
    this.#add(bucket, 1 + this.#pending)
    this.#pending = 0
  }

  #turn(): void {
    this.#turnTo(this.#clock.monotonic())
  }

  #turnTo(now: number): void {
    const slice = Math.floor(now / SLICE_MS)
    if (slice === this.#slice) return
    this.#add(UNTIMED, this.#pending)
    this.#pending = 0
    this.#skip = 0
    this.#timed = 0
    for (let next = Math.max(this.#slice + 1, slice - SLICES + 1); next <= slice; next++) {
      const slot = next % SLICES
      const from = this.#first + slot * WIDTH
      this.#counts.fill(0, from, from + WIDTH)
    }
    this.#classes?.forgetExpired()
    this.#slice = slice
    this.#base = this.#first + (slice % SLICES) * WIDTH
  }
}

function percentiles(spread: readonly number[], total: number): NonNullable<BreakerStats['latencyMs']> {
  const of = (share: number) => Math.round(percentile(spread, share * total) * 100) / 100
  return { p50: of(0.5), p95: of(0.95), p99: of(0.99) }
}

/**
 * Even distribution within a bucket, as Prometheus' histogram_quantile does; above the last bound it is that bound.
 * https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile
 */
function percentile(spread: readonly number[], rank: number): number {
  let below = 0
  for (const [bucket, upper] of BOUNDS_MS.entries()) {
    const count = at(spread, bucket)
    if (count > 0 && below + count >= rank) {
      const lower = bucket === 0 ? 0 : at(BOUNDS_MS, bucket - 1)
      return lower + (upper - lower) * ((rank - below) / count)
    }
    below += count
  }
  return at(BOUNDS_MS, BOUNDS_MS.length - 1)
}
