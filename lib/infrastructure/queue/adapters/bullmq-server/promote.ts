import type { Redis } from 'ioredis'
import type { JobFilter, JobStep, QueueAddress, QueueMajor } from '../../server-port.ts'
import { baseOf } from './keys.ts'
import { toArgument } from './match.ts'
import { PROMOTE_CHOSEN, PROMOTE_NEXT } from './promote-script.ts'
import { script } from './script.ts'
import { onChosen, REMEMBERED, type StepAnswer, toStep } from './step.ts'

/** Jobs promoted in one step, and noted in one: about a third of a millisecond of Redis' time each. */
const PIECE = 40
const NOTED = 250
/** Expiry of the list that a run has noted: an aborted run leaves it behind, and it takes memory (seconds). */
const LISTED = 24 * 3_600

const next = script<StepAnswer>(PROMOTE_NEXT)
export const promoteChosen = onChosen(PROMOTE_CHOSEN, PIECE)

export async function promoteNext(
  redis: Redis,
  queue: QueueAddress,
  major: QueueMajor,
  run: string,
  filter: JobFilter,
): Promise<JobStep> {
  return toStep(
    await next(redis, [baseOf(queue)], [major, run, Date.now(), NOTED, PIECE, toArgument(filter), REMEMBERED, LISTED]),
  )
}
