import type { SqlParser, Token } from './adapters/sql-parser.ts'
import { type Checked, checkStatement } from './check-statement.ts'
import { bindParameters, type Parameter } from './parameters.ts'
import type { ResolvedTable } from './resolve-tables.ts'
import { shownTable } from './shown-table.ts'
import { type Replacement, splice } from './splice.ts'

export interface QueryProblem {
  /** Of its syntax, of what it may do, or of a parameter. */
  kind: 'syntax' | 'query' | 'value'
  words: string
}

/** A query that may be run once its tables are known. */
interface ReadQuery {
  text: string
  values: string[]
  tokens: Token[]
  checked: Checked
}

/** One statement, its parameters bound, and nothing in it that is not allowed. Without values it is only checked. */
export function readQuery(
  parser: SqlParser,
  text: string,
  declared: readonly Parameter[],
  values?: Readonly<Record<string, string>>,
): ReadQuery | QueryProblem {
  if (text.trim() === '') return { kind: 'syntax', words: 'There is no statement.' }
  const named = parser.tokens(text)
  if (!named) return { kind: 'syntax', words: 'A text, a name or a comment of the query has no end.' }
  const bound = bindParameters(text, named, declared, values)
  if ('problem' in bound) return { kind: bound.ofValue ? 'value' : 'query', words: bound.problem }
  const parsed = parser.parse(bound.text)
  if ('problem' in parsed) return { kind: 'syntax', words: `Postgres cannot read it: ${parsed.problem}.` }
  const [statement, another] = parsed.statements
  if (!statement) return { kind: 'syntax', words: 'There is no statement.' }
  if (another) return { kind: 'query', words: 'Only one statement can be run.' }
  const checked = checkStatement(statement.tree)
  if ('problem' in checked) return { kind: 'query', words: checked.problem }
  const whole = Buffer.from(bound.text).subarray(0, statement.end).toString()
  return { text: whole, values: bound.values, tokens: parser.tokens(whole) ?? [], checked }
}

/** The query with each table replaced by what of it may be seen. */
export function composeQuery({ text, tokens }: ReadQuery, resolved: readonly ResolvedTable[]): string | QueryProblem {
  const replacements: Replacement[] = []
  for (const { use, schema, table } of resolved) {
    const at = tokens.findIndex(({ start }) => start === use.at)
    const last = tokens[at + (use.schema === undefined ? 0 : 2)]
    const first = tokens[at]
    if (!first || !last || /^u&/i.test(first.text) || /^u&/i.test(last.text))
      return { kind: 'query', words: `Write the name of the table ${use.name} without U&.` }
    const shown = shownTable(schema, use.name, table, use)
    const named = use.alias === undefined ? `${shown} as "${use.name.replaceAll('"', '""')}"` : shown
    const before = tokens[at - 1]
    // TABLE x is short for SELECT * FROM x.
    const isShort = before?.text.toLowerCase() === 'table'
    replacements.push(
      isShort
        ? { start: before?.start ?? 0, end: last.end, by: `(select * from ${named})` }
        : { start: first.start, end: last.end, by: named },
    )
  }
  return splice(text, replacements)
}
