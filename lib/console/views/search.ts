import { z } from 'zod'

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this keeps out.
const PLAIN = /^[^\u0000-\u001f\u007f]*$/

/** Text of a filter. Control characters are refused: Postgres takes no NUL, and none of them can stand in a name. */
export function text(max: number) {
  return z.string().trim().max(max).regex(PLAIN, 'must not hold control characters').default('')
}

/** Free text to look for in names. */
export const search = text(200)

/** A name that is looked up as it stands: spaces at its ends belong to it. */
export function exact(max: number) {
  return z.string().max(max).regex(PLAIN, 'must not hold control characters').default('')
}
