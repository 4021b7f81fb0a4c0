import { InfrastructureError } from '../../../core/errors.ts'

export type EntityId = string | number

/** What a field is compared with; those given must all hold. */
export interface Comparison<Value = unknown> {
  eq?: Value
  ne?: Value
  in?: readonly Value[]
  notIn?: readonly Value[]
  gt?: Value
  gte?: Value
  lt?: Value
  lte?: Value
  /** The text somewhere in the field, in upper or lower case. */
  contains?: string
  /** Exactly as it is written. */
  startsWith?: string
  isNull?: boolean
}

/**
 * All of it must hold; of `or`, one of its filters. A value is compared for equality, null with `isNull`. A field without a value is refused, so that a
 * variable that is undefined by mistake does not select everything.
 */
export type Filter<Entity> = {
  [Field in keyof Entity]?: Entity[Field] | Comparison<NonNullable<Entity[Field]>>
} & { or?: readonly Filter<Entity>[] }

/** A field, from its smallest value on; with `-` before it from its greatest. Rows without a value come last. */
export type Sort<Entity> = (keyof Entity & string) | `-${keyof Entity & string}`

/** Of an entity that is removed softly: those that are not, all, or only those that are. */
export type Removed = 'without' | 'with' | 'only'

export interface ListOptions<Entity> {
  where?: Filter<Entity>
  /** The id is always the last of it, so that no two rows are equal. */
  sort?: readonly Sort<Entity>[]
  /** 50 by default, at most 500. */
  limit?: number
  /** `next` of the page before, with the same sort. */
  after?: string
  /** Skips so many rows, which the database reads nevertheless: `after` costs the same on every page. */
  offset?: number
  /** Counts all that match, which the database may have to read. */
  total?: boolean
  removed?: Removed
}

export interface Page<Entity> {
  items: Entity[]
  /** For `after` of the next page; absent on the last one. */
  next?: string
  total?: number
}

export interface BulkOptions {
  /** Rows of one statement: 1,000 by default, at most 10,000. */
  chunk?: number
  signal?: AbortSignal
  /** With the rows written so far. */
  onProgress?(done: number): void
}

/**
 * The entities of one kind, for one tenant where the kind has tenants: no method reads or changes those of another. Each statement is atomic; bulk
 * methods make a statement of each chunk, and where one fails the error says how many rows were written before. Rejects with RepositoryError.
 */
export interface Repository<
  Entity extends object,
  New extends object = Partial<Entity>,
  Change extends object = Partial<New>,
> {
  find(id: EntityId, options?: { removed?: Removed }): Promise<Entity | undefined>
  /** `REPOSITORY_NOT_FOUND` when there is none. */
  get(id: EntityId): Promise<Entity>
  /** In the order of the ids, without those that are not there. */
  findMany(ids: readonly EntityId[]): Promise<Entity[]>
  list(options?: ListOptions<Entity>): Promise<Page<Entity>>
  /** All of them, page by page. */
  each(options?: Omit<ListOptions<Entity>, 'after' | 'offset' | 'total'>): AsyncIterable<Entity>
  count(where?: Filter<Entity>, options?: { removed?: Removed }): Promise<number>
  create(value: New): Promise<Entity>
  /** How many. */
  createMany(values: Iterable<New>, options?: BulkOptions): Promise<number>
  /** With `version`, only if that is still the version of it: else `REPOSITORY_VERSION`, and nothing is changed. */
  update(id: EntityId, change: Change, options?: { version?: number }): Promise<Entity>
  /** An empty filter is refused: `'all'` says that all are meant. */
  updateMany(where: Filter<Entity> | 'all', change: Change, options?: BulkOptions): Promise<number>
  /**
   * Creates it, or changes the one with the same values in `by` (the id by default), which needs a unique index on those fields, and on the
   * tenant's before them unless it is the id. One that was removed is there again. `REPOSITORY_CONFLICT` when it is another tenant's.
   */
  upsert(value: New, options?: { by?: readonly (keyof Entity & string)[] }): Promise<Entity>
  upsertMany(
    values: Iterable<New>,
    options?: BulkOptions & { by?: readonly (keyof Entity & string)[] },
  ): Promise<number>
  /** Softly where the entity has a field for it: it can be restored. */
  remove(id: EntityId, options?: { version?: number }): Promise<void>
  removeMany(where: Filter<Entity> | 'all', options?: BulkOptions): Promise<number>
  /** `REPOSITORY_UNSUPPORTED` for an entity that is not removed softly. */
  restore(id: EntityId): Promise<Entity>
  /** For good, whether it was removed softly or not. */
  erase(id: EntityId): Promise<void>
}

/** For whom a repository works. */
export interface RepositoryScope {
  /** Required where the entity has tenants. */
  tenant?: string
  /** Goes into the fields of who created and changed it, and into the audit trail. */
  actor?: string
}

/** The fields of an entity that the repository itself sets, and those that callers may filter and sort by. */
export interface EntityDefinition<Field extends string = string> {
  /** `project`: in errors, cached keys and the audit trail. */
  name: string
  /** `id` when absent. */
  id?: Field
  /** Makes the id of a new one; without it, and without an id in the value, the database does. */
  newId?: () => EntityId
  filterable: readonly Field[]
  sortable: readonly Field[]
  /** Of `list` without a sort; by id when absent. */
  sort?: readonly (Field | `-${Field}`)[]
  tenant?: Field
  /** The time of a soft removal; without it `remove` deletes. */
  removedAt?: Field
  /** An integer that each change raises. */
  version?: Field
  createdAt?: Field
  createdBy?: Field
  updatedAt?: Field
  updatedBy?: Field
}

/**
 * `NOT_FOUND` it is not there, or not this tenant's; `VERSION` it has been changed since; `CONFLICT` another one has these unique values; `TENANT` no
 * tenant; `QUERY` a filter, sort or cursor that is not allowed; `VALUE` a field that is not its to set, or a value that the database refuses;
 * `DENIED` by the database's rights; `UNSUPPORTED`; `UNREACHABLE`; `REFUSED` any other error of the database, which is its cause.
 */
export type RepositoryErrorCode =
  `REPOSITORY_${'NOT_FOUND' | 'VERSION' | 'CONFLICT' | 'TENANT' | 'QUERY' | 'VALUE' | 'DENIED' | 'UNSUPPORTED' | 'UNREACHABLE' | 'REFUSED'}`

export class RepositoryError extends InfrastructureError {
  override readonly code: RepositoryErrorCode
  /** Rows that a bulk method had written before. */
  readonly written: number | undefined
  /** Name of the violated constraint. */
  readonly constraint: string | undefined

  constructor(
    message: string,
    options: {
      code: RepositoryErrorCode
      retryable?: boolean
      nextStep?: string
      cause?: unknown
      written?: number
      constraint?: string
    },
  ) {
    super(message, options)
    this.code = options.code
    this.written = options.written
    this.constraint = options.constraint
  }
}
