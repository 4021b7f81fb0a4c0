import type { Clock } from '../../core/clock.ts'
import { BusLagMeter } from './bus-lag.ts'
import type { Flights } from './flights.ts'
import { AppliedInvalidations, matcherOf, type Stamp } from './invalidations.ts'
import type { Announced, Bus, LocalLayer } from './layers.ts'
import type { InvalidationTarget } from './port.ts'
import type { BusLag, CacheReport } from './report.ts'
import type { SharedAccess } from './shared-access.ts'
import { exactTarget } from './targets.ts'

/** How long a message may arrive after a later one, ms; after that it counts as lost. */
const OVERTAKING_WAIT_MS = 100

export interface InvalidationSyncParts {
  namespace: string
  clock: Clock
  local: LocalLayer | undefined
  shared: SharedAccess | undefined
  bus: Bus | undefined
  flights: Flights
  /** How often the cache checks with Redis whether a message was lost, ms. */
  checkEveryMs: number
  changed(): void
  /** The lease of a key has ended. */
  released(key: string): void
}

/** Applies to this process what was invalidated in any process, and says when its memory cannot be trusted. */
export class InvalidationSync {
  readonly applied = new AppliedInvalidations()
  readonly #lag: BusLagMeter
  readonly #parts: InvalidationSyncParts
  readonly #bus: { stop(): void } | undefined
  readonly #check: NodeJS.Timeout | undefined
  /** Everything up to here was applied. `#ahead`: applied early, generation by epoch. */
  #known: Stamp | undefined
  #seen: Stamp | undefined
  #baseline = 0
  readonly #ahead = new Map<number, string>()
  #listening = false
  #trusted: boolean
  #syncing: Promise<void> | undefined
  #gap: NodeJS.Timeout | undefined
  #closed = false
  last: CacheReport['lastInvalidation']
  readonly #startedAt: number

  constructor(parts: InvalidationSyncParts) {
    this.#parts = parts
    this.#lag = new BusLagMeter(parts.clock)
    this.#trusted = parts.shared === undefined
    this.#startedAt = parts.clock.monotonic()
    if (parts.shared === undefined) return
    this.#bus = parts.bus?.listen(parts.namespace, {
      onMessage: message => this.#heard(message),
      onReleased: parts.released,
      onListening: () => {
        this.#listening = true
        void this.#sync()
      },
      onDisconnected: () => {
        this.#listening = false
        this.#trusted = false
        parts.changed()
      },
    })
    this.#check = setInterval(() => this.#compare(), parts.checkEveryMs)
    this.#check.unref()
  }

  /** Whether every invalidation that Redis announced has been applied, or will be as soon as its message arrives. */
  get trusted(): boolean {
    return this.#trusted
  }

  get bus(): CacheReport['bus'] {
    if (this.#parts.shared === undefined) return undefined
    return this.#trusted ? 'listening' : this.#listening ? 'catching-up' : 'disconnected'
  }

  get lag(): BusLag | undefined {
    return this.#lag.report()
  }

  get epoch(): number {
    return this.#known?.epoch ?? 0
  }

  /** Whether everything invalidated in Redis since this epoch has been, or will be, applied here. */
  covers(epoch: number): boolean {
    return epoch >= this.#baseline
  }

  /** Why memory is not served although Redis may answer. A start may take two seconds. */
  get trouble(): string | undefined {
    if (this.#trusted || this.#parts.clock.monotonic() - this.#startedAt < 2_000) return undefined
    return this.#listening ? 'invalidations may have been missed' : 'invalidations are not received'
  }

  /** Purges, bars and records. An invalidation may arrive by several ways; applying it more than once is harmless. */
  apply(where: InvalidationTarget, stamp: { epoch: number; generation?: string } | undefined): void {
    const { local, flights, clock, changed } = this.#parts
    const epoch = this.#parts.shared === undefined ? undefined : stamp?.epoch
    const matches = matcherOf(where)
    this.applied.record(where, matches, epoch)
    const before = epoch ?? Number.POSITIVE_INFINITY
    // Every `set` of any process arrives here: it must not go through the whole memory.
    if (where.by === 'key') local?.drop(where.key, before)
    else local?.purge(matches, before)
    flights.drop(matches)
    this.last = { at: clock.now(), where: exactTarget(where), epoch: epoch ?? 0 }
    if (stamp !== undefined && epoch !== undefined)
      this.#advance(epoch, stamp.generation ?? (where.by === 'all' ? undefined : this.#known?.generation))
    changed()
  }

  /** Gets the stamp of every answer of Redis, which is where a lost message is noticed first. */
  observe({ generation, epoch }: Stamp): void {
    if (this.#known === undefined) return
    if (generation === this.#known.generation && epoch <= this.#known.epoch) return
    this.#seen = { generation, epoch }
    this.#waitForGap()
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#bus?.stop()
    clearInterval(this.#check)
    clearTimeout(this.#gap)
    await this.#syncing
  }

  #heard({ generation, epoch, at, where }: Announced): void {
    this.apply(where, { generation, epoch })
    this.#lag.arrived(at)
    this.observe({ generation, epoch })
  }

  #advance(epoch: number, generation: string | undefined): void {
    if (this.#known === undefined || epoch <= this.#known.epoch) return
    if (generation !== undefined) this.#ahead.set(epoch, generation)
    for (let next = this.#known.epoch + 1; this.#ahead.has(next); next++) {
      this.#known = { epoch: next, generation: this.#ahead.get(next) ?? this.#known.generation }
      this.#ahead.delete(next)
    }
    if (this.#known.epoch < epoch) {
      this.#seen = undefined
      this.#waitForGap()
    }
  }

  #waitForGap(): void {
    this.#gap ??= setTimeout(() => {
      this.#gap = undefined
      const [known, seen] = [this.#known, this.#seen]
      const reached = known && seen && known.generation === seen.generation && known.epoch >= seen.epoch
      if (!reached || this.#ahead.size > 0) void this.#sync()
    }, OVERTAKING_WAIT_MS)
    this.#gap.unref()
  }

  #compare(): void {
    const { shared, local } = this.#parts
    if (this.#closed || shared === undefined || (local === undefined && shared.pending === 0)) return
    if (this.#listening && !this.#trusted) void this.#sync()
    else
      this.#lag
        .timed(() => shared.call(redis => redis.read([])))
        .then(
          ({ stamp }) => this.observe(stamp),
          () => undefined,
        )
  }

  #sync(): Promise<void> {
    this.#syncing ??= this.#catchUp()
      .catch(() => {
        // Redis is down: memory is not trusted until the next answer or check succeeds.
        this.#trusted = false
      })
      .finally(() => {
        this.#syncing = undefined
        this.#parts.changed()
      })
    return this.#syncing
  }

  async #catchUp(): Promise<void> {
    const { shared } = this.#parts
    if (this.#closed || shared === undefined) return
    const known = this.#known
    if (known === undefined) {
      const { stamp } = await this.#lag.timed(() => shared.call(redis => redis.read([])))
      this.#startFrom(stamp)
    } else {
      const { stamp, missed } = await shared.call(redis => redis.missed(known))
      if (missed === undefined) {
        this.applied.reset()
        this.#parts.flights.drop(() => true)
        this.#startFrom(stamp)
      } else {
        for (const { where, epoch, generation } of missed) this.apply(where, { epoch, generation })
      }
    }
    this.#trusted = this.#listening
  }

  /** What was invalidated before this stamp is unknown, so nothing from before it is kept. */
  #startFrom(stamp: Stamp): void {
    this.#parts.local?.clear()
    this.#ahead.clear()
    this.#known = stamp
    this.#baseline = stamp.epoch
  }
}
