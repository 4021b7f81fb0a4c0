import type { Clock } from '../../core/clock.ts'
import type { Counts } from './counts.ts'
import type { HotKeys } from './hot-keys.ts'
import type { InvalidationSync } from './invalidation-sync.ts'
import type { Stamp } from './invalidations.ts'
import type { Claiming, Lease, LocalEntry, LocalLayer, SharedEntry, SharedWrite } from './layers.ts'
import { type Lifetimes, refuseImpossible, timesOf } from './lifetimes.ts'
import type { Began, Found, Looked, Made } from './looked.ts'
import type { Packing } from './packing.ts'
import type { SetOptions } from './port.ts'
import { type CacheSchema, parsed, readAs, versionOf } from './schema.ts'
import type { SharedAccess } from './shared-access.ts'
import type { CacheSwitch } from './switch.ts'

export interface EntriesParts {
  clock: Clock
  local: LocalLayer | undefined
  shared: SharedAccess | undefined
  sync: InvalidationSync
  counts: Counts
  policy: Lifetimes
  packing: Packing
  schema: CacheSchema | undefined
  switch: CacheSwitch
  hotKeys: HotKeys
}

/** Reads and stores entries in the two layers, and counts it. */
export class Entries {
  readonly #clock: Clock
  readonly #local: LocalLayer | undefined
  readonly #shared: SharedAccess | undefined
  readonly #sync: InvalidationSync
  readonly #counts: Counts
  readonly #policy: Lifetimes
  readonly #packing: Packing
  readonly #schema: CacheSchema | undefined
  readonly #switch: CacheSwitch
  readonly #hotKeys: HotKeys
  #untilSampled: number
  /** The monotonic time of the last look into memory, which saves its reader a second reading of the clock. */
  now = 0

  constructor({
    clock,
    local,
    shared,
    sync,
    counts,
    policy,
    packing,
    schema,
    switch: operated,
    hotKeys,
  }: EntriesParts) {
    this.#hotKeys = hotKeys
    this.#untilSampled = hotKeys.next()
    this.#packing = packing
    this.#schema = schema
    this.#switch = operated
    this.#clock = clock
    this.#local = local
    this.#shared = shared
    this.#sync = sync
    this.#counts = counts
    this.#policy = policy
  }

  /** From memory, while memory is trusted. Every lookup begins here. */
  recall(key: string, schema = this.#schema): LocalEntry | undefined {
    if (--this.#untilSampled === 0) this.#sample(key)
    if (this.#local === undefined || !this.#sync.trusted || this.#switch.isOff) return undefined
    const entry = this.#local.get(key)
    this.now = this.#clock.monotonic()
    if (entry === undefined || entry.hardAt <= this.now || entry.schema !== schema) {
      this.#counts.l1.misses++
      return undefined
    }
    entry.counts.memoryHits++
    return entry
  }

  #sample(key: string): void {
    this.#hotKeys.sampled(key)
    this.#untilSampled = this.#hotKeys.next()
  }

  /** From Redis, in one round trip; what is past its time only when asked for. When Redis fails, from memory, trusted or not. */
  async lookUp(
    keys: readonly string[],
    { past = false, schema = this.#schema }: { past?: boolean; schema?: CacheSchema | undefined } = {},
  ): Promise<{ found: Map<string, Found>; began: Began }> {
    const found = new Map<string, Found>()
    const keep = (key: string, one: Found | undefined) => {
      if (one !== undefined && (past || !one.past)) found.set(key, one)
    }
    const { order } = this.#sync.applied
    if (this.#switch.isOff) return { found, began: { order, epoch: this.#sync.epoch, since: undefined } }
    try {
      const answer = await this.#shared?.call(shared => shared.read(keys))
      if (answer !== undefined) {
        const { stamp, entries } = answer
        this.#sync.observe(stamp)
        keys.forEach((key, i) => void keep(key, this.#adopt(key, entries[i], { order, stamp, schema })))
        return { found, began: { order, epoch: stamp.epoch, since: stamp } }
      }
    } catch {
      this.#counts.l2.errors++
    }
    for (const key of keys) keep(key, this.#withoutRedis(key, schema))
    return { found, began: { order, epoch: this.#sync.epoch, since: undefined } }
  }

  /** As `lookUp`, what is past its time included, and asks who makes the values of keys that have none. In the order of the keys. */
  async claim(asked: Omit<Claiming, 'codec' | 'schema'>, schema = this.#schema): Promise<Looked[]> {
    const claiming = { ...asked, codec: this.#packing.codec, schema: versionOf(schema) }
    const { token, keys } = claiming
    const { order } = this.#sync.applied
    try {
      const answer = await this.#shared?.call(shared => shared.claim(claiming))
      if (answer !== undefined) {
        const { stamp } = answer
        this.#sync.observe(stamp)
        const began = { order, epoch: stamp.epoch, since: stamp }
        return answer.claimed.map(({ entry, lease }, i) => {
          const found = this.#adopt(keys[i] as string, entry, { order, stamp, schema })
          if (lease === undefined) return { found, began }
          const { mine, fence, leftMs } = lease
          return { found, began, lease: mine ? { mine, fence, token } : { mine, fence, leftMs } }
        })
      }
    } catch {
      this.#counts.l2.errors++
    }
    const began = { order, epoch: this.#sync.epoch, since: undefined }
    return keys.map(key => ({ found: this.#withoutRedis(key, schema), began }))
  }

  /**
   * Stores what a factory made, unless it was invalidated since the lookup began. Returns the value as a later call would get it,
   * whether it was stored, and whether Redis answered, which then has ended the lease.
   */
  async fill(made: Made, began: Began, lease: Lease | undefined) {
    this.#counts.totals.filled++
    const { write, value } = made
    if (!this.#switch.stores) return { value, stored: false, answered: false }
    const barred = () => this.#sync.applied.bars(write, began)
    let stored = { epoch: began.epoch as number | undefined, answered: false }
    if (!barred() && this.#shared !== undefined && began.since !== undefined)
      stored = await this.#fillShared(this.#shared, write, began.since, lease)
    const kept = stored.epoch !== undefined && !barred()
    if (stored.epoch === undefined || !kept) this.#counts.totals.barred++
    else this.#keep(made, stored.epoch, stored.epoch)
    return { value, stored: kept, answered: stored.answered }
  }

  async put(made: Made): Promise<void> {
    const { write } = made
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
    this.#keep(made, epoch, epoch)
  }

  /** Throws CacheError for a value that the codec or the schema refuses, or an impossible time. */
  writeOf(key: string, value: unknown, options: SetOptions, made?: { tookMs: number; negative: boolean }): Made {
    refuseImpossible(key, options)
    const { schema = this.#schema, tags = [] } = options
    const negative = made?.negative === true
    const times = { ...timesOf({ ...this.#policy, ...options }, negative), tags, madeInMs: made?.tookMs ?? 0 }
    const version = versionOf(schema)
    const { codec } = this.#packing
    const common = { key, codec, ...(version === undefined ? {} : { schema: version }), ...times }
    if (negative && value === undefined)
      return { write: { ...common, payload: '', absent: true }, value, size: 0, schema }
    const { payload, zip, copy, size } = this.#packing.pack(key, value)
    return { write: { ...common, payload, ...(zip && { zip }) }, value: parsed(key, copy, schema), size, schema }
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
  #withoutRedis(key: string, schema: CacheSchema | undefined): Found | undefined {
    const { trusted } = this.#sync
    const counts = this.#counts.namespaces.of(key)
    const entry = this.#local?.get(key)
    const now = this.#clock.monotonic()
    const past = entry !== undefined && entry.hardAt <= now
    const served = entry !== undefined && entry.schema === schema && (past ? trusted && entry.goneAt > now : !trusted)
    counts[served && !past ? 'hits' : 'misses']++
    if (!served) return undefined
    if (!past) this.#counts.l1.hits++
    return { value: entry.value, softMs: entry.softAt - now, past, madeInMs: entry.madeInMs }
  }

  /** An entry of Redis is served unless it is known to be invalidated, and kept in memory unless it may be. */
  #adopt(
    key: string,
    entry: SharedEntry | undefined,
    seen: { order: number; stamp: Stamp; schema: CacheSchema | undefined },
  ): Found | undefined {
    const counts = this.#counts.namespaces.of(key)
    const outdated = entry === undefined || this.#sync.applied.outdates({ key, tags: entry.tags }, entry.epoch)
    const read = outdated ? undefined : readAs(seen.schema, entry)
    if (!outdated && read === undefined) this.#counts.activity.otherSchema++
    const past = read !== undefined && read.hardMs <= 0
    const hit = read !== undefined && !past
    this.#counts.l2[hit ? 'hits' : 'misses']++
    counts[hit ? 'hits' : 'misses']++
    if (read === undefined) return undefined
    const { value, softMs, tags, epoch, madeInMs, bytes } = read
    if (!this.#sync.applied.bars({ key, tags }, { order: seen.order, epoch })) {
      const write = { ...read, key, payload: '' }
      this.#keep({ write, value, size: bytes, schema: seen.schema }, epoch, seen.stamp.epoch, read.ageMs)
    }
    return { value, softMs, past, madeInMs }
  }

  #keep({ write, value, size, schema }: Made, epoch: number, seenAt: number, ageMs = 0): void {
    if (this.#local === undefined || !this.#sync.covers(seenAt)) return
    const now = this.#clock.monotonic()
    const { key, tags, softMs, hardMs, goneMs, madeInMs } = write
    const counts = this.#counts.namespaces.of(key)
    this.#local.set(key, {
      value,
      storedAt: now - ageMs,
      hardAt: now + hardMs,
      softAt: now + softMs,
      schema,
      counts,
      epoch,
      goneAt: now + goneMs,
      tags,
      bytes: size + key.length,
      madeInMs,
    })
    this.#counts.l1.sets++
  }
}
