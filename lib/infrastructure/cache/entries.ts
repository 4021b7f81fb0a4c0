import type { Clock } from '../../core/clock.ts'
import type { Counts } from './counts.ts'
import { encodeValue } from './envelope.ts'
import type { InvalidationSync } from './invalidation-sync.ts'
import type { Stamp } from './invalidations.ts'
import type { Claiming, Lease, LocalEntry, LocalLayer, SharedEntry, SharedWrite } from './layers.ts'
import { type Lifetimes, refuseImpossible, timesOf } from './lifetimes.ts'
import type { SetOptions } from './port.ts'
import type { SharedAccess } from './shared-access.ts'

/** A value that was looked up. Remaining times in ms; one that is `past` its time is in its grace. */
export interface Found {
  value: unknown
  softMs: number
  past: boolean
  madeInMs: number
}

/** The state when a lookup began: an invalidation since then bars its result from being stored. */
export interface Began {
  order: number
  epoch: number
  /** Undefined when Redis did not answer: then nothing is stored there either. */
  since: Stamp | undefined
}

/** What Redis or memory has of a key, and whether another process makes its value. */
export interface Looked {
  found: Found | undefined
  began: Began
  lease?: ({ mine: true } & Lease) | { mine: false; fence: number; leftMs: number }
}

export interface EntriesParts {
  clock: Clock
  local: LocalLayer | undefined
  shared: SharedAccess | undefined
  sync: InvalidationSync
  counts: Counts
  policy: Lifetimes
}

/** Reads and stores entries in the two layers, and counts it. */
export class Entries {
  readonly #clock: Clock
  readonly #local: LocalLayer | undefined
  readonly #shared: SharedAccess | undefined
  readonly #sync: InvalidationSync
  readonly #counts: Counts
  readonly #policy: Lifetimes
  /** The monotonic time of the last look into memory, which saves its reader a second reading of the clock. */
  now = 0

  constructor({ clock, local, shared, sync, counts, policy }: EntriesParts) {
    this.#clock = clock
    this.#local = local
    this.#shared = shared
    this.#sync = sync
    this.#counts = counts
    this.#policy = policy
  }

  /** From memory, while memory is trusted. */
  recall(key: string): LocalEntry | undefined {
    if (this.#local === undefined || !this.#sync.trusted) return undefined
    const entry = this.#local.get(key)
    this.now = this.#clock.monotonic()
    if (entry === undefined || entry.hardAt <= this.now) {
      this.#counts.l1.misses++
      return undefined
    }
    this.#counts.l1.hits++
    entry.counts.hits++
    return entry
  }

  /** From Redis, in one round trip; what is past its time only when asked for. When Redis fails, from memory, trusted or not. */
  async lookUp(keys: readonly string[], { past = false } = {}): Promise<{ found: Map<string, Found>; began: Began }> {
    const found = new Map<string, Found>()
    const keep = (key: string, one: Found | undefined) => {
      if (one !== undefined && (past || !one.past)) found.set(key, one)
    }
    const { order } = this.#sync.applied
    try {
      const answer = await this.#shared?.call(shared => shared.read(keys))
      if (answer !== undefined) {
        const { stamp, entries } = answer
        this.#sync.observe(stamp)
        keys.forEach((key, i) => void keep(key, this.#adopt(key, entries[i], { order, stamp })))
        return { found, began: { order, epoch: stamp.epoch, since: stamp } }
      }
    } catch {
      this.#counts.l2.errors++
    }
    for (const key of keys) keep(key, this.#withoutRedis(key))
    return { found, began: { order, epoch: this.#sync.epoch, since: undefined } }
  }

  /** As `lookUp` for one key, which also asks who makes its value. */
  async claim(claiming: Claiming): Promise<Looked> {
    const { order } = this.#sync.applied
    try {
      const answer = await this.#shared?.call(shared => shared.claim(claiming))
      if (answer !== undefined) {
        const { stamp, entry, lease } = answer
        this.#sync.observe(stamp)
        const found = this.#adopt(claiming.key, entry, { order, stamp })
        const began = { order, epoch: stamp.epoch, since: stamp }
        if (lease === undefined) return { found, began }
        const { mine, fence, leftMs } = lease
        return { found, began, lease: mine ? { mine, fence, token: claiming.token } : { mine, fence, leftMs } }
      }
    } catch {
      this.#counts.l2.errors++
    }
    const began = { order, epoch: this.#sync.epoch, since: undefined }
    return { found: this.#withoutRedis(claiming.key), began }
  }

  /**
   * Stores what a factory made, unless it was invalidated since the lookup began. Returns the value as a later call would get it, and
   * whether Redis answered, which then has ended the lease.
   */
  async fill(
    write: SharedWrite,
    began: Began,
    lease: Lease | undefined,
  ): Promise<{ value: unknown; answered: boolean }> {
    this.#counts.totals.filled++
    const value = copyOf(write)
    const barred = () => this.#sync.applied.bars(write, began)
    let stored = { epoch: began.epoch as number | undefined, answered: false }
    if (!barred() && this.#shared !== undefined && began.since !== undefined)
      stored = await this.#fillShared(this.#shared, write, began.since, lease)
    if (stored.epoch === undefined || barred()) this.#counts.totals.barred++
    else this.#keep(write, value, stored.epoch, stored.epoch)
    return { value, answered: stored.answered }
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
    this.#counts.namespaces.of(write.key).sets++
    this.#keep(write, copyOf(write), epoch, epoch)
  }

  /** Throws CacheError for a value that is not JSON or an impossible time. */
  writeOf(key: string, value: unknown, options: SetOptions, made?: { tookMs: number; negative: boolean }): SharedWrite {
    refuseImpossible(key, options)
    const absent = value === undefined && made?.negative === true
    return {
      key,
      text: absent ? '' : encodeValue(key, value),
      ...timesOf({ ...this.#policy, ...options }, made?.negative === true),
      tags: options.tags ?? [],
      madeInMs: made?.tookMs ?? 0,
      ...(absent ? { absent } : {}),
    }
  }

  /** The epoch it was stored under; undefined when it was barred. A failing Redis bars nothing. */
  async #fillShared(shared: SharedAccess, write: SharedWrite, since: Stamp, lease: Lease | undefined) {
    try {
      const { stored, stamp } = await shared.call(redis => redis.fill(write, since, lease))
      this.#sync.observe(stamp)
      if (!stored) return { epoch: undefined, answered: true }
      this.#counts.l2.sets++
      return { epoch: stamp.epoch, answered: true }
    } catch {
      this.#counts.l2.errors++
      return { epoch: since.epoch, answered: false }
    }
  }

  /** What memory has while Redis does not answer, or is not there: past its time only when all invalidations are known. */
  #withoutRedis(key: string): Found | undefined {
    const { trusted } = this.#sync
    const entry = this.#local?.get(key)
    if (entry === undefined) return undefined
    const now = this.#clock.monotonic()
    const past = entry.hardAt <= now
    if (past ? !trusted || entry.goneAt <= now : trusted) return undefined
    if (!past) this.#counts.l1.hits++
    return { value: entry.value, softMs: entry.softAt - now, past, madeInMs: entry.madeInMs }
  }

  /** An entry of Redis is served unless it is known to be invalidated, and kept in memory unless it may be. */
  #adopt(key: string, entry: SharedEntry | undefined, seen: { order: number; stamp: Stamp }): Found | undefined {
    const counts = this.#counts.namespaces.of(key)
    const alive = entry !== undefined && !this.#sync.applied.outdates({ key, tags: entry.tags }, entry.epoch)
    const past = alive && entry.hardMs <= 0
    const hit = alive && !past
    this.#counts.l2[hit ? 'hits' : 'misses']++
    counts[hit ? 'hits' : 'misses']++
    if (!alive) return undefined
    const { value, softMs, hardMs, goneMs, tags, epoch, madeInMs, bytes } = entry
    if (!this.#sync.applied.bars({ key, tags }, { order: seen.order, epoch }))
      this.#keep({ key, text: '', softMs, hardMs, goneMs, tags, madeInMs }, value, epoch, seen.stamp.epoch, bytes)
    return { value, softMs, past, madeInMs }
  }

  #keep(write: SharedWrite, value: unknown, epoch: number, seenAt: number, size = write.text.length): void {
    if (this.#local === undefined || !this.#sync.covers(seenAt)) return
    const now = this.#clock.monotonic()
    const { key, tags, softMs, hardMs, goneMs, madeInMs } = write
    const times = { softAt: now + softMs, hardAt: now + hardMs, goneAt: now + goneMs }
    const counts = this.#counts.namespaces.of(key)
    this.#local.set(key, { value, epoch, ...times, tags, bytes: size + key.length, madeInMs, counts })
    this.#counts.l1.sets++
  }
}

/** A copy by way of JSON, as another process gets it. */
const copyOf = (write: SharedWrite): unknown => (write.absent ? undefined : JSON.parse(write.text))
