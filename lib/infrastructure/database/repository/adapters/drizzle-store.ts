import { type SQL, sql } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import type { PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import type { Transaction, Transactions } from '../../transactions/port.ts'
import type { FieldCondition, Row, RowStore } from '../row-store.ts'
import { DrizzleColumns } from './drizzle-columns.ts'
import { orderBy, whereOf } from './drizzle-conditions.ts'
import { repositoryError } from './drizzle-errors.ts'
import { DrizzleWrites, type TrailParts } from './drizzle-writes.ts'

/** What a store needs of `createTransactions`, whatever the schema of its `orm` is. */
export type DrizzleAccess = Pick<Transactions, 'run'> & {
  orm: Pick<PostgresJsDatabase, 'select' | 'execute'>
  current(): Pick<Transaction, 'afterCommit' | 'afterRollback'> | undefined
}

export interface StoreParts {
  name: string
  id: string
  table: PgTable
  trail: TrailParts | undefined
}

/** What the repositories of a table share, whoever they work for. */
interface Shared {
  columns: DrizzleColumns
  finding: Map<string, { execute(values: Row): Promise<Row[]> }>
}

/** Makes stores of tables, which run in the transaction that they are called in. */
export function drizzleStores(transactions: DrizzleAccess): (parts: StoreParts) => RowStore {
  const tables = new WeakMap<PgTable, Shared>()
  return parts => {
    const shared = tables.get(parts.table) ?? { columns: new DrizzleColumns(parts.table), finding: new Map() }
    tables.set(parts.table, shared)
    return drizzleStore(parts, shared, transactions)
  }
}

function drizzleStore({ name, id, table, trail }: StoreParts, shared: Shared, transactions: DrizzleAccess): RowStore {
  const { orm } = transactions
  const { columns, finding } = shared
  const hasDefaults = Object.keys(columns.withDefaults({}, 'create')).length > 0
  const writes = new DrizzleWrites({ table, columns, id, trail })

  async function run<T>(query: PromiseLike<T>): Promise<T> {
    try {
      return await query
    } catch (error) {
      throw repositoryError(name, error)
    }
  }
  const rowsOf = async (statement: SQL): Promise<Row[]> =>
    ((await run(orm.execute(statement))) as unknown as Row[]).map(raw => columns.entity(raw))

  /** Rows with the same fields share a statement; several are one transaction. `given` are their fields without defaults. */
  async function eachShape<T>(rows: Row[], write: (alike: Row[], given: string[]) => Promise<T>): Promise<T[]> {
    const shapes = Map.groupBy(rows, row => Object.keys(row).sort().join())
    const writeAll = async () => {
      const results: T[] = []
      for (const alike of shapes.values()) {
        const given = Object.keys(alike[0] ?? {})
        results.push(await write(hasDefaults ? alike.map(row => columns.withDefaults(row, 'create')) : alike, given))
      }
      return results
    }
    return shapes.size > 1 ? transactions.run(writeAll) : writeAll()
  }

  /** Built once: its statement is the same each time, and the server prepares it. */
  function prepared(where: FieldCondition[]) {
    const shape = where.map(({ field, operator }) => `${field} ${operator}`).join()
    const known = finding.get(shape)
    if (known) return known
    const open = where.map(one => ('value' in one ? { ...one, value: sql.placeholder(one.field) } : one))
    const query = orm.select().from(table).where(whereOf(columns, open)).limit(1).prepare(shape)
    finding.set(shape, query)
    return query
  }

  return {
    fields: new Set(columns.byField.keys()),
    mostIds: 10_000,
    isNullable: field => !columns.of(field).notNull,
    comparable: (field, value) => columns.comparable(field, value),
    async find(where) {
      const values = Object.fromEntries(where.map(({ field, value }) => [field, value]))
      const [row] = await run(prepared(where).execute(values))
      return row
    },
    async select({ where, order, limit, offset }) {
      const keys = Object.fromEntries(
        order.map(({ field }, at) => [`key${at}`, sql<string>`${columns.of(field)}::text`]),
      )
      const query = orm
        .select({ row: table, ...keys } as { row: PgTable })
        .from(table)
        .where(whereOf(columns, where))
        .orderBy(...orderBy(columns, order))
        .limit(limit)
      const rows = (await run(offset === undefined ? query : query.offset(offset))) as unknown as Row[]
      return rows.map(({ row, ...texts }) => ({
        row: row as Row,
        keys: order.map((_, at) => texts[`key${at}`] as string | null),
      }))
    },
    async count(where) {
      const [row] = await run(orm.select({ count: sql<string>`count(*)` }).from(table).where(whereOf(columns, where)))
      return Number(row?.count)
    },
    insert: async (row, managed) => {
      const [written] = await rowsOf(writes.insert([columns.withDefaults(row, 'create')], managed))
      return written as Row
    },
    insertMany: async (rows, managed) => {
      const counts = await eachShape(rows, alike => run(orm.execute(writes.insertMany(alike, managed))))
      return counts.reduce((sum, { count }) => sum + count, 0)
    },
    upsert: async (rows, { by, created, changed, guard }) => {
      const holds = whereOf(columns, guard) ?? sql`true`
      const written = await eachShape(rows, (alike, given) =>
        rowsOf(writes.upsert(alike, { by, created, changed, guard: holds, given })),
      )
      return written.flat()
    },
    update: (where, set, managed, kind) => rowsOf(writes.update(whereOf(columns, where), set, managed, kind)),
    delete: (where, kind) => rowsOf(writes.delete(whereOf(columns, where), kind)),
    isInTransaction: () => transactions.current() !== undefined,
    async onceWritten(call) {
      const transaction = transactions.current()
      if (!transaction) return call()
      transaction.afterCommit(call)
      transaction.afterRollback(({ outcome }) => (outcome === 'unknown' ? call() : undefined))
    },
  }
}
