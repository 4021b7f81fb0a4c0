import type { Comparison } from '../../../../infrastructure/queue/index.ts'

/** What is wrong with a query, and where: `at` is the position of the first character, from 0. */
export interface QueryProblem {
  message: string
  at: number
  length: number
}

export class QueryError extends Error {
  readonly problem: QueryProblem

  constructor(problem: QueryProblem) {
    super(problem.message)
    this.problem = problem
  }
}

interface Position {
  at: number
  length: number
}
export type Token = Position &
  (
    | { kind: 'word'; text: string; quoted: boolean; path: string[] }
    | { kind: 'is'; is: Comparison }
    | { kind: 'open' | 'close' | 'end' }
  )

const COMPARISONS = ['!=', '!~', '<=', '>=', '=', '<', '>', '~'] as const
const ENDS_WORD = /[\s()"=<>~]/

/** `data.order.id = 42` in its parts. Throws QueryError. */
export function tokensOf(query: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < query.length) {
    const character = query[at] as string
    const is = COMPARISONS.find(one => query.startsWith(one, at))
    if (/\s/.test(character)) at++
    else if (character === '(' || character === ')') {
      tokens.push({ kind: character === '(' ? 'open' : 'close', at, length: 1 })
      at++
    } else if (is) {
      tokens.push({ kind: 'is', is, at, length: is.length })
      at += is.length
    } else {
      const word = wordAt(query, at)
      tokens.push(word)
      at += word.length
    }
  }
  tokens.push({ kind: 'end', at: query.length, length: 0 })
  return tokens
}

/** A word, a quoted text, or a path of which each part may be quoted: `data."first name".de`. */
function wordAt(query: string, start: number): Token & { kind: 'word' } {
  const path: string[] = []
  let part = ''
  let at = start
  let text = ''
  const quoted = query[start] === '"'
  for (; at < query.length; at++) {
    const character = query[at] as string
    const opens = character === '"' && (at === start || query[at - 1] === '.')
    if (opens) {
      const end = endOfQuote(query, at)
      const inner = unescaped(query.slice(at + 1, end))
      part += inner
      text += inner
      at = end
      if (quoted) break
    } else if (ENDS_WORD.test(character) || (character === '!' && /[=~]/.test(query[at + 1] ?? ''))) {
      at--
      break
    } else if (character === '.') {
      path.push(part)
      part = ''
      text += '.'
    } else {
      part += character
      text += character
    }
  }
  path.push(part)
  return { kind: 'word', text, quoted, path, at: start, length: Math.min(at + 1, query.length) - start }
}

function endOfQuote(query: string, start: number): number {
  for (let at = start + 1; at < query.length; at++) {
    if (query[at] === '\\') at++
    else if (query[at] === '"') return at
  }
  throw new QueryError({ message: 'This quotation mark is not closed.', at: start, length: query.length - start })
}

const unescaped = (text: string) => text.replace(/\\(.)/gs, '$1')
