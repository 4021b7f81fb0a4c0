const HIDDEN = "'…'"

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
  const known = withoutDoubtful(sql)
  const masked = known
    .replace(TOKEN, (token, ...rest) => {
      const { comment, name, word, number } = rest.at(-1) as Record<string, string | undefined>
      if (comment !== undefined) return ' '
      if (number !== undefined) return '?'
      return name !== undefined || word !== undefined ? token : HIDDEN
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
