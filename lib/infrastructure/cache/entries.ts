import type { Clock } from '../../core/clock.ts'
import { encodeValue } from './envelope.ts'
import type { InvalidationSync } from './invalidation-sync.ts'
import type { Stamp } from './invalidations.ts'
import type { LocalLayer, SharedEntry, SharedWrite } from './layers.ts'
import { CacheError, type CacheReport, type LayerStats, LONGEST_TTL, type SetOptions } from './port.ts'
import type { SharedAccess } from './shared-access.ts'

export type Factory<T> = (context: { signal: AbortSignal }) => Promise<T> | T

export interface Counts {
  l1: LayerStats
  l2: LayerStats
  totals: CacheReport['totals']
}

export function newCounts(): Counts {
  const layer = { hits: 0, misses: 0, sets: 0, deletes: 0, errors: 0 }
  return {
    l1: { layer: 'l1', ...layer },
    l2: { layer: 'l2', ...layer },
    totals: { hits: 0, misses: 0, stale: 0, filled: 0, barred: 0, refreshErrors: 0 },
  }
}

export interface Found {
  value: unknown
  stale: boolean
}

/** The state when a lookup began: an invalidation since then bars its result from being stored. */
export interface Began {
  order: number
  epoch: number
  /** Undefined when Redis did not answer: then nothing is stored there either. */
  since: Stamp | undefined
}

/** Reads, makes and stores entries in the two layers, and counts it. */
export class Entries {
  readonly #clock: Clock
  readonly #local: LocalLayer | undefined
  readonly #shared: SharedAccess | undefined
  readonly #sync: InvalidationSync
  readonly #counts: Counts
  readonly #lives: { ttlMs: number; softTtlMs: number | undefined }
  readonly #signal: AbortSignal
  readonly #refreshing = new Set<string>()

  constructor(parts: {
    clock: Clock
    local: LocalLayer | undefined
    shared: SharedAccess | undefined
    sync: InvalidationSync
    counts: Counts
    lives: { ttlMs: number; softTtlMs: number | undefined }
    signal: AbortSignal
  }) {
    this.#clock = parts.clock
    this.#local = parts.local
    this.#shared = parts.shared
    this.#sync = parts.sync
    this.#counts = parts.counts
    this.#lives = parts.lives
    this.#signal = parts.signal
  }

  /** From memory, while memory is trusted. */
  recall(key: string): Found | undefined {
    if (this.#local === undefined || !this.#sync.trusted) return undefined
    return this.#fromMemory(key, this.#local)
  }

  /** From Redis, in one round trip. When that fails, from memory, trusted or not. */
  async lookUp(keys: readonly string[]): Promise<{ found: Map<string, Found>; began: Began }> {
    const found = new Map<string, Found>()
    const { order } = this.#sync.applied
    if (this.#shared !== undefined) {
      try {
        const { stamp, entries } = await this.#shared.call(shared => shared.read(keys))
        this.#sync.observe(stamp)
        keys.forEach((key, i) => {
          const entry = this.#alive(key, entries[i])
          this.#counts.l2[entry === undefined ? 'misses' : 'hits']++
          if (entry === undefined) return
          found.set(key, { value: entry.value, stale: entry.softMs <= 0 })
          this.#keepShared(key, entry, { order, epoch: entry.epoch }, stamp.epoch)
        })
        return { found, began: { order, epoch: stamp.epoch, since: stamp } }
      } catch {
        this.#counts.l2.errors++
        if (this.#local !== undefined && !this.#sync.trusted) {
          for (const key of keys) {
            const entry = this.#fromMemory(key, this.#local)
            if (entry !== undefined) found.set(key, entry)
          }
        }
      }
    }
    return { found, began: { order, epoch: this.#sync.epoch, since: undefined } }
  }

  /** Runs the factory and stores its value, unless it was invalidated since the lookup began. */
  async make<T>(key: string, factory: Factory<T>, options: SetOptions, began: Began): Promise<T> {
    const value = await factory({ signal: this.#signal })
    if (value === undefined) return value
    this.#counts.totals.filled++
    const write = this.writeOf(key, value, options)
    const made = JSON.parse(write.text)
    const barred = () => this.#sync.applied.bars(write, began)
    let epoch: number | undefined = began.epoch
    if (!barred() && this.#shared !== undefined && began.since !== undefined)
      epoch = await this.#fill(write, began.since)
    if (epoch === undefined || barred()) this.#counts.totals.barred++
    else this.#keep(write, made, epoch, epoch)
    return made
  }

  /** Makes a new value in the background, one refresh at a time for each key. A failure leaves the old value in place. */
  refresh<T>(key: string, factory: Factory<T>, options: SetOptions): void {
    if (this.#refreshing.has(key)) return
    this.#refreshing.add(key)
    const run = async () => {
      const { began } = await this.lookUp([])
      await this.make(key, factory, options, began)
    }
    run()
      .catch(() => {
        this.#counts.totals.refreshErrors++
      })
      .finally(() => this.#refreshing.delete(key))
  }

  async put(write: SharedWrite): Promise<void> {
    const where = { by: 'key', key: write.key } as const
    let epoch = this.#sync.epoch
    if (this.#shared === undefined) this.#sync.apply(where, undefined)
    else {
      try {
        const stamp = await this.#shared.call(shared => shared.write(write))
        this.#counts.l2.sets++
        epoch = stamp.epoch
        this.#sync.apply(where, stamp)
      } catch {
        // Redis still has the older value, which must not be served again: it is deleted as soon as Redis answers.
        this.#counts.l2.errors++
        this.#shared.remember(where)
        this.#sync.apply(where, undefined)
      }
    }
    this.#keep(write, JSON.parse(write.text), epoch, epoch)
  }

  /** Throws CacheError for a value that is not JSON or an invalid time to live. */
  writeOf(
    key: string,
    value: unknown,
    { ttlMs = this.#lives.ttlMs, softTtlMs = this.#lives.softTtlMs, tags = [] }: SetOptions,
  ): SharedWrite {
    if (!(ttlMs > 0))
      throw new CacheError(`The time to live of ${key} must be more than 0 ms, got ${ttlMs}`, {
        code: 'CACHE_OPTIONS',
      })
    const hardMs = Math.min(ttlMs, LONGEST_TTL)
    return { key, text: encodeValue(key, value), hardMs, softMs: Math.min(softTtlMs ?? hardMs, hardMs), tags }
  }

  /** Resolves with the epoch it was stored under; undefined when it was barred. A failing Redis bars nothing. */
  async #fill(write: SharedWrite, since: Stamp): Promise<number | undefined> {
    try {
      const answer = await this.#shared?.call(shared => shared.fill(write, since))
      if (answer === undefined) return since.epoch
      this.#sync.observe(answer.stamp)
      if (!answer.stored) return undefined
      this.#counts.l2.sets++
      return answer.stamp.epoch
    } catch {
      this.#counts.l2.errors++
      return since.epoch
    }
  }

  #fromMemory(key: string, local: LocalLayer): Found | undefined {
    const entry = local.get(key)
    const now = this.#clock.monotonic()
    if (entry === undefined || entry.hardAt <= now) {
      if (entry !== undefined) local.delete(key)
      this.#counts.l1.misses++
      return undefined
    }
    this.#counts.l1.hits++
    return { value: entry.value, stale: entry.softAt <= now }
  }

  #alive(key: string, entry: SharedEntry | undefined): SharedEntry | undefined {
    if (entry === undefined || this.#sync.applied.outdates({ key, tags: entry.tags }, entry.epoch)) return undefined
    return entry
  }

  #keepShared(key: string, entry: SharedEntry, began: { order: number; epoch: number }, seenAt: number): void {
    if (this.#sync.applied.bars({ key, tags: entry.tags }, began)) return
    this.#keep(
      { key, text: '', softMs: entry.softMs, hardMs: entry.hardMs, tags: entry.tags },
      entry.value,
      entry.epoch,
      seenAt,
      entry.bytes,
    )
  }

  #keep(write: SharedWrite, value: unknown, epoch: number, seenAt: number, bytes = write.text.length): void {
    if (this.#local === undefined || !this.#sync.covers(seenAt)) return
    const now = this.#clock.monotonic()
    const { key, tags, softMs, hardMs } = write
    this.#local.set(key, { value, epoch, softAt: now + softMs, hardAt: now + hardMs, tags, bytes: bytes + key.length })
    this.#counts.l1.sets++
  }
}
