import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import {
  type Condition,
  comparableValue,
  type Managed,
  RepositoryError,
  type Row,
  type RowStore,
} from '../../database/index.ts'
import { DataMapper } from '../data-mapper.ts'
import type { Supabase, SupabaseDefinition, SupabaseScope, SupabaseSettings } from '../port.ts'
import { type PostgrestFailure, postgrestError } from './postgrest-errors.ts'
import { filtered } from './postgrest-filters.ts'

/** Ids in one address, which servers and what is before them limit to some kilobytes. */
const MOST_IDS = 200
/** Rows that others change at the same time are tried so often. */
const ROUNDS = 20

type Client = SupabaseClient
interface Answer<T> {
  data: T | null
  count: number | null
  error: PostgrestFailure | null
  status: number
}
type Request<T> = PromiseLike<Answer<T>> & { setHeader(name: string, value: string): Request<T> }

export function supabaseProject({ url, key, timeoutMs = 10_000 }: SupabaseSettings): Supabase {
  // Retries are the caller's: two policies would multiply.
  const client = createClient(url, key, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
    db: { timeout: timeoutMs, retry: false },
  })
  return { store: (definition, token) => postgrestStore(client, definition, token) }
}

function postgrestStore(client: Client, definition: SupabaseDefinition, token: SupabaseScope['token']): RowStore {
  const mapper = new DataMapper(definition)
  const id = definition.id ?? 'id'
  const idColumn = mapper.of(id).column
  const table = () => client.from(definition.table)

  /** Each request has the token of its caller: the client has none, and is shared. */
  async function sent<T>(request: unknown): Promise<Answer<T>> {
    const bearer = typeof token === 'string' ? token : await token()
    const answer = await (request as Request<T>).setHeader('Authorization', `Bearer ${bearer}`)
    if (answer.error) throw postgrestError(definition.name, answer.error, answer.status)
    return answer
  }
  const rowsOf = async (request: unknown) =>
    ((await sent<Row[]>(request)).data ?? []).map(json => mapper.toEntity(json))
  const payload = (row: Row, { now, values }: Managed) =>
    mapper.toJson({ ...row, ...values, ...Object.fromEntries(now.map(field => [field, 'now'])) })

  async function change(where: readonly Condition[], set: Row, managed: Managed): Promise<Row[]> {
    return rowsOf(filtered(table().update(payload(set, managed) as never), where, mapper).select(mapper.selected))
  }

  /** PostgREST cannot add one to a column: the next version is written where the known one is still there, until none is left. */
  async function raise(where: readonly Condition[], set: Row, managed: Managed, version: string): Promise<Row[]> {
    const done: Row[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const others: Condition[] =
        done.length === 0 ? [] : [{ field: id, operator: 'notIn', value: done.map(row => row[id]) }]
      const found = await rowsOf(filtered(table().select(mapper.selected), [...where, ...others], mapper))
      let written = 0
      for (const [known, rows] of Map.groupBy(found, row => row[version])) {
        const same: Condition[] = [
          { field: id, operator: 'in', value: rows.map(row => row[id]) },
          { field: version, operator: 'eq', value: known },
        ]
        const changed = await change([...where, ...same], { ...set, [version]: Number(known) + 1 }, managed)
        written += changed.length
        done.push(...changed)
      }
      if (written === found.length) return done
    }
    throw new RepositoryError(`${definition.name} is changed by others all the time`, {
      code: 'REPOSITORY_VERSION',
      retryable: true,
    })
  }

  const update = (where: readonly Condition[], set: Row, managed: Managed) =>
    managed.version === undefined ? change(where, set, managed) : raise(where, set, managed, managed.version)

  return {
    fields: mapper.names,
    mostIds: MOST_IDS,
    isNullable: field => mapper.of(field).nullable === true,
    comparable: (field, value) => comparableValue(field, mapper.of(field).kind, value),
    async find(where) {
      const [row] = await rowsOf(filtered(table().select(mapper.selected), where, mapper).limit(1))
      return row
    },
    async select({ where, order, limit, offset = 0 }) {
      const query = order.reduce(
        (ordered, { field, descending }) =>
          ordered.order(mapper.of(field).column, { ascending: !descending, nullsFirst: false }),
        filtered(table().select(mapper.selected), where, mapper),
      )
      const { data } = await sent<Row[]>(query.range(offset, offset + limit - 1))
      return (data ?? []).map(json => ({
        row: mapper.toEntity(json),
        keys: order.map(({ field }) => {
          const value = json[mapper.of(field).column]
          return value === null || value === undefined ? null : String(value)
        }),
      }))
    },
    async count(where) {
      const { count } = await sent(filtered(table().select(idColumn, { count: 'exact' }), where, mapper).limit(1))
      return count ?? 0
    },
    async insert(row, managed) {
      const [written] = await rowsOf(
        table()
          .insert(payload(row, managed) as never)
          .select(mapper.selected),
      )
      return written as Row
    },
    async insertMany(rows, managed) {
      await sent(table().insert(rows.map(row => payload(row, managed)) as never, { defaultToNull: false }))
      return rows.length
    },
    async upsert(rows, { by, created, changed, guard }) {
      const conflict = by.map(field => mapper.of(field).column).join()
      // Never merged by PostgREST, which would take over a row that is not the tenant's: only what is not there is added.
      const added = await rowsOf(
        table()
          .upsert(rows.map(row => payload(row, created)) as never, {
            onConflict: conflict,
            ignoreDuplicates: true,
            defaultToNull: false,
          })
          .select(mapper.selected),
      )
      const keyOf = (row: Row) => JSON.stringify(by.map(field => String({ ...created.values, ...row }[field])))
      const isAdded = new Set(added.map(keyOf))
      const written = [...added]
      for (const row of rows) {
        if (isAdded.has(keyOf(row))) continue
        const same = by.map(field => ({ field, operator: 'eq' as const, value: { ...created.values, ...row }[field] }))
        const { [id]: _id, ...set } = row
        written.push(...(await update([...same, ...guard], set, changed)))
      }
      return written
    },
    update: (where, set, managed) => update(where, set, managed),
    delete: where => rowsOf(filtered(table().delete(), where, mapper).select(mapper.selected)),
    isInTransaction: () => false,
    onceWritten: call => call(),
  }
}
