import { getTableName, type SQL, type SQLChunk, sql } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import type { ChangeKind, Managed, Row } from '../row-store.ts'
import { type DrizzleColumns, jsonValue, recordType } from './drizzle-columns.ts'

/** What the audit trail notes of a change; its rows are written by the statement that makes it. */
export interface TrailParts {
  entity: string
  tenant: string | undefined
  actor: string | undefined
  /** Fields whose values are left out. */
  hidden: readonly string[]
}

interface Parts {
  table: PgTable
  columns: DrizzleColumns
  id: string
  trail: TrailParts | undefined
}

/** The statements that change rows of one table. Names come from the table's definition, everything else is a parameter. */
export class DrizzleWrites {
  readonly #parts: Parts
  readonly #id: SQL

  constructor(parts: Parts) {
    this.#parts = parts
    this.#id = this.#name(parts.id)
  }

  insert(rows: readonly Row[], managed: Managed): SQL {
    return this.#made(this.#insertion(rows, managed).statement, 'create', this.#parts.trail && sql`null::jsonb`)
  }

  /** The same without the rows as its result: one row for each, or none at all and their count as the command's. */
  insertMany(rows: readonly Row[], managed: Managed): SQL {
    const { statement } = this.#insertion(rows, managed)
    return this.#parts.trail ? this.#made(statement, 'create', sql`null::jsonb`, sql`1`) : statement
  }

  /** `given` are the fields that callers gave, and change where the row is there. */
  upsert(
    rows: readonly Row[],
    {
      by,
      created,
      changed,
      guard,
      given,
    }: { by: string[]; created: Managed; changed: Managed; guard: SQL; given: string[] },
  ): SQL {
    const { table, columns, trail } = this.#parts
    const { statement, from, at } = this.#insertion(rows, created)
    const target = list(by.map(field => this.#name(field)))
    const taken = given.filter(field => field !== this.#parts.id && !by.includes(field))
    const own = Object.entries(columns.withDefaults({}, 'update')).filter(([field]) => !given.includes(field))
    const assignments = list([
      ...taken.map(field => sql`${this.#name(field)} = excluded.${this.#name(field)}`),
      ...own.map(([field, value]) => this.#assigned(field, value)),
      ...this.#managed(changed).map(({ name, value }) => sql`${name} = ${value}`),
      // Postgres wants something to be set, and the row to be returned.
      ...(taken.length === 0 ? [sql`${this.#id} = ${columns.of(this.#parts.id)}`] : []),
    ])
    // Rows that are there are read, and locked, before any is written: an insert alone would not wait for that.
    const source = trail ? sql`${statement} where (select count(*) from old) >= 0` : statement
    const upsert = sql`${source} on conflict (${target}) do update set ${assignments} where ${guard}`
    if (!trail) return this.#made(upsert, 'update', undefined)
    const same = by.map(field => {
      const value = at(field) ?? sql.param(created.values[field], columns.of(field))
      return sql`${columns.of(field)} = ${value}`
    })
    const old = sql`select ${table}.* from ${table} join ${from} on ${sql.join(same, sql` and `)} where ${guard} for update of ${sql.identifier(getTableName(table))}`
    return this.#audited(old, upsert, 'upsert')
  }

  /** All rows have the same fields. Their values are one parameter, which costs the same to send for a row as for ten thousand. */
  #insertion(rows: readonly Row[], managed: Managed) {
    const { table, columns } = this.#parts
    const given = Object.keys(rows[0] ?? {}).map((field, at) => {
      const column = columns.of(field)
      return { field, column, at: sql`${sql.identifier(String(at))}` }
    })
    const json = JSON.stringify(
      rows.map(row => ({ ...given.map(({ field, column }) => jsonValue(column, row[field])) })),
    )
    const own = this.#managed(managed)
    const record = list(given.map(({ column, at }) => sql`${at} ${sql.raw(recordType(column))}`))
    const names = list([...given.map(({ field }) => this.#name(field)), ...own.map(({ name }) => name)])
    const values = list([...given.map(({ at }) => sql`r.${at}`), ...own.map(({ value }) => value)])
    const from = sql`json_to_recordset(${json}::json) as r(${record})`
    return {
      from,
      statement: sql`insert into ${table} (${names}) select ${values} from ${from}`,
      at: (field: string) => {
        const found = given.find(one => one.field === field)
        return found && sql`r.${found.at}`
      },
    }
  }

  update(where: SQL | undefined, set: Row, managed: Managed, kind: ChangeKind): SQL {
    const { table, columns, trail } = this.#parts
    const assignments = list([
      ...Object.entries(columns.withDefaults(set, 'update')).map(([field, value]) => this.#assigned(field, value)),
      ...this.#managed(managed).map(({ name, value }) => sql`${name} = ${value}`),
    ])
    if (!trail) return this.#made(sql`update ${table} set ${assignments} where ${where}`, kind, undefined)
    const old = sql`select ${table}.* from ${table} where ${where} for update`
    const id = columns.of(this.#parts.id)
    return this.#audited(old, sql`update ${table} set ${assignments} from old where ${id} = old.${this.#id}`, kind)
  }

  delete(where: SQL | undefined, kind: ChangeKind): SQL {
    const { table, trail } = this.#parts
    const statement = sql`delete from ${table} where ${where}`
    if (!trail) return this.#made(statement, kind, undefined)
    return sql`with changed as (${statement} returning ${table}.*), trail as (${this.#noted(kind, sql`to_jsonb(changed)`, sql`null::jsonb`, sql`changed`)}) select * from changed`
  }

  /** With the rows as they are now; those that a trail begins with have no earlier state. */
  #made(statement: SQL, kind: ChangeKind, before: SQL | undefined, result = sql`*`): SQL {
    const { table } = this.#parts
    if (!before) return sql`${statement} returning ${table}.*`
    return sql`with changed as (${statement} returning ${table}.*), trail as (${this.#noted(kind, before, sql`to_jsonb(changed)`, sql`changed`)}) select ${result} from changed`
  }

  #audited(old: SQL, statement: SQL, kind: ChangeKind | 'upsert'): SQL {
    const { table } = this.#parts
    const joined = sql`changed left join old on old.${this.#id} = changed.${this.#id}`
    const before = sql`case when old.${this.#id} is null then null else to_jsonb(old) end`
    return sql`with old as (${old}), changed as (${statement} returning ${table}.*), trail as (${this.#noted(kind, before, sql`to_jsonb(changed)`, joined)}) select * from changed`
  }

  #noted(kind: ChangeKind | 'upsert', before: SQL, after: SQL, from: SQL): SQL {
    const { entity, tenant, actor, hidden } = this.#parts.trail as TrailParts
    const columns = hidden.map(field => this.#parts.columns.of(field).name)
    const without = (state: SQL) => (hidden.length === 0 ? state : sql`(${state}) - ${sql.param(columns)}::text[]`)
    const action =
      kind === 'upsert' ? sql`case when old.${this.#id} is null then 'create' else 'update' end` : sql`${kind}::text`
    return sql`insert into substation_app.entity_change (entity, entity_id, tenant, action, actor, before, after)
      select ${entity}::text, changed.${this.#id}::text, ${tenant ?? null}::text, ${action}, ${actor ?? null}::text, ${without(before)}, ${without(after)} from ${from}`
  }

  #managed({ now, values, version }: Managed): { name: SQL; value: SQL }[] {
    const { columns } = this.#parts
    return [
      ...now.map(field => ({ name: this.#name(field), value: sql`now()` })),
      ...Object.entries(values).map(([field, value]) => ({
        name: this.#name(field),
        value: sql`${sql.param(value, columns.of(field))}::${sql.raw(recordType(columns.of(field)))}`,
      })),
      ...(version === undefined ? [] : [{ name: this.#name(version), value: sql`${columns.of(version)} + 1` }]),
    ]
  }

  #assigned(field: string, value: unknown): SQL {
    return sql`${this.#name(field)} = ${sql.param(value, this.#parts.columns.of(field))}`
  }

  #name(field: string): SQL {
    return sql`${sql.identifier(this.#parts.columns.of(field).name)}`
  }
}

const list = (parts: SQLChunk[]) => sql.join(parts, sql`, `)
