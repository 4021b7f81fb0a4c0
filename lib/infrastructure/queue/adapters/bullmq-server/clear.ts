import type { Redis } from 'ioredis'
import type { Clearance, ClearedState } from '../../server-edits.ts'
import type { JobsCount, QueueAddress, RemoveStep } from '../../server-port.ts'
import { CLEAR_NEXT, COUNT_CLEARED } from './clear-script.ts'
import { piecesOf } from './count.ts'
import { baseOf } from './keys.ts'
import { script } from './script.ts'
import { pairs, REMEMBERED } from './step.ts'

/** Jobs in one step, and examined of each set for a preview. */
const PIECE = 50
const EXAMINED = 5_000

const clearPiece = script<[number, string[], number, number, number]>(CLEAR_NEXT)
const countPiece = script<[number, number, [string, string, string][], string[]]>(COUNT_CLEARED)

const setsOf = (states: readonly ClearedState[]) =>
  states.flatMap(state => (state === 'waiting' ? ['wait', 'paused'] : [state]))

export async function clearNext(
  redis: Redis,
  queue: QueueAddress,
  run: string,
  { states, olderThanMs }: Clearance,
): Promise<RemoveStep> {
  const [removed, refused, examined, done, over] = await clearPiece(
    redis,
    [baseOf(queue)],
    [run, Date.now() - olderThanMs, PIECE, REMEMBERED, ...setsOf(states)],
  )
  return { removed, done, examined, refused: pairs(refused), finished: over === 1 }
}

export async function countCleared(
  redis: Redis,
  queue: QueueAddress,
  { states, olderThanMs }: Clearance,
): Promise<JobsCount> {
  const base = baseOf(queue)
  const cutoff = Date.now() - olderThanMs
  const whole: JobsCount = { count: 0, precision: 'exact', total: 0, examined: 0, refused: [], sample: [] }
  const reasons = new Map<string, number>()
  for (const set of setsOf(states)) {
    const total = await sizeOf(redis, base, set, cutoff)
    let matched = 0
    let examined = 0
    for (const { from, to } of piecesOf(total, EXAMINED)) {
      const most = Math.max(0, 10 - whole.sample.length)
      const [count, looked, sample, refused] = await countPiece(redis, [base], [set, cutoff, most, from, to])
      matched += count
      examined += looked
      whole.sample.push(...sample.map(([id, name, error]) => ({ id, name, error })))
      for (const { reason } of pairs(refused)) reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
    }
    whole.total += total
    whole.examined += examined
    if (examined < total) whole.precision = 'sampled'
    whole.count += examined < total ? Math.round((matched / Math.max(1, examined)) * total) : matched
  }
  return { ...whole, refused: [...reasons].map(([reason, count]) => ({ reason, count })) }
}

/** Finished jobs are sorted by when they finished; of the others the age is read job by job. */
function sizeOf(redis: Redis, base: string, set: string, cutoff: number): Promise<number> {
  if (set === 'wait' || set === 'paused') return redis.llen(base + set)
  return set === 'completed' || set === 'failed' ? redis.zcount(base + set, '-inf', cutoff) : redis.zcard(base + set)
}
