/** What is put in the place of texts and of numbers. */
interface Placeholders {
  text: string
  number: string
}
const SHOWN: Placeholders = { text: "'…'", number: '?' }
/** Of a form that parsers read; no statement has a parameter of that number. */
const AS_PARAMETERS: Placeholders = { text: '$0', number: '$0' }

/** A token of SQL in which a literal may stand, as Postgres splits them; what ends before its closing quote was cut. */
const TOKEN = new RegExp(
  [
    String.raw`(?<comment>--[^\n]*|/\*[\s\S]*?(?:\*/|$))`,
    '(?<name>"(?:[^"]|"")*"?)',
    String.raw`(?<escaped>[eE]'(?:[^'\\]|\\[\s\S]|'')*(?:'|\\?$))`,
    "(?<text>(?:[xXbBnN]|[uU]&)?'(?:[^']|'')*(?:'|$))",
    String.raw`(?<dollar>\$(?<tag>[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$[\s\S]*?(?:\$\k<tag>\$|$))`,
    String.raw`(?<word>[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|\$\d+)`,
    String.raw`(?<number>\d[\w.]*)`,
  ].join('|'),
  'g',
)

/**
 * The statement with its values replaced and its comments removed: what it does to which tables, not to whom. With
 * `standard_conforming_strings` off, `\'` does not end a string; where that cannot be known, nothing after it is shown.
 */
export function maskLiterals(sql: string): string {
  return mask(sql, SHOWN)
}

/** The same with a parameter in the place of every value, so that statements that differ in values only are the same text. */
export function literalsAsParameters(sql: string): string {
  return mask(sql, AS_PARAMETERS)
}

function mask(sql: string, placeholders: Placeholders): string {
  const known = withoutDoubtful(sql)
  const masked = known
    .replace(TOKEN, (token, ...rest) => {
      const { comment, name, word, number } = rest.at(-1) as Record<string, string | undefined>
      if (comment !== undefined) return ' '
      if (number !== undefined) return placeholders.number
      return name !== undefined || word !== undefined ? token : placeholders.text
    })
    .trim()
  return known === sql ? masked : `${masked} …`
}

/** Up to the first `\'` in a string that is not of the form `E'…'`: before it, both readings split the statement alike. */
function withoutDoubtful(sql: string): string {
  for (const { index, groups } of sql.matchAll(TOKEN)) {
    const doubtful = groups?.text?.indexOf("\\'") ?? -1
    if (doubtful >= 0) return sql.slice(0, index + doubtful)
  }
  return sql
}
