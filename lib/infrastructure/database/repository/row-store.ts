/** A row by the names of the entity's fields. */
export type Row = Record<string, unknown>

export type Operator =
  | 'eq'
  | 'ne'
  | 'gt'
  | 'gte'
  | 'lt'
  | 'lte'
  | 'in'
  | 'notIn'
  | 'contains'
  | 'startsWith'
  | 'isNull'
  | 'notNull'

/** One comparison, or a list of alternatives of which each is a list that must hold as a whole. */
export type Condition = FieldCondition | { any: Condition[][] }

export interface FieldCondition {
  field: string
  operator: Operator
  value?: unknown
  /** The value is the text that the database gave for this field, in a cursor. */
  isText?: true
}

export interface Order {
  field: string
  descending: boolean
}

export interface Selection {
  where: Condition[]
  order: Order[]
  limit: number
  offset?: number
}

/** A row, and its values in the fields of the order as the database writes them: no other text compares as exactly. */
export interface SelectedRow {
  row: Row
  keys: (string | null)[]
}

/** What the repository itself writes into a row, beside the caller's values. */
export interface Managed {
  /** Fields that get the server's time. */
  now: string[]
  values: Row
  /** Raised by one. */
  version?: string
}

export type ChangeKind = 'create' | 'update' | 'remove' | 'restore' | 'erase'

/** Where rows of one table are kept. It knows nothing of tenants: every condition and value that it needs is passed. Rejects with RepositoryError. */
export interface RowStore {
  readonly fields: ReadonlySet<string>
  /** Ids that one condition may have. */
  readonly mostIds: number
  isNullable(field: string): boolean
  /** The value as the field has it, from one that may be text of a query string; throws RepositoryError `REPOSITORY_QUERY`. */
  comparable(field: string, value: unknown): unknown
  /** The one row of these conditions, which a repository asks with the same fields again and again. */
  find(where: FieldCondition[]): Promise<Row | undefined>
  select(selection: Selection): Promise<SelectedRow[]>
  count(where: Condition[]): Promise<number>
  insert(row: Row, managed: Managed): Promise<Row>
  /** How many. */
  insertMany(rows: Row[], managed: Managed): Promise<number>
  /** Rows that exist are changed only where `guard` holds; the others are left out of what it resolves with. */
  upsert(
    rows: Row[],
    options: { by: string[]; created: Managed; changed: Managed; guard: FieldCondition[] },
  ): Promise<Row[]>
  update(where: Condition[], set: Row, managed: Managed, kind: ChangeKind): Promise<Row[]>
  delete(where: Condition[], kind: ChangeKind): Promise<Row[]>
  /** Whether this is called in a transaction. */
  isInTransaction(): boolean
  /** Calls it once what was written is there for all, or may be: now outside a transaction. */
  onceWritten(call: () => Promise<void>): Promise<void>
}
