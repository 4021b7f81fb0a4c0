import type { Clock } from '../../core/clock.ts'

/** Lookups sampled a second, so that it costs nothing measurable however many there are: one of 16 of few, one of 4,096 of very many. */
const SAMPLES_A_SECOND = 20
const OFTEN = 16
const SELDOM = 4_096
/** That is adjusted after so many samples, or after this time. */
const ADJUST_SAMPLES = 256
const ADJUST_MS = 10_000
/** Keys counted at a time. Of more, so many of the hottest go on being counted: sorting them seldom is cheaper than replacing one by one. */
const COUNTED = 256
const KEPT = 64
/** After this time a lookup counts half. */
const HALF_LIFE_MS = 300_000
/** A report in which keys may be long stays small. */
const LONGEST_KEY = 200

export interface HotKey {
  /** As it is stored; cut after 200 characters when `cut`. */
  key: string
  cut?: true
  /** At least so many, by the sample. */
  lookups: number
}

/** Keys asked for most in the last minutes, with the newest lookups counting most. */
export interface HotKeysReport {
  /** Of all keys. */
  lookups: number
  /** The hottest first. */
  keys: HotKey[]
}

/**
 * Space-Saving (Metwally, Agrawal, El Abbadi: "Efficient Computation of Frequent and Top-k Elements in Data Streams", 2005) over a
 * sample: a new key takes over the count of the hottest one that was dropped, which it may have been, as its error.
 */
export class HotKeys {
  readonly #clock: Clock
  readonly #counts = new Map<string, { lookups: number; error: number }>()
  #total = 0
  #dropped = 0
  /** One of so many is sampled, on average. */
  #every = OFTEN
  #agedAt: number
  #adjustedAt: number
  #samples = 0
  /** Changes with each sample. */
  revision = 0

  constructor(clock: Clock) {
    this.#clock = clock
    this.#agedAt = this.#adjustedAt = clock.monotonic()
  }

  /** After how many lookups the next is sampled: by chance, or a loop over keys would show one of them only. */
  next(): number {
    // Sampling needs no secret chance.
    return 1 + Math.floor(Math.random() * (2 * this.#every - 1))
  }

  sampled(key: string): void {
    this.revision++
    this.#total += this.#every
    const known = this.#counts.get(key)
    if (known) known.lookups += this.#every
    else {
      if (this.#counts.size >= COUNTED) this.#dropColdest()
      this.#counts.set(key, { lookups: this.#dropped + this.#every, error: this.#dropped })
    }
    this.#samples++
    this.#adjust()
  }

  report(most: number): HotKeysReport {
    this.#age(this.#clock.monotonic())
    const keys = [...this.#counts]
      .map(([key, { lookups, error }]) => ({ ...named(key), lookups: Math.round(lookups - error) }))
      .filter(({ lookups }) => lookups > 0)
      .sort((a, b) => b.lookups - a.lookups)
    return { lookups: Math.round(this.#total), keys: keys.slice(0, most) }
  }

  #adjust(): void {
    const now = this.#clock.monotonic()
    const elapsed = now - this.#adjustedAt
    if (this.#samples < ADJUST_SAMPLES && elapsed < ADJUST_MS) return
    const perSecond = (this.#samples * this.#every * 1_000) / Math.max(1, elapsed)
    this.#every = Math.min(SELDOM, Math.max(OFTEN, Math.round(perSecond / SAMPLES_A_SECOND)))
    this.#samples = 0
    this.#adjustedAt = now
    this.#age(now)
  }

  #age(now: number): void {
    const left = 0.5 ** ((now - this.#agedAt) / HALF_LIFE_MS)
    this.#agedAt = now
    if (left === 1) return
    this.#total *= left
    this.#dropped *= left
    for (const [key, count] of this.#counts) {
      count.lookups *= left
      count.error *= left
      if (count.lookups < 1) this.#counts.delete(key)
    }
  }

  #dropColdest(): void {
    const sorted = [...this.#counts].sort(([, a], [, b]) => b.lookups - a.lookups)
    for (const [key, { lookups }] of sorted.slice(KEPT)) {
      this.#counts.delete(key)
      this.#dropped = Math.max(this.#dropped, lookups)
    }
  }
}

function named(key: string): Pick<HotKey, 'key' | 'cut'> {
  return key.length <= LONGEST_KEY ? { key } : { key: key.slice(0, LONGEST_KEY), cut: true }
}
