import type { Redis } from 'ioredis'
import type { FailedCount, JobFilter, QueueAddress, QueueMajor, ReplayStep } from '../../server-port.ts'
import { baseOf } from './keys.ts'
import { COUNT_FAILED, REPLAY_CHOSEN, REPLAY_NEXT } from './replay-script.ts'
import { script } from './script.ts'

/** Dead letters in one step: about a third of a millisecond of Redis' time, so that nobody else waits for longer. */
const PIECE = 50
/** A run that was interrupted is taken up again within this time (seconds). */
const REMEMBERED = 7 * 24 * 3_600

type Answer = [moved: number, done: number, examined: number, over: number, refused: string[]]
const next = script<Answer>(REPLAY_NEXT)
const chosen = script<Answer>(REPLAY_CHOSEN)
const countMatches = script<[number, number, [string, string, string][]]>(COUNT_FAILED)

export async function replayNext(
  redis: Redis,
  queue: QueueAddress,
  major: QueueMajor,
  run: string,
  filter: JobFilter,
): Promise<ReplayStep> {
  return toStep(await next(redis, [baseOf(queue)], [major, run, Date.now(), PIECE, ...wanted(filter), REMEMBERED]))
}

export async function replayChosen(
  redis: Redis,
  queue: QueueAddress,
  major: QueueMajor,
  run: string,
  ids: readonly string[],
): Promise<ReplayStep> {
  const all: ReplayStep = { moved: 0, done: 0, examined: 0, refused: [], finished: true }
  for (let at = 0; at < ids.length; at += PIECE) {
    const piece = [...new Set(ids.slice(at, at + PIECE))]
    const step = toStep(await chosen(redis, [baseOf(queue)], [major, run, Date.now(), REMEMBERED, ...piece]))
    all.moved += step.moved
    all.done = step.done
    all.examined += step.examined
    all.refused.push(...step.refused)
  }
  return all
}

/** Pieces spread evenly over the set when it is larger than `examine`. */
export async function countFailed(
  redis: Redis,
  queue: QueueAddress,
  filter: JobFilter,
  { examine = 20_000 } = {},
): Promise<FailedCount> {
  const base = baseOf(queue)
  const total = await redis.zcard(`${base}failed`)
  const needsLook = filter.name !== undefined || filter.error !== undefined
  const pieces = piecesOf(total, needsLook ? examine : 0)
  // The newest are what an operator has seen.
  const sampleOf = pieces.length === 0 ? [{ from: Math.max(0, total - 10), to: total - 1 }] : pieces
  let matched = 0
  let examined = 0
  const sample: FailedCount['sample'] = []
  for (const { from, to } of total === 0 ? [] : sampleOf) {
    const most = Math.max(0, 10 - sample.length)
    const [count, looked, some] = await countMatches(redis, [base], [...wanted(filter), most, from, to])
    matched += count
    examined += looked
    sample.push(...some.map(([id, name, error]) => ({ id, name, error })))
  }
  if (!needsLook) return { count: total, precision: 'exact', total, examined, sample }
  if (examined >= total) return { count: matched, precision: 'exact', total, examined, sample }
  return { count: Math.round((matched / examined) * total), precision: 'sampled', total, examined, sample }
}

function piecesOf(total: number, examine: number): { from: number; to: number }[] {
  const size = 100
  const pieces: { from: number; to: number }[] = []
  if (examine === 0) return pieces
  const step = Math.max(size, Math.ceil(total / Math.ceil(examine / size)))
  for (let from = 0; from < total; from += step) pieces.push({ from, to: Math.min(total, from + size) - 1 })
  return pieces
}

/** As the scripts compare: ASCII letters in lower case. */
const wanted = ({ name = '', error = '' }: JobFilter) => [lower(name), lower(error)]
export const lower = (text: string) => text.replace(/[A-Z]/g, letter => letter.toLowerCase())

function toStep([moved, done, examined, over, refused]: Answer): ReplayStep {
  return { moved, done, examined, refused: pairs(refused), finished: over === 1 }
}

export function pairs(flat: string[]): { id: string; reason: string }[] {
  return flat.flatMap((id, at) => (at % 2 === 0 ? [{ id, reason: flat[at + 1] as string }] : []))
}
