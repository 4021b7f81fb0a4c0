import type { Cache } from '../../cache/index.ts'
import type { EntityId } from './port.ts'
import type { Row } from './row-store.ts'

/** From so many on, all of a kind and tenant are invalidated at once. */
const MANY = 100

/** Found entities in a cache of this library, for one tenant; JSON has no dates and no bigints, so they are marked. */
export class EntityCache {
  readonly #cache: Cache
  readonly #name: string
  readonly #reader: string

  /** `reader`: whose view of the entities it is, where not everyone of the tenant sees the same. */
  constructor(cache: Cache, name: string, tenant: string | undefined, reader?: string) {
    this.#cache = tenant === undefined ? cache : cache.for({ workspace: tenant })
    this.#name = name
    this.#reader = reader === undefined ? '' : `${encodeURIComponent(reader)}:`
  }

  async find(id: EntityId, read: () => Promise<Row | undefined>): Promise<Row | undefined> {
    const cached = await this.#cache.getOrSet(
      this.#key(id),
      async () => {
        const row = await read()
        return row && marked(row)
      },
      { entity: [this.#name, id], tags: [this.#name] },
    )
    return cached && unmarked(cached)
  }

  async invalidate(ids: readonly EntityId[]): Promise<void> {
    if (ids.length > MANY) return this.#cache.deleteByTag(this.#name)
    for (const id of ids) {
      try {
        await this.#cache.invalidate({ by: 'entity', type: this.#name, id })
      } catch {
        // Without Redis this takes effect here, and there once it is back.
        await this.#cache.delete(this.#key(id))
      }
    }
  }

  #key(id: EntityId): string {
    return `${this.#name}:${this.#reader}${id}`
  }
}

const marked = (row: Row): Row =>
  mapped(row, value => {
    if (value instanceof Date) return { $date: value.toISOString() }
    return typeof value === 'bigint' ? { $bigint: String(value) } : value
  })

const unmarked = (row: Row): Row =>
  mapped(row, value => {
    if (typeof value !== 'object' || value === null) return value
    if ('$date' in value) return new Date(String(value.$date))
    return '$bigint' in value ? BigInt(String(value.$bigint)) : value
  })

function mapped(row: Row, map: (value: unknown) => unknown): Row {
  return Object.fromEntries(Object.entries(row).map(([field, value]) => [field, map(value)]))
}
