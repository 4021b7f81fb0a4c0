import type { Node } from 'libpg-query'
import { textOf } from './names.ts'

/** Functions whose answer is the same for all rows of a statement: a default that calls only these is stored once, in the catalog. */
const STABLE = new Set([
  ...['now', 'transaction_timestamp', 'statement_timestamp', 'current_setting', 'timezone', 'date_trunc', 'to_char'],
  ...[
    'lower',
    'upper',
    'trim',
    'btrim',
    'md5',
    'concat',
    'coalesce',
    'array',
    'jsonb_build_object',
    'jsonb_build_array',
  ],
  ...['json_build_object', 'make_interval', 'to_timestamp', 'to_date', 'current_database', 'current_schema'],
])

/** Whether an expression may differ from row to row. A function that is not known counts as volatile, as Postgres' own default does. */
export function isVolatile(expression: Node): boolean {
  return functionsIn(expression).some(name => !STABLE.has(name))
}

function functionsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(functionsIn)
  if (typeof value !== 'object' || value === null) return []
  const called = (value as { FuncCall?: { funcname?: Node[] } }).FuncCall?.funcname?.at(-1)
  return [...(called ? [textOf(called) ?? ''] : []), ...Object.values(value).flatMap(functionsIn)]
}
