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
  const doubtful = sql.indexOf("\\'")
  const known = doubtful < 0 || /(?<![\w$])[eE]'[^']*$/.test(sql.slice(0, doubtful)) ? sql : sql.slice(0, doubtful)
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
