/** One comparison of a column in a plan's condition. */
export interface Comparison {
  column: string
  /** `equality` narrows to single values, `range` to an interval. */
  by: 'equality' | 'range'
}

const NAME = String.raw`(?:"(?:[^"]|"")+"|[a-z_][\w$]*)`
const COLUMN = String.raw`\(?(?:(${NAME})\.)?(${NAME})\)?(?:::[a-z ]+(?:\(\d+\))?(?:\[\])?)?`
const OPERATOR = '(=|<|<=|>|>=|IS NULL)'
const BEFORE = new RegExp(`^${COLUMN} ${OPERATOR}(?: |$)`, 'i')
const BEHIND = new RegExp(` ${OPERATOR} ${COLUMN}$`, 'i')

/**
 * The comparisons of a table's columns that all have to be true, out of the text that EXPLAIN (VERBOSE) prints, in which columns are written
 * with the table's alias: `((o.customer = 7) AND (o.at > $1))`. It is Postgres' own deparsed form, not SQL that anyone wrote (`$0`,
 * `SubPlan 1`, `hashed SubPlan`), so a parser of SQL refuses it. What is not the plain comparison of a column (an expression, an OR,
 * `<>`, LIKE) is left out: an index of the column alone does not answer it.
 */
export function comparisonsIn(text: string, alias: string): Comparison[] {
  return partsOf(unwrapped(text.trim()), ' AND ').flatMap(part => {
    const comparison = unwrapped(part)
    if (partsOf(comparison, ' OR ').length > 1) return []
    const [, table, column = '', operator] = BEFORE.exec(comparison) ?? []
    if (table && unquoted(table) === alias) return [{ column: unquoted(column), by: kindOf(operator) }]
    const [, otherOperator, otherTable, otherColumn = ''] = BEHIND.exec(comparison) ?? []
    if (!otherTable || unquoted(otherTable) !== alias) return []
    return [{ column: unquoted(otherColumn), by: kindOf(otherOperator) }]
  })
}

const kindOf = (operator = ''): Comparison['by'] => (/^(=|is null)$/i.test(operator) ? 'equality' : 'range')

/** Splits at each AND or OR outside parentheses and quotes. */
function partsOf(text: string, by: ' AND ' | ' OR '): string[] {
  const parts: string[] = []
  let begin = 0
  for (const { at, depth } of outsideQuotes(text))
    if (depth === 0 && text.startsWith(by, at)) {
      parts.push(text.slice(begin, at))
      begin = at + by.length
    }
  return [...parts, text.slice(begin)].map(part => part.trim())
}

/** Without the parentheses around the whole. */
function unwrapped(text: string): string {
  if (!text.startsWith('(') || !text.endsWith(')')) return text
  for (const { at, depth } of outsideQuotes(text)) if (depth === 0 && at < text.length - 1) return text
  return unwrapped(text.slice(1, -1).trim())
}

/** Every place outside quotes, with how many parentheses are open behind its character. */
function* outsideQuotes(text: string): Generator<{ at: number; depth: number }> {
  let depth = 0
  let quote = ''
  for (let at = 0; at < text.length; at++) {
    const char = text[at] as string
    if (quote) {
      if (char === quote) quote = ''
      continue
    }
    if (char === "'" || char === '"') quote = char
    else if (char === '(' || char === '[') depth++
    else if (char === ')' || char === ']') depth--
    yield { at, depth }
  }
}

const unquoted = (name: string) => (name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name)
