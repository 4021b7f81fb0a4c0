import type { QueryCondition } from './condition.ts'
import { testOf } from './test-of.ts'
import { QueryError, type QueryProblem, type Token, tokensOf } from './tokens.ts'

/** The longest query, and how deep parentheses may go. */
export const LONGEST_QUERY = 1_000
const DEEPEST = 20

export type ParsedQuery = { ok: true; condition: QueryCondition } | { ok: false; problem: QueryProblem }

/**
 * The language of the search for jobs. What stands side by side must all be so; `or`, `not` and parentheses are as anywhere:
 *
 *     query   = all { "or" all }
 *     all     = one { ["and"] one }
 *     one     = "not" one | "(" query ")" | field comparison value | text
 *
 * A field is one of `FIELDS`, or a path within `data`, `options` or `result`. Comparisons are = != > >= < <= ~ (contains) and !~.
 */
export function parseQuery(query: string, now = Date.now()): ParsedQuery {
  try {
    if (query.length > LONGEST_QUERY)
      throw new QueryError({
        message: `A query has at most ${LONGEST_QUERY.toLocaleString('en')} characters.`,
        at: LONGEST_QUERY,
        length: query.length - LONGEST_QUERY,
      })
    return { ok: true, condition: parse(tokensOf(query), now) }
  } catch (error) {
    if (error instanceof QueryError) return { ok: false, problem: error.problem }
    throw error
  }
}

function parse(tokens: readonly Token[], now: number): QueryCondition {
  let next = 0
  let depth = 0
  const peek = () => tokens[next] as Token
  const take = () => tokens[next++] as Token
  const fail = ({ at, length }: Token, message: string): never => {
    throw new QueryError({ message, at, length })
  }
  const isWord = (token: Token, word: string) =>
    token.kind === 'word' && !token.quoted && token.text.toLowerCase() === word
  /** `or = 3` would be a field, and there is none of that name, so a word before a comparison is never a connective. */
  const connects = (word: string) => isWord(peek(), word) && tokens[next + 1]?.kind !== 'is'

  function query(): QueryCondition {
    const any = [all()]
    while (connects('or')) {
      take()
      any.push(all())
    }
    return any.length === 1 ? (any[0] as QueryCondition) : { any }
  }

  function all(): QueryCondition {
    const every = [one()]
    for (;;) {
      if (connects('and')) take()
      else if (peek().kind === 'end' || peek().kind === 'close' || connects('or')) break
      every.push(one())
    }
    return every.length === 1 ? (every[0] as QueryCondition) : { all: every }
  }

  function one(): QueryCondition {
    if (connects('not')) {
      take()
      return { not: nested(one) }
    }
    const token = take()
    if (token.kind === 'open') {
      const inner = nested(query)
      if (peek().kind !== 'close') fail(token, 'This parenthesis is not closed.')
      take()
      return inner
    }
    if (token.kind === 'is') return fail(token, 'A field must stand before the comparison: data.order.id = 42.')
    if (token.kind !== 'word')
      return fail(
        token,
        token.kind === 'close'
          ? 'There is nothing before this parenthesis.'
          : next > 1
            ? 'Something is missing at the end.'
            : 'Say what to look for.',
      )
    if (peek().kind !== 'is') {
      if (token.text === '') fail(token, 'An empty text is in every job.')
      if (connectsAlone(token)) fail(token, `Something must stand on both sides of “${token.text}”.`)
      return { test: 'text', contains: token.text }
    }
    const comparison = take() as Token & { kind: 'is' }
    const value = take()
    if (value.kind !== 'word') return fail(comparison, 'A value must follow the comparison.')
    return testOf(token, comparison, value, now)
  }

  function nested(inner: () => QueryCondition): QueryCondition {
    if (++depth > DEEPEST) fail(peek(), 'Parentheses are nested too deep.')
    const condition = inner()
    depth--
    return condition
  }

  const connectsAlone = (token: Token) => ['and', 'or'].some(word => isWord(token, word))

  const condition = query()
  if (peek().kind !== 'end') fail(peek(), 'There is no opening parenthesis for this one.')
  return condition
}
