import { z } from 'zod'

/** Free text to look for in names. */
export const search = z.string().trim().max(200).default('')
