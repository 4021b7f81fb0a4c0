import { z } from 'zod'

/** Text of a filter. Control characters are refused: Postgres takes no NUL, and none of them can stand in a name. */
export function text(max: number) {
  return (
    z
      .string()
      .trim()
      .max(max)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this keeps out.
      .regex(/^[^\u0000-\u001f\u007f]*$/, 'must not hold control characters')
      .default('')
  )
}

/** Free text to look for in names. */
export const search = text(200)
