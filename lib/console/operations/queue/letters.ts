import { z } from 'zod'
import type { JobFilter } from '../../../infrastructure/queue/index.ts'
import { RefusalError } from '../../refusal.ts'
import type { Affected } from '../wire.ts'
import { JobIds, plural, type QueueTarget, reading, sampleLine } from './target.ts'

const Part = z
  .string()
  .trim()
  .min(1)
  .max(300)
  .refine(text => text.isWellFormed(), 'must not hold halves of characters')

/** All dead letters, or those whose name and error hold a text, in whatever case. */
export const AllLetters = z.strictObject({
  by: z.literal('all'),
  name: Part.optional().describe('only jobs whose name holds this'),
  error: Part.optional().describe('only jobs whose error holds this'),
})

/** Chosen ones, or all that match. */
export const Letters = z.discriminatedUnion('by', [z.strictObject({ by: z.literal('ids'), ids: JobIds }), AllLetters])
export type Letters = z.infer<typeof Letters>

export const filterOf = ({ name, error }: z.infer<typeof AllLetters>): JobFilter => ({
  ...(name === undefined ? {} : { name }),
  ...(error === undefined ? {} : { error }),
})

/** What of a queue is meant; refuses when it is nothing. */
export async function lettersMeant({ server, address }: QueueTarget, which: Letters): Promise<Affected> {
  if (which.by === 'ids') {
    const dead = await reading(server, () => server.queues.deadAmong(address, which.ids))
    if (dead.length > 0)
      return {
        count: dead.length,
        precision: 'exact',
        noun: noun(dead.length),
        sample: dead.slice(0, 10).map(sampleLine),
      }
    throw new RefusalError({
      code: 'conflict',
      message: `${which.ids.length === 1 ? 'That job is' : 'None of those jobs is'} a dead letter of this queue any more.`,
      fields: { 'which.ids': 'names no dead letter' },
    })
  }
  const found = await reading(server, () => server.queues.countFailed(address, filterOf(which)))
  if (found.count > 0)
    return {
      count: found.count,
      precision: found.precision,
      noun: noun(found.count),
      sample: found.sample.map(sampleLine),
    }
  throw new RefusalError({
    code: 'conflict',
    message:
      found.total === 0
        ? 'There are no dead letters in this queue.'
        : `None of ${found.examined < found.total ? `${found.examined.toLocaleString('en')} dead letters looked at` : `${plural(found.total, 'dead letter')}`} matches.`,
  })
}

const noun = (count: number) => (count === 1 ? 'dead letter' : 'dead letters')

/** `1,204 dead letters`, or `about 1,200`. */
export function told({ count = 0, precision, noun: what }: Affected): string {
  return `${precision === 'sampled' ? 'about ' : ''}${count.toLocaleString('en')} ${what}`
}
