/** A piece of a text, by its bytes, and what takes its place. */
export interface Replacement {
  start: number
  end: number
  by: string
}

/** The text with each piece replaced. The parser counts bytes, not characters. */
export function splice(text: string, replacements: readonly Replacement[]): string {
  const bytes = Buffer.from(text)
  const pieces: string[] = []
  let at = 0
  for (const { start, end, by } of replacements.toSorted((a, b) => a.start - b.start)) {
    pieces.push(bytes.subarray(at, start).toString(), by)
    at = end
  }
  return [...pieces, bytes.subarray(at).toString()].join('')
}
