import type { Ask } from '../../../../infrastructure/insight/index.ts'
import { reasonOf } from '../../../platform/part/reason.ts'
import type { PostgresServer } from '../../../servers/postgres/servers.ts'
import { refusedByServer, sqlStateOf } from '../browse/browse.ts'
import { READ, shownValue } from '../browse/shown-value.ts'
import { openSqlParser } from './adapters/sql-parser.ts'
import { composeQuery, type QueryProblem, readQuery } from './compose.ts'
import type { Parameter } from './parameters.ts'
import { columnProblem, resolveTables, type Unreadable } from './resolve-tables.ts'

export const MOST_ROWS = 1_000
const MOST_COLUMNS = 100
/** Of all values together, so that wide rows do not fill the memory of the console. */
const MOST_BYTES = 8_000_000

export interface QueryText {
  text: string
  parameters: readonly Parameter[]
}

export interface QueryRows {
  kind: 'rows'
  columns: { name: string; type: string }[]
  rows: (string | null)[][]
  /** There are more rows than are shown. */
  cut: boolean
}

export type QueryRefused =
  | (QueryProblem & { nextStep?: string; grant?: string })
  | (Unreadable & { nextStep?: string })
  | { kind: 'slow' | 'locked' | 'down'; words: string; nextStep?: string; grant?: string }

interface QueryAsked extends QueryText {
  values: Readonly<Record<string, string>>
  /** Tables and columns that the configuration hides, by their full names. */
  hidden: readonly string[]
}

let parser: ReturnType<typeof openSqlParser> | undefined

/** Runs a query, read-only, or says why not. Nothing of its answer is kept. */
export async function runQuery(server: PostgresServer, asked: QueryAsked): Promise<QueryRows | QueryRefused> {
  return answerFor(server, asked, asked.values, rowsOf)
}

/** Why a query could not be run whatever its values are; undefined where it could. It is planned and not run. */
export async function refusalOfQuery(
  server: PostgresServer,
  asked: QueryText & { hidden: readonly string[] },
): Promise<QueryRefused | undefined> {
  const answer = await answerFor(server, asked, undefined, async (ask, text, values) => {
    await ask.columns(`select * from (${text}\n) q limit $${values.length + 1}::int`, [...values, 0])
    return { kind: 'planned' as const }
  })
  return answer.kind === 'planned' ? undefined : answer
}

async function answerFor<Answer>(
  server: PostgresServer,
  { text, parameters, hidden }: QueryText & { hidden: readonly string[] },
  values: Readonly<Record<string, string>> | undefined,
  answer: (ask: Ask, composed: string, values: string[]) => Promise<Answer | QueryRefused>,
): Promise<Answer | QueryRefused> {
  parser ??= openSqlParser()
  const opened = await parser
  const query = readQuery(opened, text, parameters, values)
  if ('kind' in query) return query
  try {
    return await server.ask<Answer | QueryRefused>({
      id: 'query',
      freshFor: 0,
      async answer(ask) {
        const tables = await resolveTables(ask, query.checked, hidden)
        if (!Array.isArray(tables)) return tables
        const problem = columnProblem(query.checked, tables)
        if (problem !== undefined) return { kind: 'query', words: problem }
        const composed = composeQuery(query, tables)
        if (typeof composed !== 'string') return composed
        const again = opened.parse(composed)
        if ('problem' in again || again.statements.length !== 1)
          return { kind: 'query', words: 'A table stands where a part of a query cannot: write FROM and an alias.' }
        // Strings are read here as the parser read them; names without a schema are Postgres' own; times without a zone are UTC.
        await ask(
          `select set_config('standard_conforming_strings', 'on', true), set_config('search_path', 'pg_catalog, pg_temp', true), set_config('TimeZone', 'UTC', true)`,
        )
        return answer(ask, composed, query.values)
      },
    })
  } catch (error) {
    return refusedBy(error, query.checked.tables.map(({ name }) => name).join(', '), server.name)
  }
}

async function rowsOf(ask: Ask, text: string, values: string[]): Promise<QueryRows | QueryRefused> {
  const limit = `$${values.length + 1}::int`
  const columns = await ask.columns(`select * from (${text}\n) q limit ${limit}`, [...values, 0])
  if (columns.length > MOST_COLUMNS)
    return { kind: 'query', words: `It has ${columns.length} columns; ${MOST_COLUMNS} can be shown.` }
  const types = await typesOf(ask, columns)
  const names = columns.map((_, at) => `c${at + 1}`)
  const shown = names.map(
    (name, at) => `left(${isStructured(types[at]) ? `to_jsonb(q.${name})` : `q.${name}`}::text, ${READ})`,
  )
  const found = await ask<{ values: (string | null)[]; found: number }>(
    `select values, found::int as found from (
       select values, count(*) over () as found, sum(octet_length(values::text)) over (rows unbounded preceding) as bytes from (
         select to_json(array[${shown.join(', ')}]::text[]) as values from (${text}\n) q${names.length > 0 ? `(${names.join(', ')})` : ''} limit ${limit}
       ) taken
     ) counted where bytes <= ${MOST_BYTES}`,
    [...values, MOST_ROWS + 1],
  )
  const rows = found.slice(0, MOST_ROWS)
  return {
    kind: 'rows',
    columns: columns.map(({ name }, at) => ({ name, type: types[at]?.name ?? '' })),
    rows: rows.map(row =>
      names.map((_, at) => shownValue(row.values[at] ?? null, { structured: isStructured(types[at]) })),
    ),
    cut: (found[0]?.found ?? 0) > rows.length,
  }
}

interface OutputType {
  name: string
  category: string
}

/** Arrays, rows and JSON are shown as JSON, as everywhere. */
const isStructured = (type: OutputType | undefined) =>
  type === undefined || /^[AC]$/.test(type.category) || /^(jsonb?|record)$/.test(type.name)

async function typesOf(ask: Ask, columns: readonly { type: number }[]): Promise<(OutputType | undefined)[]> {
  const known = await ask<OutputType & { id: string }>(
    `select t.oid::text as id, format_type(t.oid, null) as name, t.typcategory::text as category from pg_type t
     where t.oid::text in (select json_array_elements_text($1::text::json))`,
    [JSON.stringify(columns.map(({ type }) => String(type)))],
  )
  return columns.map(({ type }) => known.find(({ id }) => id === String(type)))
}

/** Errors of the classes 42 and 0A are about names, types and grammar, and are said as Postgres says them; what others quote may be values. */
function refusedBy(error: unknown, tables: string, server: string): QueryRefused {
  const state = sqlStateOf(error)
  if ((state?.startsWith('42') && state !== '42501') || state?.startsWith('0A'))
    return { kind: 'syntax', words: `${reasonOf(`Postgres ${server}`, error)}.` }
  if (state?.startsWith('22') || state?.startsWith('21'))
    return {
      kind: 'value',
      words:
        'A value does not fit: one that is cast to another type, a division by zero, or more than one row where one is expected.',
    }
  if (state?.startsWith('53') || state?.startsWith('54'))
    return { kind: 'slow', words: 'The query needs more memory or space than the server gives, and was cancelled.' }
  const { kind, ...rest } = refusedByServer(error, 'The query', tables || 'a table', server)
  return { kind, ...rest }
}
