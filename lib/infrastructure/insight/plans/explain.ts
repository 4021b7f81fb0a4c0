import type { Ask, AskParameter } from '../port.ts'
import { ExplainError } from './explain-error.ts'
import { parsePlan } from './parse.ts'
import type { Plan } from './port.ts'
import { refuseRelationsOfOthers } from './relations-of-others.ts'

export interface ExplainOptions {
  /** One for each `$1`, `$2`, … as text, converted as the statement says. Without them the plan is the generic one. */
  values?: readonly AskParameter[]
  /** Runs the statement to measure it: in the read-only transaction of `ask`, for `timeoutMs` at most, and rolled back. */
  analyze?: boolean
  /** ms; default 10,000. */
  timeoutMs?: number
}

/** EXPLAIN (GENERIC_PLAN) exists since Postgres 16. */
const GENERIC_SINCE = 16
const EXPLAINABLE = /^(select|insert|update|delete|merge|with|values|table)\b/i

/**
 * The plan of one statement. With parameters and no values it is the generic plan, which fits no value in particular; before Postgres 16
 * there is none, and values have to be given. Rejects with ExplainError where it cannot be had, with DatabaseError where Postgres refuses.
 */
export async function explain(ask: Ask, text: string, options: ExplainOptions = {}): Promise<Plan> {
  const { values = [], analyze = false, timeoutMs = 10_000 } = options
  const statement = explainable(text)
  const wanted = parametersOf(statement)
  if (values.length !== 0 && values.length !== wanted)
    throw new ExplainError(`The statement has ${wanted} parameters, and ${values.length} values were given`)
  const generic = wanted > 0 && values.length === 0
  if (generic && analyze)
    throw new ExplainError('A statement with parameters can only be run with values for them', {
      nextStep: 'Give a value for each of its parameters.',
    })
  if (generic && ask.major < GENERIC_SINCE)
    throw new ExplainError(`Postgres ${ask.major} has no plan without values (EXPLAIN (GENERIC_PLAN) came with 16)`, {
      nextStep: 'Give a value for each of its parameters.',
    })
  const how = [
    'format json',
    'verbose',
    ...(analyze ? ['analyze', 'buffers'] : []),
    ...(generic ? ['generic_plan'] : []),
  ]
  await refuseRelationsOfOthers(ask, statement)
  await ask('savepoint plan')
  // As it would run for its own session, which may compile it.
  await ask('set local jit to default')
  await ask(`set local statement_timeout = ${Math.round(timeoutMs)}`)
  const [row] = await ask<{ 'QUERY PLAN': unknown }>(`explain (${how.join(', ')}) ${statement}`, values)
  await ask('rollback to savepoint plan')
  return parsePlan(row?.['QUERY PLAN'])
}

/** The statement as EXPLAIN takes it. Throws ExplainError for a text that has no plan. */
export function explainable(text: string): string {
  const statement = repaired(withoutComments(text))
  if (!EXPLAINABLE.test(statement))
    throw new ExplainError('Only SELECT, INSERT, UPDATE, DELETE, MERGE and VALUES have plans')
  // Without values the text is sent as it is, and Postgres would take several statements in one text.
  if (statement.includes(';'))
    throw new ExplainError('A statement with a semicolon in it is not explained: it could be several')
  return statement
}

/** The highest `$n` outside quotes and comments. */
export function parametersOf(text: string): number {
  const bare = withoutComments(text).replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"|\$([a-z_]\w*)?\$.*?\$\1\$/gis, '')
  return Math.max(0, ...[...bare.matchAll(/\$(\d+)/g)].map(([, digits]) => Number(digits)))
}

/** Without what is in front of it and the semicolon behind it. */
const withoutComments = (text: string) => text.replace(/^(\s|--[^\n]*(\n|$)|\/\*.*?\*\/)+|[\s;]+$/gs, '')

/** pg_stat_statements writes `interval '1 day'` as `interval $1`, which is no SQL; the same as a cast is. */
const repaired = (text: string) => text.replace(/\b(interval|date|time|timestamp|timestamptz)\s+(\$\d+)/gi, '($2::$1)')
