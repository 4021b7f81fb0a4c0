import type { Counts } from './counts.ts'
import type { Entries } from './entries.ts'
import type { Flights } from './flights.ts'
import type { Lifetimes } from './lifetimes.ts'
import { limited, within } from './limit.ts'
import { factoryTook } from './namespaces.ts'
import type { BulkFactory, SetOptions } from './port.ts'

/** Entries written at once; more would keep Redis from others. */
const AT_ONCE = 100

export interface BulkParts {
  entries: Entries
  flights: Flights
  counts: Counts
  policy: Lifetimes
  signal: AbortSignal
}

/** A key as the caller names it, and as it is stored. */
export interface Named {
  key: string
  full: string
}

/** Makes values of many keys by one call of a factory. */
export class Bulk {
  readonly #parts: BulkParts

  constructor(parts: BulkParts) {
    this.#parts = parts
  }

  /** Values by stored key, without those that were not made. Joins calls under way for some of the keys. */
  async obtain<T>(names: Named[], factory: BulkFactory<T>, options: SetOptions): Promise<Map<string, unknown>> {
    const { flights } = this.#parts
    const mine: Named[] = []
    const made = Promise.withResolvers<Map<string, unknown>>()
    const all = names.map(name =>
      flights.run(name.full, options.tags ?? [], () => {
        mine.push(name)
        return made.promise.then(values => values.get(name.full))
      }),
    )
    if (mine.length > 0) this.#lookUpOrMake(mine, factory, options).then(made.resolve, made.reject)
    const values = await Promise.all(all)
    const found = new Map<string, unknown>()
    names.forEach(({ full }, at) => {
      if (values[at] !== undefined) found.set(full, values[at])
    })
    return found
  }

  async #lookUpOrMake<T>(names: Named[], factory: BulkFactory<T>, options: SetOptions) {
    const { entries, counts, policy, signal } = this.#parts
    const { found, began } = await entries.lookUp(
      names.map(({ full }) => full),
      options,
    )
    const values = new Map([...found].map(([full, { value }]) => [full, value]))
    counts.totals.hits += found.size
    const missing = names.filter(({ full }) => !found.has(full))
    if (missing.length === 0) return values
    counts.totals.misses += missing.length
    const { hardTimeoutMs, negativeTtlMs = 0 } = { ...policy, ...options }
    const about = {
      what: `${missing.length} keys`,
      signal,
      onTimeout: () => void counts.activity.timeouts++,
    }
    await within(hardTimeoutMs, about, async limit => {
      const startedAt = performance.now()
      const made = await this.#run(
        missing,
        limited(
          limit,
          factory(
            missing.map(({ key }) => key),
            limit,
          ),
        ),
      )
      limit.stop()
      const tookMs = performance.now() - startedAt
      await inGroups(missing, async ({ key, full }) => {
        const value = made.get(key)
        const negative = negativeTtlMs > 0 && (value === undefined || value === null)
        if ((value === undefined && !negative) || limit.signal.aborted) return void values.set(full, value)
        const write = entries.writeOf(full, value, options, { tookMs, negative })
        values.set(full, (await entries.fill(write, began, undefined)).value)
      })
    })
    return values
  }

  /** Each namespace among the missing counts one call of the factory. */
  async #run<T>(missing: Named[], running: Promise<Iterable<[string, T]>> | Iterable<[string, T]>) {
    const startedAt = performance.now()
    const namespaces = new Set(missing.map(({ full }) => this.#parts.counts.namespaces.of(full)))
    let failed = true
    try {
      const made = new Map<string, T>(await running)
      failed = false
      return made
    } finally {
      for (const counts of namespaces) factoryTook(counts, performance.now() - startedAt, failed)
    }
  }
}

/** Not all at once. */
export async function inGroups<T>(items: readonly T[], act: (item: T) => Promise<unknown>): Promise<void> {
  for (let at = 0; at < items.length; at += AT_ONCE) await Promise.all(items.slice(at, at + AT_ONCE).map(act))
}
