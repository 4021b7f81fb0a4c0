import { z } from 'zod'
import type { JobFilter, JobsCount } from '../../../../infrastructure/queue/index.ts'
import { counted } from '../../../platform/counted.ts'
import type { Affected } from '../../../platform/operation/wire.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import type { WatchedServer } from '../port.ts'
import { reading, sampleLine } from './target.ts'

/** Part of a text of a job, in whatever case. */
export const Part = z
  .string()
  .trim()
  .min(1)
  .max(300)
  .refine(text => text.isWellFormed(), 'must not hold halves of characters')

/** Chosen ones, or all of a set that match. */
export type Which = { by: 'ids'; ids: string[] } | ({ by: 'all' } & { [Field in keyof JobFilter]?: string | undefined })

/** A set of jobs that an act is about, as it is looked at beforehand. */
export interface JobSet {
  noun: readonly [one: string, many: string]
  /** What a job is not any more when it has left the set: `delayed`. */
  state: string
  among(ids: readonly string[]): Promise<JobsCount['sample']>
  count(filter: JobFilter): Promise<JobsCount>
}

/** How many of a set are meant; refuses when none is. */
export async function jobsMeant(
  server: WatchedServer,
  which: Which,
  { noun, state, among, count }: JobSet,
): Promise<Affected> {
  const [one, many] = noun
  const affected = (found: Pick<JobsCount, 'count' | 'precision' | 'sample'>): Affected => ({
    count: found.count,
    precision: found.precision,
    noun: found.count === 1 ? one : many,
    sample: found.sample.slice(0, 10).map(sampleLine),
  })
  if (which.by === 'ids') {
    const sample = await reading(server, () => among(which.ids))
    if (sample.length > 0) return affected({ count: sample.length, precision: 'exact', sample })
    throw new RefusalError({
      code: 'conflict',
      message: `${which.ids.length === 1 ? 'That job is not' : 'None of those jobs is'} ${state} any more.`,
      fields: { 'which.ids': `names no ${one}` },
    })
  }
  const found = await reading(server, () => count(filterOf(which)))
  if (found.count > 0) return affected(found)
  throw new RefusalError({
    code: 'conflict',
    message:
      found.total === 0
        ? `There are no ${many} in this queue.`
        : `None of ${found.examined < found.total ? `${counted(found.examined, one)} looked at` : counted(found.total, one)} matches.`,
  })
}

/** What of a job is looked at, of what the input says. */
export const filterOf = ({ name, error }: { name?: string | undefined; error?: string | undefined }): JobFilter => ({
  ...(name === undefined ? {} : { name }),
  ...(error === undefined ? {} : { error }),
})
