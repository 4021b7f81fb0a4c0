import type { Clock } from '../../core/clock.ts'
import { Bulk } from './bulk.ts'
import { type Counts, newCounts } from './counts.ts'
import { Entries } from './entries.ts'
import { Flights } from './flights.ts'
import { HotKeys } from './hot-keys.ts'
import { Invalidating } from './invalidating.ts'
import { InvalidationSync } from './invalidation-sync.ts'
import type { Bus, LocalLayer } from './layers.ts'
import { Leases } from './leases.ts'
import type { Lifetimes } from './lifetimes.ts'
import { Making } from './making.ts'
import type { Packing } from './packing.ts'
import { CacheError } from './port.ts'
import type { CacheReport } from './report.ts'
import { reportOf } from './reporting.ts'
import type { CacheSchema } from './schema.ts'
import type { SharedAccess } from './shared-access.ts'
import { CacheSwitch } from './switch.ts'
import { Warming } from './warming.ts'

export interface EngineParts {
  name: string
  namespace: string
  clock: Clock
  local?: LocalLayer
  shared?: SharedAccess
  bus?: Bus
  policy: Lifetimes
  leaseMs: number
  packing: Packing
  schema?: CacheSchema | undefined
  checkEveryMs: number
  owner?: string
  runbook?: string
}

/** Memory, Redis, or memory before Redis: what a cache and all that are bound to a scope of it have in common. */
export class Engine {
  readonly parts: EngineParts
  readonly flights = new Flights()
  readonly hotKeys: HotKeys
  readonly counts: Counts = newCounts()
  readonly sync: InvalidationSync
  readonly entries: Entries
  readonly making: Making
  readonly bulk: Bulk
  readonly warming: Warming
  readonly switch: CacheSwitch
  readonly invalidating: Invalidating
  readonly #closing = new AbortController()
  revision = 0

  constructor(parts: EngineParts) {
    this.parts = parts
    const { name, namespace, clock, local, shared, bus, checkEveryMs, policy } = parts
    this.hotKeys = new HotKeys(clock)
    const { flights, counts, hotKeys } = this
    const { signal } = this.#closing
    const changed = () => void this.revision++
    this.switch = new CacheSwitch(clock, changed)
    const leases = new Leases(shared, parts.leaseMs)
    this.sync = new InvalidationSync({
      namespace,
      clock,
      local,
      shared,
      bus,
      checkEveryMs,
      flights,
      changed,
      released: key => leases.released(key),
    })
    const { sync } = this
    this.entries = new Entries({
      clock,
      local,
      shared,
      sync,
      counts,
      policy,
      packing: parts.packing,
      schema: parts.schema,
      switch: this.switch,
      hotKeys,
    })
    this.making = new Making({ clock, entries: this.entries, leases, counts, policy, switch: this.switch, signal })
    this.warming = new Warming({ name, clock, entries: this.entries, signal, changed })
    this.bulk = new Bulk({ making: this.making, flights, counts })
    this.invalidating = new Invalidating({ name, local, shared, sync, counts, signal })
  }

  report(namespaces?: number): CacheReport {
    return reportOf(this, namespaces)
  }

  async close(): Promise<void> {
    const { name, local } = this.parts
    this.#closing.abort(new CacheError(`The cache ${name} has been closed`, { code: 'CACHE_CLOSED' }))
    await this.sync.close()
    local?.clear()
  }
}
