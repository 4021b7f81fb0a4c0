import type postgres from 'postgres'

type Parse = (text: string) => unknown

/** Arrays of boxes are written with `;`, all others with `,`. */
const BOXES = 1020

/**
 * postgres.js reads a NULL in an array as the text 'NULL', which is a value, too, or as NaN. It has no option for how arrays are read, but it notes
 * which type is the array of which before it sets its own parser: then this one is in its place.
 */
export function readNullsInArrays(sql: postgres.Sql): void {
  const { parsers, shared } = sql.options as unknown as {
    parsers: Record<number, Parse | undefined>
    shared: { typeArrayMap: Record<number, number> }
  }
  shared.typeArrayMap = new Proxy(shared.typeArrayMap, {
    set(known, element, array: number) {
      const parse: Parse = text => arrayOf(text, parsers[Number(element)], array === BOXES ? ';' : ',')
      Object.defineProperty(parsers, array, { get: () => parse, set() {}, configurable: true, enumerable: true })
      return Reflect.set(known, element, array)
    },
  })
}

const BOUNDS = /^[-\d:[\]]+=\{/
const QUOTED = /"([^"\\]*(?:\\.[^"\\]*)*)"/sy
const BARE = { ',': /[^,{}"]+/y, ';': /[^;{}"]+/y }

/** As Postgres writes arrays, without the first brace, which postgres.js takes away: https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO */
function arrayOf(text: string, parse: Parse | undefined, delimiter: ',' | ';'): unknown[] {
  // Where indexes do not begin at 1, they are written before the braces.
  let at = BOUNDS.exec(text)?.[0].length ?? 0
  const match = (pattern: RegExp) => {
    pattern.lastIndex = at
    const found = pattern.exec(text)
    if (found) at = pattern.lastIndex
    return found
  }
  const read = (written: string) => (parse ? parse(written) : written)
  function list(): unknown[] {
    const values: unknown[] = []
    while (at < text.length && text[at] !== '}') {
      const quoted = match(QUOTED)
      const bare = quoted ? undefined : match(BARE[delimiter])
      if (quoted) values.push(read((quoted[1] ?? '').replace(/\\(.)/gs, '$1')))
      else if (bare) values.push(bare[0] === 'NULL' ? null : read(bare[0]))
      else if (text[at++] === '{') values.push(list())
    }
    at++
    return values
  }
  return list()
}
