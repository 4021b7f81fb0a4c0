import type { Redis } from 'ioredis'
import type { JobFilter, JobStep, QueueAddress, QueueMajor } from '../../server-port.ts'
import { baseOf } from './keys.ts'
import { toArgument } from './match.ts'
import { REPLAY_CHOSEN, REPLAY_NEXT } from './replay-script.ts'
import { script } from './script.ts'
import { onChosen, REMEMBERED, type StepAnswer, severalPieces } from './step.ts'

/** Dead letters in one step: about a quarter of a millisecond of Redis' time, so that other clients do not wait longer. */
const PIECE = 40

const next = script<StepAnswer>(REPLAY_NEXT)
export const replayChosen = onChosen(REPLAY_CHOSEN, PIECE)

export async function replayNext(
  redis: Redis,
  queue: QueueAddress,
  major: QueueMajor,
  run: string,
  filter: JobFilter,
): Promise<JobStep> {
  const args = [major, run, Date.now(), PIECE, toArgument(filter), REMEMBERED]
  return severalPieces(() => next(redis, [baseOf(queue)], args))
}
