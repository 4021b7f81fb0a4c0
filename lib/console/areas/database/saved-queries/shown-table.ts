import type { BrowsedColumn, BrowsedTable } from '../browse/table.ts'
import { guardedJson, guardedText } from './secret-guard.ts'
import type { TableUse } from './table-use.ts'

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`

/** Types that are given to the query as they are, which keeps their indexes. A card number in an int8 or numeric is only hidden when it is shown: `n - 1` reveals it, so such a column must be hidden by the configuration. */
const PLAIN =
  /^_?(int2|int4|int8|float4|float8|numeric|bool|date|time|timetz|timestamp|timestamptz|interval|uuid|inet|cidr|macaddr)$/

/** Of these `column = text` can use the index of the column. */
const TEXTS = /^(text|varchar)$/

/**
 * The table as a query may see it: what is masked is not there, so that no star, row, alias, join or order reaches it; secrets in what is there are
 * hidden before anything is computed from them. It takes the place of the table's name.
 */
export function shownTable(schema: string, name: string, { columns }: BrowsedTable, { equals }: TableUse): string {
  const shown = columns.filter(({ masked }) => !masked)
  const conditions = equals.flatMap(({ column, by }) => {
    const found = shown.find(one => one.name === column)
    if (!found?.builtIn || !TEXTS.test(found.builtIn)) return []
    if (!('parameter' in by) && by.text.includes('\\')) return []
    const value = 'parameter' in by ? `$${by.parameter}::text` : `'${by.text.replaceAll("'", "''")}'::text`
    // A guess of a hidden value must find no row here: an error of another condition, or the time it takes, would confirm it.
    return [`t.${quoted(column)} = ${guardedText(value)}`]
  })
  return `(select ${shown.map(column => `${shownColumn(column)} as ${quoted(column.name)}`).join(', ')} from ${quoted(schema)}.${quoted(name)} t${
    conditions.length > 0 ? ` where ${conditions.join(' and ')}` : ''
  })`
}

function shownColumn({ name, builtIn, isEnum, structured }: BrowsedColumn): string {
  const column = `t.${quoted(name)}`
  if (isEnum) return column
  if (builtIn && PLAIN.test(builtIn)) return `${column}::${builtIn.startsWith('_') ? `${builtIn.slice(1)}[]` : builtIn}`
  return structured ? guardedJson(`to_jsonb(${column})`) : guardedText(`${column}::text`)
}
