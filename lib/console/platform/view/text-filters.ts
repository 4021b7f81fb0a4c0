import { z } from 'zod'
import { holdsControlCharacters } from '../../../core/text.ts'

/** A name that is looked up exactly: spaces at its ends belong to it. */
export function exact(max: number) {
  return plain(z.string().max(max)).default('')
}

/** Text of a filter. */
export function text(max: number) {
  return plain(z.string().trim().max(max)).default('')
}

/** Free text to look for in names. */
export const search = text(200)

function plain(schema: z.ZodString) {
  return schema.refine(given => !holdsControlCharacters(given), 'must not contain control characters')
}
