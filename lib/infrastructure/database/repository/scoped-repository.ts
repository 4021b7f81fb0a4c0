import type { Cache } from '../../cache/index.ts'
import { chunkSize, chunksOf, writeChunks } from './bulk.ts'
import { conditionsOf, orderOf, refused } from './conditions.ts'
import { afterKeys, cursorOf, keysOf } from './cursor.ts'
import { EntityCache } from './entity-cache.ts'
import {
  type BulkOptions,
  type EntityDefinition,
  type EntityId,
  type Filter,
  type ListOptions,
  type Page,
  type Removed,
  type Repository,
  RepositoryError,
  type RepositoryScope,
} from './port.ts'
import type { ChangeKind, Condition, FieldCondition, Row, RowStore } from './row-store.ts'
import { ScopedValues } from './scoped-values.ts'

const LIMIT = 50
const MOST = 500

export interface RepositoryParts {
  store: RowStore
  /** Found entities are cached in it, and invalidated once a change is committed. */
  cache?: Cache
  /** Whose view of the entities is cached, where not everyone of the tenant sees the same. */
  cachedFor?: string
}

/** The base of repositories: tenants, versions, soft removal, pages and chunks, over any store of rows. */
export class ScopedRepository<Entity extends object, New extends object, Change extends object>
  implements Repository<Entity, New, Change>
{
  readonly #definition: EntityDefinition
  readonly #store: RowStore
  readonly #values: ScopedValues
  readonly #cache: EntityCache | undefined
  readonly #id: string

  constructor(definition: EntityDefinition, scope: RepositoryScope, { store, cache, cachedFor }: RepositoryParts) {
    this.#definition = definition
    this.#store = store
    this.#values = new ScopedValues(definition, scope, store.fields)
    this.#cache = cache && new EntityCache(cache, definition.name, scope.tenant, cachedFor)
    this.#id = definition.id ?? 'id'
  }

  async find(id: EntityId, { removed = 'without' }: { removed?: Removed } = {}): Promise<Entity | undefined> {
    const where = [...this.#scope(removed), this.#is(id)]
    const read = () => this.#store.find(where)
    // In a transaction it would show, and keep, what may never be committed.
    const isCached = this.#cache && removed === 'without' && !this.#store.isInTransaction()
    return (isCached ? await this.#cache?.find(id, read) : await read()) as Entity | undefined
  }

  async get(id: EntityId): Promise<Entity> {
    const entity = await this.find(id)
    if (entity) return entity
    throw this.#notFound(id)
  }

  async findMany(ids: readonly EntityId[]): Promise<Entity[]> {
    const found = new Map<string, Row>()
    for (const chunk of chunksOf(new Set(ids), this.#store.mostIds)) {
      const where = [...this.#scope('without'), this.#among(chunk)]
      const rows = await this.#store.select({ where, order: [], limit: chunk.length })
      for (const { row } of rows) found.set(String(row[this.#id]), row)
    }
    return ids.flatMap(id => found.get(String(id)) ?? []) as Entity[]
  }

  async list(options: ListOptions<Entity> = {}): Promise<Page<Entity>> {
    const { where: filter = {}, sort, limit = LIMIT, after, offset, total = false, removed = 'without' } = options
    if (!Number.isInteger(limit) || limit < 1 || limit > MOST) throw refused(`limit is 1 to ${MOST}`)
    if (offset !== undefined && (!Number.isInteger(offset) || offset < 0)) throw refused('offset is 0 or more')
    if (offset !== undefined && after !== undefined) throw refused('A page has an offset or a cursor, not both')
    const order = orderOf(sort, this.#definition)
    const matching = [...this.#scope(removed), ...this.#matching(filter)]
    const beyond = after === undefined ? [] : this.#beyond(order, keysOf(after, order))
    const [rows, counted] = await Promise.all([
      this.#store.select({
        where: [...matching, ...beyond],
        order,
        limit: limit + 1,
        ...(offset === undefined ? {} : { offset }),
      }),
      total ? this.#store.count(matching) : undefined,
    ])
    const items = rows.slice(0, limit)
    const last = rows.length > limit ? items.at(-1) : undefined
    return {
      items: items.map(({ row }) => row) as Entity[],
      ...(last ? { next: cursorOf(order, last.keys) } : {}),
      ...(counted === undefined ? {} : { total: counted }),
    }
  }

  async *each(options: Omit<ListOptions<Entity>, 'after' | 'offset' | 'total'> = {}): AsyncIterable<Entity> {
    let after: string | undefined
    do {
      const page = await this.list({ limit: MOST, ...options, ...(after === undefined ? {} : { after }) })
      yield* page.items
      after = page.next
    } while (after !== undefined)
  }

  async count(filter: Filter<Entity> = {}, { removed = 'without' }: { removed?: Removed } = {}): Promise<number> {
    return this.#store.count([...this.#scope(removed), ...this.#matching(filter)])
  }

  async create(value: New): Promise<Entity> {
    return (await this.#store.insert(this.#values.created(value), this.#values.onCreate)) as Entity
  }

  async createMany(values: Iterable<New>, options: BulkOptions = {}): Promise<number> {
    return writeChunks(chunksOf(values, chunkSize(options)), options, async chunk => {
      const rows = chunk.map(value => this.#values.created(value))
      return this.#store.insertMany(rows, this.#values.onCreate)
    })
  }

  async update(id: EntityId, change: Change, options: { version?: number } = {}): Promise<Entity> {
    return this.#change(id, this.#values.changed(change), 'update', options)
  }

  async updateMany(where: Filter<Entity> | 'all', change: Change, options: BulkOptions = {}): Promise<number> {
    const set = this.#values.changed(change)
    return this.#eachChunk(where, options, chosen => this.#store.update(chosen, set, this.#values.onChange, 'update'))
  }

  async upsert(value: New, { by }: { by?: readonly string[] } = {}): Promise<Entity> {
    const [row] = await this.#upsert([value], by)
    return row as Entity
  }

  async upsertMany(values: Iterable<New>, options: BulkOptions & { by?: readonly string[] } = {}): Promise<number> {
    return writeChunks(
      chunksOf(values, chunkSize(options)),
      options,
      async chunk => (await this.#upsert(chunk, options.by)).length,
    )
  }

  async remove(id: EntityId, options: { version?: number } = {}): Promise<void> {
    const { removal } = this.#values
    if (removal) await this.#change(id, {}, 'remove', options)
    else await this.#delete(id, this.#scope('without'), options)
  }

  async removeMany(where: Filter<Entity> | 'all', options: BulkOptions = {}): Promise<number> {
    const { removal } = this.#values
    return this.#eachChunk(where, options, chosen =>
      removal ? this.#store.update(chosen, {}, removal, 'remove') : this.#store.delete(chosen, 'erase'),
    )
  }

  async restore(id: EntityId): Promise<Entity> {
    const { removedAt, name } = this.#definition
    if (removedAt === undefined)
      throw new RepositoryError(`${name} is removed for good, so nothing of it can be restored`, {
        code: 'REPOSITORY_UNSUPPORTED',
      })
    const where = [...this.#scope('only'), this.#is(id)]
    const [row] = await this.#store.update(where, { [removedAt]: null }, this.#values.onChange, 'restore')
    if (!row) throw this.#notFound(id)
    await this.#written([row])
    return row as Entity
  }

  async erase(id: EntityId): Promise<void> {
    await this.#delete(id, this.#scope('with'), {})
  }

  async #change(id: EntityId, set: Row, kind: ChangeKind, { version }: { version?: number }): Promise<Entity> {
    const where = [...this.#scope('without'), this.#is(id), ...this.#ofVersion(version)]
    const managed = kind === 'remove' && this.#values.removal ? this.#values.removal : this.#values.onChange
    const [row] = await this.#store.update(where, set, managed, kind)
    if (!row) throw await this.#missed(id, version)
    await this.#written([row])
    return row as Entity
  }

  async #delete(id: EntityId, scope: FieldCondition[], { version }: { version?: number }): Promise<void> {
    const rows = await this.#store.delete([...scope, this.#is(id), ...this.#ofVersion(version)], 'erase')
    if (rows.length === 0) throw await this.#missed(id, version)
    await this.#written(rows)
  }

  async #upsert(values: readonly New[], by: readonly string[] | undefined): Promise<Row[]> {
    const rows = values.map(value => this.#values.created(value))
    const rules = this.#values.upsertRules(by)
    const written = await this.#store.upsert(rows, rules)
    await this.#written(written)
    if (written.length < rows.length)
      throw new RepositoryError(`Another ${this.#definition.name} has these values of ${rules.by.join(', ')}`, {
        code: 'REPOSITORY_CONFLICT',
      })
    return written
  }

  async #eachChunk(
    filter: Filter<Entity> | 'all',
    options: BulkOptions,
    write: (chosen: Condition[]) => Promise<Row[]>,
  ): Promise<number> {
    const matching = filter === 'all' ? [] : this.#matching(filter)
    if (filter !== 'all' && matching.length === 0) throw refused("An empty filter would select everything: pass 'all'")
    const where = [...this.#scope('without'), ...matching]
    return writeChunks(this.#idsOf(where, Math.min(chunkSize(options), this.#store.mostIds)), options, async ids =>
      this.#written(await write([...where, this.#among(ids)])),
    )
  }

  /** In the order of the ids: what is written may match the filter still, and is not met again. */
  async *#idsOf(where: Condition[], size: number): AsyncIterable<EntityId[]> {
    const order = [{ field: this.#id, descending: false }]
    for (let beyond: Condition[] = []; ; ) {
      const rows = await this.#store.select({ where: [...where, ...beyond], order, limit: size })
      if (rows.length > 0) yield rows.map(({ row }) => row[this.#id] as EntityId)
      const last = rows.at(-1)
      if (!last || rows.length < size) return
      beyond = this.#beyond(order, last.keys)
    }
  }

  /** Their cached copies are out of date once the change is there for all. How many. */
  async #written(rows: readonly Row[]): Promise<number> {
    const cache = this.#cache
    const ids = rows.map(row => row[this.#id] as EntityId)
    if (cache && ids.length > 0) await this.#store.onceWritten(() => cache.invalidate(ids))
    return rows.length
  }

  #scope(removed: Removed): FieldCondition[] {
    const { removedAt } = this.#definition
    if (removedAt === undefined || removed === 'with') return this.#values.tenant
    return [...this.#values.tenant, { field: removedAt, operator: removed === 'only' ? 'notNull' : 'isNull' }]
  }

  #matching(filter: Filter<Entity>): Condition[] {
    return conditionsOf(filter, this.#definition, this.#store)
  }

  #beyond(order: Parameters<typeof afterKeys>[0], keys: (string | null)[]): Condition[] {
    return afterKeys(order, keys, field => this.#store.isNullable(field))
  }

  #is(id: EntityId): FieldCondition {
    return { field: this.#id, operator: 'eq', value: this.#store.comparable(this.#id, id) }
  }

  #among(ids: readonly EntityId[]): FieldCondition {
    return { field: this.#id, operator: 'in', value: ids.map(id => this.#store.comparable(this.#id, id)) }
  }

  #ofVersion(version: number | undefined): FieldCondition[] {
    return version === undefined ? [] : [{ field: this.#values.versionField(), operator: 'eq', value: version }]
  }

  async #missed(id: EntityId, version: number | undefined): Promise<RepositoryError> {
    const isThere = version !== undefined && (await this.#store.count([...this.#scope('without'), this.#is(id)])) > 0
    if (!isThere) return this.#notFound(id)
    return new RepositoryError(`${this.#definition.name} ${id} has been changed since version ${version}`, {
      code: 'REPOSITORY_VERSION',
      nextStep: 'Read it again, and apply the change to what it is now.',
    })
  }

  #notFound(id: EntityId): RepositoryError {
    return new RepositoryError(`There is no ${this.#definition.name} ${id}`, { code: 'REPOSITORY_NOT_FOUND' })
  }
}
