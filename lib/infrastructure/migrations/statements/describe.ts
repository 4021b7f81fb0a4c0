import type { StatementForecast } from '../forecast.ts'
import type { SplitStatement } from './split.ts'

/** One statement of a migration, and what is known from its text. */
export interface MigrationStatement extends SplitStatement {
  /** Its first words, such as `CREATE INDEX CONCURRENTLY`. */
  verb: string
  /** Postgres refuses it inside a transaction, so it runs outside one, alone. */
  alone: boolean
  /** The index of a CREATE INDEX CONCURRENTLY: a failed build leaves it behind, INVALID. */
  builds?: { name: string; schema?: string }
  /** What it locks, and what it does to rows; absent where its syntax does not say. */
  forecast?: StatementForecast
  /** Postgres' own parser does not understand it, in its words. A server of a newer version may. */
  unparsed?: string
  /** Why it can never be run here: transaction control, commands of psql. */
  problem?: string
}

const ALONE: readonly RegExp[] = [
  /^(create|drop)\s+(unique\s+)?index\s+concurrently\b/,
  /^reindex\b.*\bconcurrently\b/,
  /^reindex\s+(\([^)]*\)\s*)?(database|system|schema)\b/,
  /^vacuum\b/,
  /^cluster\s*($|\(|verbose\s*$)/,
  /^(create|drop)\s+(database|tablespace)\b/,
  /^alter\s+system\b/,
  /^alter\s+database\b.*\bset\s+tablespace\b/,
  /^alter\s+table\b.*\bdetach\s+partition\b.*\bconcurrently\b/,
  /^(create|drop)\s+subscription\b/,
]
const CONTROL = /^(begin|start\s+transaction|commit|end|rollback(?!\s+to\b)|abort|prepare\s+transaction)\b/
const CONCURRENT_INDEX =
  /^create\s+(?:unique\s+)?index\s+concurrently\s+(?:if\s+not\s+exists\s+)?("(?:[^"]|"")+"|[\w$]+)\s+on\s+(?:only\s+)?(?:("(?:[^"]|"")+"|[\w$]+)\s*\.)?/i

/** The forecast of a statement by its syntax, or why it cannot be parsed. */
export type Forecast = (sql: string) => { forecast?: StatementForecast; unparsed?: string }

/** Describes a statement from its text alone. */
export function describeStatement({ sql, line }: SplitStatement, forecast: Forecast): MigrationStatement {
  const plain = withoutComments(sql)
  const lower = plain.toLowerCase()
  const built = CONCURRENT_INDEX.exec(plain)
  const [, name, schema] = built ?? []
  const problem = problemOf(lower)
  return {
    sql,
    line,
    verb: verbOf(lower),
    alone: ALONE.some(pattern => pattern.test(lower)),
    ...(name === undefined
      ? {}
      : { builds: { name: unquoted(name), ...(schema === undefined ? {} : { schema: unquoted(schema) }) } }),
    // What can never be run here needs no forecast.
    ...(problem === undefined ? forecast(sql) : { problem }),
  }
}

function problemOf(lower: string): string | undefined {
  const control = CONTROL.exec(lower)?.[0]
  if (control)
    return `contains ${control.toUpperCase()}: every migration is one transaction with its line in the journal, so it must not begin or end one itself`
  if (lower.startsWith('\\')) return `contains ${lower.split(/\s/)[0]}, a command that only psql understands`
  if (/^copy\b.*\bfrom\s+stdin\b/.test(lower)) return 'contains COPY … FROM STDIN, which needs psql to send the rows'
  return undefined
}

const TWO_WORDS = new Set(['create', 'alter', 'drop', 'comment', 'refresh', 'grant', 'revoke', 'insert', 'delete'])
const SKIPPED = /^(create\s+)(or\s+replace\s+|(global\s+|local\s+)?(temporary|temp)\s+|unlogged\s+|unique\s+)+/

function verbOf(lower: string): string {
  const [first = '', second = '', third = '', fourth = ''] = lower.replace(SKIPPED, '$1').split(/[\s(]+/)
  const words = [first]
  if (TWO_WORDS.has(first)) words.push(second)
  if (second === 'materialized') words.push(third)
  if (third === 'concurrently' || fourth === 'concurrently') words.push('concurrently')
  return (
    words
      .filter(word => /^[a-z]+$/.test(word))
      .join(' ')
      .toUpperCase() || first.slice(0, 20)
  )
}

/** The statement in one line without comments; quoted text is unchanged. */
export function withoutComments(sql: string): string {
  return sql
    .replace(
      /('(?:[^']|'')*'|"(?:[^"]|"")*")|--[^\n]*|\/\*[\s\S]*?\*\//g,
      (_match, quoted: string | undefined) => quoted ?? ' ',
    )
    .replace(/\s+/g, ' ')
    .trim()
}

const unquoted = (name: string) => (name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase())
