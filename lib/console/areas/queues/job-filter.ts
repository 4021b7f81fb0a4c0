import { z } from 'zod'
import type { JobFilter } from '../../../infrastructure/queue/index.ts'
import { search } from '../../platform/view/text-filters.ts'

/** Part of a text of a job, in any case. */
const Contained = z
  .string()
  .trim()
  .min(1)
  .max(300)
  .refine(text => text.isWellFormed(), 'must not contain half characters (lone surrogates)')

/** The job filter of an act: all that match, so an empty filter means all. */
export const jobFilter = {
  q: Contained.optional().describe('only jobs whose name or error contains this, or whose id it is'),
  name: Contained.optional().describe('only jobs whose name contains this'),
  error: Contained.optional().describe('only jobs whose error contains this'),
}

/** The same, as the list reads it from a URL. */
export const jobFilterParams = { q: search, name: search, error: search }

/** The parts of a job that the filter compares. */
export function filterOf({ q, name, error }: { [Field in keyof JobFilter]?: string | undefined }): JobFilter {
  return { ...(q ? { q } : {}), ...(name ? { name } : {}), ...(error ? { error } : {}) }
}
