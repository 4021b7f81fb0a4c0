import type { Counts } from './counts.ts'
import type { Flights } from './flights.ts'
import { Gathering } from './gathering.ts'
import { type Limit, limited } from './limit.ts'
import type { Making, Source } from './making.ts'
import { factoryTook } from './namespaces.ts'
import type { BulkFactory, SetOptions } from './port.ts'

/** Entries written at once; more would keep Redis from others. */
const AT_ONCE = 100

export interface BulkParts {
  making: Making
  flights: Flights
  counts: Counts
}

/** A key as the caller names it, and as it is stored. */
export interface Named {
  key: string
  full: string
}

/** Makes values of many keys by one call of a factory, each as if it was made alone: once over all processes, with its grace and its limits. */
export class Bulk {
  readonly #parts: BulkParts

  constructor(parts: BulkParts) {
    this.#parts = parts
  }

  /** Values by stored key, without those that were not made. Joins calls under way for some of the keys. */
  async obtain<T>(names: Named[], factory: BulkFactory<T>, options: SetOptions): Promise<Map<string, unknown>> {
    const { flights, making } = this.#parts
    const sources = this.#together(factory, options)
    const all = names.map(name =>
      flights.run(name.full, options.tags ?? [], async () => {
        const obtained = await making.obtain(name.full, sources(name), options)
        if (obtained.found === undefined) return obtained.made
        this.#parts.counts.totals.hits++
        return obtained.found.value
      }),
    )
    const values = await Promise.all(all)
    const found = new Map<string, unknown>()
    names.forEach(({ full }, at) => {
      if (values[at] !== undefined) found.set(full, values[at])
    })
    return found
  }

  /** Sources that look in Redis once, and call the factory once, for all that need it at the same time. */
  #together<T>(factory: BulkFactory<T>, options: SetOptions): (name: Named) => Source<T | undefined> {
    const { making } = this.#parts
    const looks = new Gathering((keys: string[]) => making.look(keys, options))
    const runs = new Gathering(async (asked: (Named & { limit: Limit })[]) => {
      const { made, tookMs } = await this.#run(asked, factory)
      return asked.map(({ key }) => ({ value: made.get(key), tookMs }))
    })
    return name => ({ look: () => looks.ask(name.full), run: limit => runs.ask({ ...name, limit }) })
  }

  /** Each namespace among the keys counts one call of the factory. They have begun at the same time, so one limit is that of all. */
  async #run<T>(asked: (Named & { limit: Limit })[], factory: BulkFactory<T>) {
    const { limit } = asked[0] as { limit: Limit }
    const namespaces = new Set(asked.map(({ full }) => this.#parts.counts.namespaces.of(full)))
    const startedAt = performance.now()
    let failed = true
    try {
      const keys = asked.map(({ key }) => key)
      const made = new Map(await limited(limit, factory(keys, { signal: limit.signal })))
      failed = false
      return { made, tookMs: performance.now() - startedAt }
    } finally {
      for (const counts of namespaces) factoryTook(counts, performance.now() - startedAt, failed)
    }
  }
}

/** Not all at once. */
export async function inGroups<T>(items: readonly T[], act: (item: T) => Promise<unknown>): Promise<void> {
  for (let at = 0; at < items.length; at += AT_ONCE) await Promise.all(items.slice(at, at + AT_ONCE).map(act))
}
