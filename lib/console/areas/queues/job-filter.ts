import { z } from 'zod'
import type { JobFilter } from '../../../infrastructure/queue/index.ts'
import { search } from '../../platform/view/text-filters.ts'

/** Part of a text of a job, in whatever case. */
const Part = z
  .string()
  .trim()
  .min(1)
  .max(300)
  .refine(text => text.isWellFormed(), 'must not hold halves of characters')

/** Which jobs are meant, as an act takes it: all that match, so that nothing given means all. */
export const jobFilter = {
  q: Part.optional().describe('only jobs whose name or error contains this, or whose id it is'),
  name: Part.optional().describe('only jobs whose name contains this'),
  error: Part.optional().describe('only jobs whose error contains this'),
}

/** The same, as the list takes it out of an address. */
export const jobFilterParams = { q: search, name: search, error: search }

/** What of a job is looked at, of what the input says. */
export function filterOf({ q, name, error }: { [Field in keyof JobFilter]?: string | undefined }): JobFilter {
  return { ...(q ? { q } : {}), ...(name ? { name } : {}), ...(error ? { error } : {}) }
}
