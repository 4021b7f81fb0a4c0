import type { Clock } from '../../core/clock.ts'
import { messageOf } from '../../core/errors.ts'
import { type Counts, Entries, type Factory, type Found, newCounts } from './entries.ts'
import { Flights } from './flights.ts'
import { InvalidationSync } from './invalidation-sync.ts'
import { matcherOf } from './invalidations.ts'
import type { Bus, LocalLayer } from './layers.ts'
import {
  type Affected,
  type Cache,
  CacheError,
  type CacheReport,
  type Invalidated,
  type InvalidationTarget,
  type SetOptions,
} from './port.ts'
import type { SharedAccess } from './shared-access.ts'

export interface LayeredCacheParts {
  name: string
  namespace: string
  clock: Clock
  local?: LocalLayer
  shared?: SharedAccess
  bus?: Bus
  ttlMs: number
  softTtlMs?: number
  checkEveryMs: number
  owner?: string
  runbook?: string
}

interface InvalidateOptions {
  signal?: AbortSignal
  onProgress?: (progress: { deleted: number }) => void
}

/** Memory, Redis, or memory before Redis: the same rules, with one layer or the other left out. */
export class LayeredCache implements Cache {
  readonly name: string
  readonly namespace: string
  readonly #parts: LayeredCacheParts
  readonly #local: LocalLayer | undefined
  readonly #shared: SharedAccess | undefined
  readonly #flights = new Flights()
  readonly #sync: InvalidationSync
  readonly #counts: Counts = newCounts()
  readonly #entries: Entries
  readonly #closing = new AbortController()
  #revision = 0

  constructor(parts: LayeredCacheParts) {
    this.name = parts.name
    this.namespace = parts.namespace
    this.#parts = parts
    this.#local = parts.local
    this.#shared = parts.shared
    const { namespace, clock, local, shared, bus, checkEveryMs } = parts
    const changed = () => void this.#revision++
    this.#sync = new InvalidationSync({
      namespace,
      clock,
      local,
      shared,
      bus,
      checkEveryMs,
      flights: this.#flights,
      changed,
    })
    const lives = { ttlMs: parts.ttlMs, softTtlMs: parts.softTtlMs }
    const { signal } = this.#closing
    this.#entries = new Entries({ clock, local, shared, sync: this.#sync, counts: this.#counts, lives, signal })
  }

  get revision(): number {
    return this.#revision
  }

  async get<T = unknown>(key: string): Promise<T | undefined> {
    this.#revision++
    const found = this.#entries.recall(key) ?? (await this.#entries.lookUp([key])).found.get(key)
    return this.#answer(found) as T | undefined
  }

  async getMany<T = unknown>(keys: readonly string[]): Promise<Map<string, T>> {
    this.#revision++
    const values = new Map<string, T>()
    const missing: string[] = []
    for (const key of new Set(keys)) {
      const found = this.#entries.recall(key)
      if (found === undefined) missing.push(key)
      else values.set(key, this.#answer(found) as T)
    }
    if (missing.length === 0) return values
    const { found } = await this.#entries.lookUp(missing)
    for (const key of missing) {
      const value = this.#answer(found.get(key))
      if (value !== undefined) values.set(key, value as T)
    }
    return values
  }

  async set(key: string, value: unknown, options: SetOptions = {}): Promise<void> {
    this.#revision++
    await this.#entries.put(this.#entries.writeOf(key, value, options))
  }

  async getOrSet<T>(key: string, factory: Factory<T>, options: SetOptions = {}): Promise<T> {
    this.#revision++
    const remembered = this.#entries.recall(key)
    if (remembered !== undefined) return this.#servedWhileRefreshing(key, factory, options, remembered)
    return this.#flights.run(key, options.tags ?? [], async () => {
      const { found, began } = await this.#entries.lookUp([key])
      const entry = found.get(key)
      if (entry !== undefined) return this.#servedWhileRefreshing(key, factory, options, entry)
      this.#counts.totals.misses++
      return this.#entries.make(key, factory, options, began)
    })
  }

  #servedWhileRefreshing<T>(key: string, factory: Factory<T>, options: SetOptions, found: Found): T {
    if (found.stale) {
      this.#counts.totals.stale++
      this.#entries.refresh(key, factory, options)
    }
    return this.#answer(found) as T
  }

  #answer(found: Found | undefined): unknown {
    this.#counts.totals[found === undefined ? 'misses' : 'hits']++
    return found?.value
  }

  delete = (key: string) => this.#drop({ by: 'key', key })
  deleteByPattern = (pattern: string) => this.#drop({ by: 'pattern', pattern })
  deleteByTag = (tag: string) => this.#drop({ by: 'tag', tag })
  clear = () => this.#drop({ by: 'all' })

  async invalidate(where: InvalidationTarget, options: InvalidateOptions = {}): Promise<Invalidated> {
    this.#revision++
    const signal = options.signal ?? this.#closing.signal
    signal.throwIfAborted()
    if (this.#shared === undefined) return this.#forget(where)
    try {
      const at = await this.#announce(this.#shared, where)
      const sweeping = { signal, onProgress: (deleted: number) => options.onProgress?.({ deleted }) }
      const deleted = at.deleted ?? (await this.#shared.direct(shared => shared.sweep(where, at, sweeping)))
      this.#counts.l2.deletes += deleted
      return { deleted, precision: 'exact', epoch: at.stamp.epoch }
    } catch (error) {
      if (signal.aborted) throw signal.reason
      throw unreachable(this.name, error)
    }
  }

  #forget(where: InvalidationTarget): Invalidated {
    const deleted = this.#local?.keys(matcherOf(where)).length ?? 0
    this.#sync.apply(where, undefined)
    this.#counts.l1.deletes += deleted
    return { deleted, precision: 'exact', epoch: 0 }
  }

  async #announce(shared: SharedAccess, where: InvalidationTarget) {
    const at = await shared.call(redis => redis.invalidate(where))
    this.#sync.apply(where, at.stamp)
    return at
  }

  async applyInvalidation(where: InvalidationTarget, epoch?: number): Promise<void> {
    this.#sync.apply(where, epoch === undefined ? undefined : { epoch })
  }

  async count(where: InvalidationTarget, options: { signal?: AbortSignal; sample?: number } = {}): Promise<Affected> {
    const sample = options.sample ?? 10
    if (this.#shared === undefined) {
      const keys = this.#local?.keys(matcherOf(where)) ?? []
      return { count: keys.length, precision: 'exact', sample: keys.slice(0, sample) }
    }
    const signal = options.signal ?? this.#closing.signal
    try {
      return await this.#shared.direct(shared => shared.count(where, { signal, sample }))
    } catch {
      if (signal.aborted) throw signal.reason
      return { precision: 'unknown', sample: [] }
    }
  }

  async sample(where: InvalidationTarget, limit: number) {
    const { sample, precision } = await this.count(where, { sample: limit })
    return { keys: sample, precision }
  }

  report(): CacheReport {
    const { name, namespace, owner, runbook } = this.#parts
    const local = this.#local
    const degraded = this.#degraded()
    const { bus } = this.#sync
    const l1 = local && { ...this.#counts.l1, size: local.size, bytes: local.bytes, evictions: local.evictions }
    const stats = [...(l1 ? [l1] : []), ...(this.#shared ? [{ ...this.#counts.l2 }] : [])]
    return {
      name,
      namespace,
      layers: stats.map(({ layer }) => layer),
      stats,
      totals: { ...this.#counts.totals },
      l1Entries: local?.size ?? 0,
      l1Max: local?.max ?? 0,
      ...(bus === undefined ? {} : { bus }),
      epoch: this.#sync.epoch,
      ...(this.#sync.last === undefined ? {} : { lastInvalidation: this.#sync.last }),
      ...(degraded === undefined ? {} : { degraded }),
      ...(owner === undefined ? {} : { owner }),
      ...(runbook === undefined ? {} : { runbook }),
      revision: this.#revision,
    }
  }

  async close(): Promise<void> {
    this.#closing.abort(new CacheError(`The cache ${this.name} has been closed`, { code: 'CACHE_CLOSED' }))
    await this.#sync.close()
    this.#local?.clear()
  }
  /** The application's invalidations: they take effect here in any case, and in Redis now or when it is back. */
  async #drop(where: InvalidationTarget): Promise<void> {
    this.#revision++
    this.#closing.signal.throwIfAborted()
    const shared = this.#shared
    if (shared === undefined) {
      this.#forget(where)
      return
    }
    const sweeping = { signal: this.#closing.signal }
    try {
      const at = await this.#announce(shared, where)
      this.#counts.l2.deletes += at.deleted ?? 0
      if (where.by === 'pattern') await shared.direct(redis => redis.sweep(where, at, sweeping))
      // What a clear leaves behind cannot be read any more; removing it only frees memory.
      if (where.by === 'all')
        shared.direct(redis => redis.sweep(where, at, sweeping)).catch(() => this.#counts.l2.errors++)
    } catch {
      this.#counts.l2.errors++
      shared.remember(where)
      this.#sync.apply(where, undefined)
    }
  }

  #degraded(): string | undefined {
    const shared = this.#shared
    if (shared === undefined) return undefined
    const reasons = [
      shared.failure === undefined ? undefined : `Redis is not used: ${shared.failure}`,
      this.#local === undefined || shared.failure !== undefined
        ? undefined
        : this.#sync.trouble && `memory is not served: ${this.#sync.trouble}`,
      shared.pending === 0 ? undefined : `${shared.pending} invalidations wait for Redis`,
    ].filter(reason => reason !== undefined)
    return reasons.length === 0 ? undefined : reasons.join('; ')
  }
}

function unreachable(name: string, cause: unknown): CacheError {
  return new CacheError(`Redis did not take the invalidation of ${name}: ${messageOf(cause)}`, {
    code: 'CACHE_UNREACHABLE',
    retryable: true,
    nextStep: 'Check that Redis answers, then try again: doing it twice does no harm.',
    cause,
  })
}
