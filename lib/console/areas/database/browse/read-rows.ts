import type { Ask, AskParameter } from '../../../../infrastructure/insight/index.ts'
import type { Cursors, Place } from './cursor.ts'
import { hidesSomething, READ, SHOWN, shownValue } from './shown-value.ts'
import { type BrowsedColumn, type BrowsedTable, describeTable } from './table.ts'

export const COMPARISONS = ['equals', 'contains', 'null'] as const

export interface RowsFilter {
  column: string
  is: (typeof COMPARISONS)[number]
  value: string
}

export interface RowsAsked {
  schema: string
  table: string
  /** Tables and columns that the configuration hides, by their full names. */
  hidden: readonly string[]
  filter?: RowsFilter
  after?: string
  limit: number
  /** How far pages go in a table that has no order of its own. */
  furthest: number
}

export interface RowsPage {
  kind: 'rows'
  columns: BrowsedColumn[]
  rows: (string | null)[][]
  /** Cursor of the next page; absent after the last. */
  next?: string
  /** Ordered by these; empty: in no certain order. */
  keys: string[]
  /** More rows follow, which pages do not reach for want of an order. */
  cut: boolean
  rowSecurity: boolean
}

export interface RowsRefused {
  kind: 'absent' | 'denied' | 'column' | 'value' | 'cursor' | 'slow' | 'locked' | 'down'
  words: string
  nextStep?: string
  /** The statement that would help. */
  grant?: string
}

/** At most this many statements for one page: rows that a filter may not find are left out of it. */
const STEPS = 10

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`

/** One page of a table. Names in the statement are the catalog's, values are parameters. */
export async function readRows(ask: Ask, asked: RowsAsked, cursors: Cursors): Promise<RowsPage | RowsRefused> {
  const name = `${asked.schema}.${asked.table}`
  if (asked.hidden.includes(name)) return { kind: 'denied', words: `${name} is hidden by substation.config.ts.` }
  const table = await describeTable(ask, asked)
  if (!table) return { kind: 'absent', words: `There is no table ${name}.` }
  if (!table.readable)
    return { kind: 'denied', words: `The account of the console may not read ${name}.`, grant: table.grant }
  const filtered = table.columns.find(({ name }) => name === asked.filter?.column)
  const wrong = asked.filter && unfilterable(asked.filter, filtered)
  if (wrong) return { kind: 'column', words: wrong }
  let place = asked.after === undefined ? undefined : cursors.open(asked.after)
  if (asked.after !== undefined && (!place || 'keys' in place !== table.keys.length > 0))
    return {
      kind: 'cursor',
      words: 'This page is not one of this list any more.',
      nextStep: 'Begin with the first page.',
    }

  const page: RowsPage = {
    kind: 'rows',
    columns: table.columns,
    rows: [],
    keys: table.keys.map(({ name }) => name),
    cut: false,
    rowSecurity: table.rowSecurity,
  }
  for (let step = 0; step < STEPS; step++) {
    const wanted = asked.limit - page.rows.length
    const found = await fetchAfter(ask, table, asked, place, wanted + 1)
    const taken = found.slice(0, wanted)
    const last = taken.at(-1)
    if (last) place = placeAfter(place, taken.length, last.keys)
    page.rows.push(
      ...taken
        .filter(({ values }) => !filtered || !isHiddenFrom(values, table.columns, filtered))
        .map(({ values }) => table.columns.map((column, at) => shownValue(values[at] ?? null, column))),
    )
    if (found.length <= wanted) return page
    if (place && 'offset' in place && place.offset >= asked.furthest) return { ...page, cut: true }
    if (page.rows.length >= asked.limit) break
  }
  return { ...page, ...(place ? { next: cursors.seal(place) } : {}) }
}

/** Why there can be no such filter, in words. Whoever may filter by a masked column finds its values out. */
function unfilterable(filter: RowsFilter, column: BrowsedColumn | undefined): string | undefined {
  if (!column) return `It has no column ${filter.column}.`
  if (column.masked) return `${column.name} is masked, so it cannot be filtered by.`
  if (column.structured && filter.is !== 'null')
    return `${column.name} is ${column.type}: only “is null” can be asked of it.`
  return undefined
}

/** A value that is secret by its shape is found by no filter: being found would say what it is. */
const isHiddenFrom = (values: Fetched['values'], columns: readonly BrowsedColumn[], filtered: BrowsedColumn) =>
  hidesSomething(values[columns.indexOf(filtered)] ?? null, filtered)

function placeAfter(before: Place | undefined, count: number, keys: string[]): Place {
  if (keys.length > 0) return { keys }
  return { offset: (before && 'offset' in before ? before.offset : 0) + count }
}

interface Fetched {
  /** One for each column; null also for what is masked. */
  values: (string | null)[]
  keys: string[]
}

async function fetchAfter(
  ask: Ask,
  { columns, keys }: BrowsedTable,
  { schema, table, filter }: RowsAsked,
  place: Place | undefined,
  limit: number,
): Promise<Fetched[]> {
  const parameters: AskParameter[] = []
  const parameter = (value: AskParameter) => `$${parameters.push(value)}`
  const named = ({ name }: { name: string }) => `t.${quoted(name)}`
  const shown = (column: BrowsedColumn) =>
    column.masked
      ? `'[secret]'::text`
      : `left(${column.structured ? `to_jsonb(${named(column)})` : named(column)}::text, ${READ})`
  const conditions = [
    ...(filter ? [conditionOf(filter, columns, named, parameter)] : []),
    ...(place && 'keys' in place
      ? [
          `(${keys.map(named).join(', ')}) > (${keys.map(({ type }, at) => `${parameter(place.keys[at] ?? '')}::text::${type}`).join(', ')})`,
        ]
      : []),
  ]
  return ask<Fetched>(
    `select to_json(array[${columns.map(shown).join(', ')}]::text[]) as values,
       to_json(array[${keys.map(key => `${named(key)}::text`).join(', ')}]::text[]) as keys
     from ${quoted(schema)}.${quoted(table)} t
     ${conditions.length > 0 ? `where ${conditions.join(' and ')}` : ''}
     ${keys.length > 0 ? `order by ${keys.map(named).join(', ')}` : ''}
     limit ${parameter(limit)}::int ${place && 'offset' in place ? `offset ${parameter(place.offset)}::int` : ''}`,
    parameters,
  )
}

function conditionOf(
  { column: name, is, value }: RowsFilter,
  columns: readonly BrowsedColumn[],
  named: (column: BrowsedColumn) => string,
  parameter: (value: AskParameter) => string,
): string {
  const column = columns.find(one => one.name === name)
  if (!column) throw new Error(`no column ${name}`)
  if (is === 'null') return `${named(column)} is null`
  if (is === 'equals') return `${named(column)} = ${parameter(value)}::text::${column.type}`
  // What is not shown has not been checked for secrets either.
  return `strpos(lower(left(${named(column)}::text, ${SHOWN})), lower(${parameter(value)}::text)) > 0`
}
