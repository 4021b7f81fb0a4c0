import { escapeGlob } from '../../core/escape-glob.ts'
import type { HoldOptions } from '../resilience/index.ts'
import { inGroups, type Named } from './bulk.ts'
import type { Engine } from './engine.ts'
import type { HotKeysReport } from './hot-keys.ts'
import { isEarly } from './lifetimes.ts'
import type { Made } from './looked.ts'
import { type Peeked, peek } from './peek.ts'
import type {
  Affected,
  BulkFactory,
  Cache,
  CacheScope,
  Factory,
  Invalidated,
  InvalidateOptions,
  InvalidationTarget,
  SetOptions,
  SwitchMode,
  WarmerOptions,
} from './port.ts'
import type { CacheReport } from './report.ts'
import type { CacheSchema } from './schema.ts'
import { refuseScopedKey, type ScopeNames, scopeNames, tagsOf } from './targets.ts'

const NONE: SetOptions = {}

/** A cache as callers see it: the whole, or bound to a scope, which names its keys and tags differently. */
export class LayeredCache implements Cache {
  readonly #engine: Engine
  readonly #bound: { scope: CacheScope; names: ScopeNames } | undefined

  constructor(engine: Engine, scope?: CacheScope) {
    this.#engine = engine
    this.#bound = scope && { scope, names: scopeNames(scope) }
  }

  get name(): string {
    return this.#engine.parts.name
  }
  get namespace(): string {
    return this.#engine.parts.namespace
  }
  get revision(): number {
    return this.#engine.revision
  }

  async get<T = unknown>(key: string, options?: { schema?: CacheSchema }): Promise<T | undefined> {
    const { entries } = this.#engine
    this.#engine.revision++
    const full = this.#keyOf(key)
    const remembered = entries.recall(full, options?.schema)
    if (remembered !== undefined) return this.#remembered(remembered.value) as T | undefined
    return this.#answer((await entries.lookUp([full], options)).found.get(full)) as T | undefined
  }

  async getMany<T = unknown>(keys: readonly string[]): Promise<Map<string, T>> {
    const { entries } = this.#engine
    this.#engine.revision++
    const values = new Map<string, T>()
    const missing: [key: string, full: string][] = []
    for (const key of new Set(keys)) {
      const full = this.#keyOf(key)
      const found = entries.recall(full)
      if (found === undefined) missing.push([key, full])
      else values.set(key, this.#remembered(found.value) as T)
    }
    if (missing.length === 0) return values
    const { found } = await entries.lookUp(missing.map(([, full]) => full))
    for (const [key, full] of missing) {
      const one = found.get(full)
      const value = this.#answer(one)
      if (one !== undefined) values.set(key, value as T)
    }
    return values
  }

  async set(key: string, value: unknown, options: SetOptions = {}): Promise<void> {
    const { entries } = this.#engine
    this.#engine.revision++
    await this.#put(entries.writeOf(this.#keyOf(key), value, this.#tagged(options)))
  }

  async getOrSet<T>(key: string, factory: Factory<T>, options: SetOptions = NONE): Promise<T> {
    const { entries, flights, making, parts } = this.#engine
    this.#engine.revision++
    const full = this.#keyOf(key)
    const remembered = entries.recall(full, options.schema)
    if (remembered !== undefined) {
      const softMs = remembered.softAt - entries.now
      if (softMs <= 0 || (options.earlyRefresh ?? parts.policy.earlyRefresh) !== undefined)
        this.#refreshInTime(full, factory, options, { softMs, madeInMs: remembered.madeInMs })
      return this.#remembered(remembered.value) as T
    }
    const tagged = this.#tagged(options)
    return flights.run(full, tagged.tags ?? [], async () => {
      const obtained = await making.obtain(full, making.source(full, factory, tagged), tagged)
      if (obtained.found === undefined) return obtained.made
      this.#refreshInTime(full, factory, options, obtained.found)
      return this.#answer(obtained.found) as T
    })
  }

  async setMany(values: Iterable<readonly [key: string, value: unknown]>, options: SetOptions = NONE): Promise<void> {
    const { entries } = this.#engine
    this.#engine.revision++
    const tagged = this.#tagged(options)
    const writes = [...values].map(([key, value]) => entries.writeOf(this.#keyOf(key), value, tagged))
    await inGroups(writes, write => this.#put(write))
  }

  async getOrSetMany<T>(keys: readonly string[], factory: BulkFactory<T>, options: SetOptions = NONE) {
    const { entries, bulk } = this.#engine
    this.#engine.revision++
    const values = new Map<string, T>()
    const missing: Named[] = []
    for (const key of new Set(keys)) {
      const full = this.#keyOf(key)
      const found = entries.recall(full, options.schema)
      if (found === undefined) missing.push({ key, full })
      else values.set(key, this.#remembered(found.value) as T)
    }
    if (missing.length === 0) return values
    const made = await bulk.obtain(missing, factory, this.#tagged(options))
    for (const { key, full } of missing) if (made.has(full)) values.set(key, made.get(full) as T)
    return values
  }

  async deleteMany(keys: readonly string[]): Promise<void> {
    await inGroups(keys, this.delete)
  }

  /** A stale value is served while one call makes a new one; a hot one that nears its end may be renewed before. */
  #refreshInTime<T>(
    full: string,
    factory: Factory<T>,
    options: SetOptions,
    known: { softMs: number; madeInMs: number },
  ) {
    const { making, counts, parts } = this.#engine
    const beta = options.earlyRefresh ?? parts.policy.earlyRefresh
    const stale = known.softMs <= 0
    if (!this.#engine.switch.stores) return
    if (!stale && (beta === undefined || !isEarly(known.softMs, known.madeInMs, beta))) return
    if (stale) counts.totals.stale++
    const tagged = this.#tagged(options)
    const begun = making.refresh(full, making.source(full, factory, tagged), tagged, known)
    if (begun && !stale) counts.activity.early++
  }

  /** What is set while nothing may be stored makes the older value go. */
  async #put(made: Made): Promise<void> {
    const { entries, invalidating, switch: operated } = this.#engine
    if (operated.stores) await entries.put(made)
    else await invalidating.drop({ by: 'key', key: made.write.key })
  }

  #answer(found: { value: unknown } | undefined): unknown {
    const { totals } = this.#engine.counts
    if (found === undefined) {
      totals.misses++
      return undefined
    }
    totals.hits++
    return this.#remembered(found.value)
  }

  /** A hit in memory is counted already. */
  #remembered(value: unknown): unknown {
    if (value === undefined || value === null) this.#engine.counts.activity.negative++
    return value
  }

  delete = (key: string) => this.#drop({ by: 'key', key })
  deleteByPattern = (pattern: string) => this.#drop({ by: 'pattern', pattern })
  deleteByTag = (tag: string) => this.#drop({ by: 'tag', tag })
  clear = () => this.#drop({ by: 'all' })

  async invalidate(where: InvalidationTarget, options?: InvalidateOptions): Promise<Invalidated> {
    this.#engine.revision++
    return this.#engine.invalidating.invalidate(this.#targetOf(where), options)
  }

  async applyInvalidation(where: InvalidationTarget, epoch?: number): Promise<void> {
    this.#engine.sync.apply(this.#targetOf(where), epoch === undefined ? undefined : { epoch })
  }

  async count(where: InvalidationTarget, options?: { signal?: AbortSignal; sample?: number }): Promise<Affected> {
    const affected = await this.#engine.invalidating.count(this.#targetOf(where), options)
    const prefix = this.#bound?.names.prefix
    if (prefix === undefined) return affected
    return {
      ...affected,
      sample: affected.sample.map(key => (key.startsWith(prefix) ? key.slice(prefix.length) : key)),
    }
  }

  async sample(where: InvalidationTarget, limit: number) {
    const { sample, precision } = await this.count(where, { sample: limit })
    return { keys: sample, precision }
  }

  peek = (key: string, salt: string): Peeked => peek(this.#engine, (this.#bound?.names.prefix ?? '') + key, salt)

  report = (options?: { namespaces?: number }): CacheReport => this.#engine.report(options?.namespaces)

  hotKeys = (most = 20): HotKeysReport => this.#engine.hotKeys.report(most)

  get hotKeysRevision(): number {
    return this.#engine.hotKeys.revision
  }

  warmer(options: WarmerOptions): void {
    this.#engine.warming.add(options, (key, set) => ({ full: this.#keyOf(key), tagged: this.#tagged(set) }))
  }

  warm = (name?: string): Promise<void> => this.#engine.warming.begin(name)
  switchTo = (mode: SwitchMode, holder: HoldOptions): void => this.#engine.switch.to(mode, holder)
  switchOn = (id?: string): boolean => this.#engine.switch.on(id)

  for(scope: CacheScope): Cache {
    return new LayeredCache(this.#engine, { ...this.#bound?.scope, ...scope })
  }

  async close(): Promise<void> {
    if (this.#bound === undefined) await this.#engine.close()
  }

  async #drop(where: InvalidationTarget): Promise<void> {
    this.#engine.revision++
    await this.#engine.invalidating.drop(this.#targetOf(where))
  }

  #keyOf(key: string): string {
    if (this.#bound !== undefined) return this.#bound.names.prefix + key
    refuseScopedKey(key)
    return key
  }

  #tagged(options: SetOptions): SetOptions {
    if (options.tags === undefined && options.entity === undefined && this.#bound === undefined) return options
    const tags = tagsOf(options)
    const names = this.#bound?.names
    return { ...options, tags: names ? [...tags, ...names.tags, ...(options.tags ?? []).map(names.tag)] : tags }
  }

  #targetOf(where: InvalidationTarget): InvalidationTarget {
    const names = this.#bound?.names
    if (names === undefined) return where
    switch (where.by) {
      case 'key':
        return { by: 'key', key: names.prefix + where.key }
      case 'pattern':
        return { by: 'pattern', pattern: escapeGlob(names.prefix) + where.pattern }
      case 'tag':
        return { by: 'tag', tag: names.tag(where.tag) }
      case 'all':
        return names.all
      default:
        return where
    }
  }
}
