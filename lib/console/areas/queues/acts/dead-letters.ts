import { z } from 'zod'
import type { Affected } from '../../../platform/operation/wire.ts'
import { jobsMeant, Part } from './job-selection.ts'
import { JobIds, type QueueTarget } from './target.ts'

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

/** How many of a queue are meant; refuses when none is. */
export function deadLettersMeant(
  { server, address }: QueueTarget,
  which: z.infer<typeof DeadLetters>,
): Promise<Affected> {
  return jobsMeant(server, which, {
    noun: ['dead letter', 'dead letters'],
    state: 'a dead letter of this queue',
    among: ids => server.queues.deadAmong(address, ids),
    count: filter => server.queues.countFailed(address, filter),
  })
}
