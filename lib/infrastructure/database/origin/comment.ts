/**
 * Who sends a statement, as a comment behind it: https://google.github.io/sqlcommenter/spec. Of `traceparent` and other keys that differ
 * from call to call beware where statements are prepared: each text is a statement of its own for the server.
 */
export type StatementOrigin = Readonly<Record<string, string>>

/** Keys that this library writes; others are kept by `originIn` as they are. */
export interface CallerOrigin {
  service?: string
  route?: string
  job?: string
}

/** The comment, or nothing for no values: `/*route='%2Forders',service='checkout'*\/`. Keys sorted, as the specification wants. */
export function originComment(origin: CallerOrigin | StatementOrigin): string {
  const pairs = Object.entries(origin)
    .filter((pair): pair is [string, string] => typeof pair[1] === 'string' && pair[1] !== '')
    .map(([key, value]) => `${encoded(key)}='${encoded(value)}'`)
    .sort()
  return pairs.length === 0 ? '' : `/*${pairs.join(',')}*/`
}

/** The statement with its origin behind it. One that has a comment of this kind already stays as it is. */
export function withOrigin(statement: string, origin: CallerOrigin | StatementOrigin): string {
  const comment = originComment(origin)
  if (comment === '' || originIn(statement)) return statement
  return `${statement.trimEnd().replace(/;$/, '')} ${comment}`
}

const PAIR = String.raw`[^=,'*/\s]+='(?:[^'\\]|\\.)*'`
const COMMENT = new RegExp(String.raw`/\*\s*(${PAIR}(?:\s*,\s*${PAIR})*)\s*\*/`, 'g')

/**
 * Reads the last such comment of a statement. pg_stat_statements keeps the text of the first call only: two routes that send the same
 * statement are one entry there, with the comment of the one that came first.
 */
export function originIn(statement: string): StatementOrigin | undefined {
  const pairs = [...statement.matchAll(COMMENT)].at(-1)?.[1]
  if (pairs === undefined) return undefined
  const found = [...pairs.matchAll(/([^=,\s]+)='((?:[^'\\]|\\.)*)'/g)]
  return Object.fromEntries(found.map(([, key = '', value = '']) => [decoded(key), decoded(value)]))
}

/** Without comments of this kind, for showing it. */
export function withoutOrigin(statement: string): string {
  return statement.replace(COMMENT, '').trim()
}

/** encodeURIComponent leaves `'` and `*`, which would end the value or the comment. */
const encoded = (text: string) =>
  encodeURIComponent(text).replace(/['*]/g, char => `%${char.charCodeAt(0).toString(16)}`)

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replace(/\\(.)/g, '$1'))
  } catch {
    return text
  }
}
