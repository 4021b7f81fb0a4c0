import type { Ask } from '../../../../infrastructure/insight/index.ts'
import { type BrowsedTable, describeTable } from '../browse/table.ts'
import type { Checked } from './check-statement.ts'
import type { TableUse } from './table-use.ts'

export interface ResolvedTable {
  use: TableUse
  schema: string
  table: BrowsedTable
}

export interface Unreadable {
  kind: 'absent' | 'denied'
  words: string
  grant?: string
}

/** The tables of a query as the catalog describes them: only those that can be browsed, without what the configuration hides. */
export async function resolveTables(
  ask: Ask,
  { tables }: Checked,
  hidden: readonly string[],
): Promise<ResolvedTable[] | Unreadable> {
  const resolved: ResolvedTable[] = []
  for (const use of tables) {
    const schema = use.schema ?? (await schemaOf(ask, use.name))
    const name = `${schema ?? 'public'}.${use.name}`
    if (hidden.includes(name)) return { kind: 'denied', words: `${name} is hidden by substation.config.ts.` }
    const table = schema === undefined ? undefined : await describeTable(ask, { schema, table: use.name, hidden })
    if (schema === undefined || !table)
      return {
        kind: 'absent',
        words: `There is no table ${name} that can be read here: views, foreign tables, partitions and catalogs of the system are left out.`,
      }
    if (!table.readable)
      return { kind: 'denied', words: `The account of the console may not read ${name}.`, grant: table.grant }
    const below = await hiddenBelow(ask, schema, use.name, hidden)
    if (below !== undefined)
      return { kind: 'denied', words: `${name} contains ${below}, which is hidden by substation.config.ts.` }
    resolved.push({ use, schema, table })
  }
  return resolved
}

/** Where Postgres would find a table that is named without its schema. */
async function schemaOf(ask: Ask, name: string): Promise<string | undefined> {
  const [found] = await ask<{ schema: string }>(
    `select n.nspname::text as schema from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relname = $1::text and n.nspname = any(current_schemas(false)) order by array_position(current_schemas(false), n.nspname) limit 1`,
    [name],
  )
  return found?.schema
}

/** A hidden table, or one with a hidden column, whose rows are also rows of this one. */
async function hiddenBelow(
  ask: Ask,
  schema: string,
  table: string,
  hidden: readonly string[],
): Promise<string | undefined> {
  if (hidden.length === 0) return undefined
  const below = await ask<{ name: string }>(
    `with recursive below(id) as (
       select i.inhrelid from pg_inherits i join pg_class c on c.oid = i.inhparent join pg_namespace n on n.oid = c.relnamespace
         where n.nspname = $1::text and c.relname = $2::text
       union select i.inhrelid from pg_inherits i join below b on i.inhparent = b.id)
     select n.nspname || '.' || c.relname as name from below b join pg_class c on c.oid = b.id join pg_namespace n on n.oid = c.relnamespace`,
    [schema, table],
  )
  return hidden.find(one => below.some(({ name }) => one === name || one.startsWith(`${name}.`)))
}

/** Why a column cannot be read, in words: masked, a whole row, or of no table here. Whatever is left, the tables that a query is given do not contain. */
export function columnProblem(
  { columns, given, rows }: Checked,
  resolved: readonly ResolvedTable[],
): string | undefined {
  const all = resolved.flatMap(({ table }) => table.columns)
  const shown = new Set(all.filter(({ masked }) => !masked).map(({ name }) => name))
  for (const { qualifier, name } of columns) {
    const masked = all.find(column => column.name === name && column.masked)
    const isElsewhere = shown.has(name) || given.has(name)
    if (masked && !isElsewhere) return `${name} is masked, so it can be neither read nor compared.`
    if (qualifier === undefined && !isElsewhere && rows.has(name))
      return `${name} stands for a whole row here: name its columns.`
    // What is no column could be a function, which Postgres then calls with the row.
    if (qualifier !== undefined && !isElsewhere && !/^column\d+$/.test(name))
      return `There is no column ${qualifier}.${name} that can be read.`
  }
  return undefined
}
