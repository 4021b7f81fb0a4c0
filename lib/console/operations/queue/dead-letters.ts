import { z } from 'zod'
import type { JobFilter } from '../../../infrastructure/queue/index.ts'
import { counted } from '../../counted.ts'
import type { WatchedQueue } from '../../queues/port.ts'
import { RefusalError } from '../../refusal.ts'
import type { Affected } from '../wire.ts'
import type { Step, Work } from './in-steps.ts'
import { JobIds, type QueueTarget, reading, sampleLine } from './target.ts'

const Part = z
  .string()
  .trim()
  .min(1)
  .max(300)
  .refine(text => text.isWellFormed(), 'must not hold halves of characters')

/** All dead letters, or those whose name and error hold a text, in whatever case. */
export const AllDeadLetters = z.strictObject({
  by: z.literal('all'),
  name: Part.optional().describe('only jobs whose name holds this'),
  error: Part.optional().describe('only jobs whose error holds this'),
})

/** Chosen ones, or all that match. */
export const DeadLetters = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('ids'), ids: JobIds }),
  AllDeadLetters,
])
export type DeadLetters = z.infer<typeof DeadLetters>

const filterOf = ({ name, error }: z.infer<typeof AllDeadLetters>): JobFilter => ({
  ...(name === undefined ? {} : { name }),
  ...(error === undefined ? {} : { error }),
})

/** How many of a queue are meant; refuses when none is. */
export async function deadLettersMeant({ server, address }: QueueTarget, which: DeadLetters): Promise<Affected> {
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
      message: `${which.ids.length === 1 ? 'That job is not' : 'None of those jobs is'} a dead letter of this queue any more.`,
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
        : `None of ${found.examined < found.total ? `${counted(found.examined, 'dead letter')} looked at` : counted(found.total, 'dead letter')} matches.`,
  })
}

const noun = (count: number) => (count === 1 ? 'dead letter' : 'dead letters')

interface Acts {
  chosen(ids: readonly string[]): Promise<Step>
  next(filter: JobFilter): Promise<Step>
}

/** An act on dead letters as the steps that do it. How many there are is known beforehand unless they are filtered. */
export function workOn(which: DeadLetters, { counts }: WatchedQueue, { chosen, next }: Acts): Work {
  if (which.by === 'ids') return { next: () => chosen(which.ids), set: which }
  const filter = filterOf(which)
  const total = Object.keys(filter).length === 0 ? counts.failed : undefined
  return { next: () => next(filter), set: { total } }
}
