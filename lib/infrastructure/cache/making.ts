import type { Clock } from '../../core/clock.ts'
import type { Counts } from './counts.ts'
import type { Entries } from './entries.ts'
import type { Leases } from './leases.ts'
import type { Lifetimes } from './lifetimes.ts'
import { LATE, type Limit, limited, orLate, within } from './limit.ts'
import type { Found, Looked } from './looked.ts'
import { factoryTook } from './namespaces.ts'
import type { Factory, SetOptions } from './port.ts'
import type { CacheSwitch } from './switch.ts'

/** A value takes at most so many turns of other processes; then it is made here, whoever else makes it. */
const OTHERS_AT_MOST = 2

export interface MakingParts {
  clock: Clock
  entries: Entries
  leases: Leases
  counts: Counts
  policy: Lifetimes
  switch: CacheSwitch
  /** Aborted when the cache closes. */
  signal: AbortSignal
}

/** Where the value of a key is looked up, and how it is made. */
export interface Source<T> {
  /** `refresh`: it is to be made again though it is good. */
  look(refresh: boolean): Promise<Looked>
  run(limit: Limit): Promise<{ value: T; tookMs: number }>
}

/** Whether a value that can be served is to be replaced, and what another process has made will do. */
interface Goal {
  refresh: boolean
  good(found: Found): boolean
}

/** Makes values by their factories: once over all processes, within time, and serves what is past its time when that fails. */
export class Making {
  readonly #parts: MakingParts
  readonly #refreshing = new Set<string>()

  constructor(parts: MakingParts) {
    this.#parts = parts
  }

  /** The source of one key on its own: its factory's call is counted and timed. */
  source<T>(key: string, factory: Factory<T>, options: SetOptions): Source<T> {
    return {
      look: async refresh => (await this.look([key], options, refresh))[0] as Looked,
      run: limit => this.#timed(key, factory, limit),
    }
  }

  /** What Redis has now, or (`made`) what was made because it had nothing to serve. */
  async obtain<T>(
    key: string,
    source: Source<T>,
    options: SetOptions,
  ): Promise<{ found: Found } | { found?: undefined; made: T }> {
    const looked = await source.look(false)
    if (looked.found !== undefined && !looked.found.past) return { found: looked.found }
    this.#parts.counts.totals.misses++
    return { made: (await this.#inTime(key, source, options, looked)) as T }
  }

  /**
   * Makes a new value in the background, one refresh at a time for each key; false: one is under way. A failure leaves the old value
   * in place.
   */
  refresh<T>(key: string, source: Source<T>, options: SetOptions, known: { softMs: number }): boolean {
    if (this.#refreshing.has(key)) return false
    this.#refreshing.add(key)
    const { hardTimeoutMs } = { ...this.#parts.policy, ...options }
    // Remaining times are whole milliseconds, at both ends.
    const goal = { refresh: true, good: ({ softMs }: Found) => softMs > Math.max(0, known.softMs) + 2 }
    const replace = async (limit: Limit) => {
      const looked = await source.look(true)
      await this.#oneByOne(key, source, options, looked, limit, goal)
    }
    this.#within(hardTimeoutMs, key, replace)
      .catch(() => {
        this.#parts.counts.totals.refreshErrors++
      })
      .finally(() => this.#refreshing.delete(key))
    return true
  }

  /** With the timeouts of the factory, and the value past its time in place of its failure. */
  async #inTime<T>(key: string, source: Source<T>, options: SetOptions, looked: Looked): Promise<unknown> {
    const { counts, policy } = this.#parts
    const { softTimeoutMs, hardTimeoutMs } = { ...policy, ...options }
    const goal = { refresh: false, good: ({ past }: Found) => !past }
    const making = this.#within(hardTimeoutMs, key, limit => this.#oneByOne(key, source, options, looked, limit, goal))
    if (looked.found === undefined) return making
    try {
      const first = await (softTimeoutMs === undefined ? making : orLate(making, softTimeoutMs))
      if (first !== LATE) return first
      // It goes on in the background, and nobody waits for its failure any more.
      making.catch(() => counts.totals.refreshErrors++)
    } catch (error) {
      const graced = await this.#graced(key, options)
      if (graced === undefined) throw error
      return graced.value
    }
    const graced = await this.#graced(key, options)
    return graced === undefined ? making : graced.value
  }

  /** The expired value, unless it has since been invalidated or removed: Redis is asked again. */
  async #graced(key: string, { schema }: SetOptions): Promise<Found | undefined> {
    const { counts, entries } = this.#parts
    const found = (await entries.lookUp([key], { past: true, schema })).found.get(key)
    if (found?.past) {
      counts.activity.graced++
      counts.totals.stale++
    }
    return found
  }

  /** The time limit covers waiting and the factory, not the storing. */
  #within<T>(ms: number | undefined, key: string, run: (limit: Limit) => Promise<T>): Promise<T> {
    const { signal, counts } = this.#parts
    return within(ms, { what: key, signal, onTimeout: () => void counts.activity.timeouts++ }, run)
  }

  /** Waits for the process that makes the value, or makes it. */
  async #oneByOne<T>(
    key: string,
    source: Source<T>,
    options: SetOptions,
    looked: Looked,
    limit: Limit,
    { refresh, good }: Goal,
  ): Promise<unknown> {
    const { leases, counts } = this.#parts
    const others = new Set<number>()
    let now = looked
    for (let poll = 0; now.lease?.mine === false; poll++) {
      if (others.size === 0) counts.activity.waited++
      others.add(now.lease.fence)
      if (others.size > OTHERS_AT_MOST) break
      await leases.wait(key, poll, now.lease.leftMs)
      limit.signal.throwIfAborted()
      now = await source.look(refresh)
      if (now.found !== undefined && good(now.found)) return this.#leave(key, now)
    }
    if (now.found !== undefined && good(now.found)) return this.#leave(key, now)
    if (others.size > 0 && now.lease?.mine) counts.activity.takenOver++
    return this.#make(key, source, options, now, limit)
  }

  /** Another has made it: a lease that came with the answer is of no use. */
  #leave(key: string, { found, lease }: Looked): unknown {
    if (lease?.mine) this.#parts.leases.end(key, lease)
    return found?.value
  }

  async #make<T>(key: string, source: Source<T>, options: SetOptions, looked: Looked, limit: Limit) {
    const { entries, leases, policy } = this.#parts
    const { negativeTtlMs = 0 } = { ...policy, ...options }
    const lease = looked.lease?.mine ? looked.lease : undefined
    const stop = lease && leases.keep(key, lease)
    let ended = false
    try {
      const { value, tookMs } = await source.run(limit)
      limit.stop()
      const negative = negativeTtlMs > 0 && (value === undefined || value === null)
      if ((value === undefined && !negative) || limit.signal.aborted) return value
      const filled = await entries.fill(entries.writeOf(key, value, options, { tookMs, negative }), looked.began, lease)
      ended = filled.answered
      return filled.value
    } finally {
      stop?.()
      if (lease && !ended) leases.end(key, lease)
    }
  }

  /** What there is of each key, and who makes what there is not: one round trip. */
  async look(keys: readonly string[], { tags = [], schema }: SetOptions, refresh = false): Promise<Looked[]> {
    const { leases, entries, switch: operated } = this.#parts
    // What is not stored, nobody needs to wait for.
    if (leases.areTaken && operated.stores) return entries.claim({ keys, tags, refresh, ...leases.request() }, schema)
    const { found, began } = await entries.lookUp(keys, { past: true, schema })
    return keys.map(key => ({ found: found.get(key), began }))
  }

  async #timed<T>(key: string, factory: Factory<T>, limit: Limit): Promise<{ value: T; tookMs: number }> {
    const { clock, counts } = this.#parts
    const began = clock.monotonic()
    let failed = true
    try {
      const value = await limited(limit, factory({ signal: limit.signal }))
      failed = false
      return { value, tookMs: clock.monotonic() - began }
    } finally {
      factoryTook(counts.namespaces.of(key), clock.monotonic() - began, failed)
    }
  }
}
