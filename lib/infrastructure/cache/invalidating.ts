import { messageOf } from '../../core/errors.ts'
import type { Counts } from './counts.ts'
import type { InvalidationSync } from './invalidation-sync.ts'
import { matcherOf } from './invalidations.ts'
import type { LocalLayer } from './layers.ts'
import { type Affected, CacheError, type Invalidated, type InvalidateOptions, type InvalidationTarget } from './port.ts'
import type { SharedAccess } from './shared-access.ts'

export interface InvalidatingParts {
  name: string
  local: LocalLayer | undefined
  shared: SharedAccess | undefined
  sync: InvalidationSync
  counts: Counts
  /** Aborted when the cache closes. */
  signal: AbortSignal
}

/** Removes what is out of date, in Redis and here, and counts what that would remove. */
export class Invalidating {
  readonly #parts: InvalidatingParts

  constructor(parts: InvalidatingParts) {
    this.#parts = parts
  }

  /** For operators: rejects when Redis did not take it. */
  async invalidate(where: InvalidationTarget, options: InvalidateOptions = {}): Promise<Invalidated> {
    const { shared, counts, name } = this.#parts
    const signal = options.signal ?? this.#parts.signal
    signal.throwIfAborted()
    if (shared === undefined) return this.#forget(where)
    try {
      const at = await this.#announce(shared, where)
      const sweeping = { signal, onProgress: (deleted: number) => options.onProgress?.({ deleted }) }
      const deleted = at.deleted ?? (await shared.direct(redis => redis.sweep(where, at, sweeping)))
      counts.l2.deletes += deleted
      if (where.by === 'key') counts.namespaces.of(where.key).deletes++
      return { deleted, precision: 'exact', epoch: at.stamp.epoch }
    } catch (error) {
      if (signal.aborted) throw signal.reason
      throw unreachable(name, error)
    }
  }

  /** For the application: takes effect here in any case, and in Redis now or when it is back. */
  async drop(where: InvalidationTarget): Promise<void> {
    const { shared, sync, counts, signal } = this.#parts
    signal.throwIfAborted()
    if (shared === undefined) {
      this.#forget(where)
      return
    }
    try {
      const at = await this.#announce(shared, where)
      counts.l2.deletes += at.deleted ?? 0
      if (where.by === 'key') counts.namespaces.of(where.key).deletes++
      if (where.by === 'pattern') await shared.direct(redis => redis.sweep(where, at, { signal }))
      // What else is left behind cannot be read any more; removing it only frees memory.
      else if (where.by === 'all' || at.listed)
        shared.direct(redis => redis.sweep(where, at, { signal })).catch(() => counts.l2.errors++)
    } catch {
      counts.l2.errors++
      shared.remember(where)
      sync.apply(where, undefined)
    }
  }

  async count(where: InvalidationTarget, options: { signal?: AbortSignal; sample?: number } = {}): Promise<Affected> {
    const { local, shared } = this.#parts
    const sample = options.sample ?? 10
    if (shared === undefined) {
      const keys = local?.keys(matcherOf(where)) ?? []
      return { count: keys.length, precision: 'exact', sample: keys.slice(0, sample) }
    }
    const signal = options.signal ?? this.#parts.signal
    try {
      return await shared.direct(redis => redis.count(where, { signal, sample }))
    } catch {
      if (signal.aborted) throw signal.reason
      return { precision: 'unknown', sample: [] }
    }
  }

  #forget(where: InvalidationTarget): Invalidated {
    const { local, sync, counts } = this.#parts
    const deleted = local?.keys(matcherOf(where)).length ?? 0
    sync.apply(where, undefined)
    counts.l1.deletes += deleted
    if (where.by === 'key') counts.namespaces.of(where.key).deletes++
    return { deleted, precision: 'exact', epoch: 0 }
  }

  async #announce(shared: SharedAccess, where: InvalidationTarget) {
    const at = await shared.call(redis => redis.invalidate(where))
    this.#parts.sync.apply(where, at.stamp)
    return at
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
