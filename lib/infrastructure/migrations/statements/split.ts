/** One statement of a file, without the comments before it and without its semicolon. */
export interface SplitStatement {
  sql: string
  /** Line of the file on which it begins, from 1. */
  line: number
}

const WORD = /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y
const DOLLAR = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y

/**
 * The statements of an SQL file, as psql would send them: semicolons in quotes, dollar quotes, comments, parentheses and
 * `BEGIN ATOMIC … END` bodies do not end one. An unterminated statement at the end is returned as it is; Postgres reports the error.
 */
export function splitStatements(text: string): SplitStatement[] {
  const statements: SplitStatement[] = []
  let begin = -1
  let line = 1
  let beginLine = 1
  let parentheses = 0
  let words: string[] = []
  let bodies = 0
  let at = 0

  const advance = (to: number) => {
    for (let i = at; i < to && i < text.length; i++) if (text[i] === '\n') line++
    at = Math.min(to, text.length)
  }
  const open = () => {
    if (begin >= 0) return
    begin = at
    beginLine = line
  }
  const close = () => {
    if (begin >= 0) statements.push({ sql: text.slice(begin, at).trimEnd(), line: beginLine })
    begin = -1
    parentheses = 0
    bodies = 0
    words = []
  }

  while (at < text.length) {
    const char = text[at] as string
    const two = text.slice(at, at + 2)
    if (two === '--') {
      const end = text.indexOf('\n', at)
      advance(end < 0 ? text.length : end)
    } else if (two === '/*') advance(endOfComment(text, at))
    else if (/\s/.test(char)) advance(at + 1)
    else if (char === ';') {
      if (parentheses === 0 && bodies === 0) close()
      advance(at + 1)
    } else {
      open()
      const word = matchAt(WORD, text, at)
      const dollar = char === '$' ? matchAt(DOLLAR, text, at) : undefined
      if (word) {
        const lower = word.toLowerCase()
        // E'…' is the one string in which a backslash escapes.
        if (lower === 'e' && text[at + 1] === "'") {
          advance(endOfString(text, at + 1, true))
          continue
        }
        if (words.length < 4) words.push(lower)
        bodies = depthAfter(lower, bodies, words)
        advance(at + word.length)
      } else if (dollar) {
        const end = text.indexOf(dollar, at + dollar.length)
        advance(end < 0 ? text.length : end + dollar.length)
      } else if (char === "'" || char === '"') advance(endOfString(text, at, false))
      else {
        if (char === '(') parentheses++
        if (char === ')') parentheses = Math.max(0, parentheses - 1)
        // Letters may follow a number (1e5, $1): they do not begin a word.
        advance(at + (/^[\d$][\w.]*/.exec(text.slice(at, at + 64))?.[0].length ?? 1))
      }
    }
  }
  close()
  return statements
}

/** In CREATE FUNCTION or PROCEDURE, END closes BEGIN and CASE. */
function depthAfter(word: string, depth: number, words: readonly string[]): number {
  const routine = words[0] === 'create' && words.some(known => known === 'function' || known === 'procedure')
  if (!routine) return 0
  if (word === 'begin' || (word === 'case' && depth > 0)) return depth + 1
  return word === 'end' && depth > 0 ? depth - 1 : depth
}

function endOfComment(text: string, from: number): number {
  let depth = 0
  for (let i = from; i < text.length; i++) {
    const two = text.slice(i, i + 2)
    if (two === '/*') depth++
    else if (two === '*/') depth--
    else continue
    i++
    if (depth === 0) return i + 1
  }
  return text.length
}

function endOfString(text: string, from: number, escapes: boolean): number {
  const quote = text[from]
  for (let i = from + 1; i < text.length; i++) {
    if (escapes && text[i] === '\\') i++
    else if (text[i] === quote) {
      if (text[i + 1] !== quote) return i + 1
      i++
    }
  }
  return text.length
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0]
}
