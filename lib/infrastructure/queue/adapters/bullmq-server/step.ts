import type { Redis } from 'ioredis'
import type { JobStep, QueueAddress, QueueMajor } from '../../server-port.ts'
import { baseOf } from './keys.ts'
import { script } from './script.ts'

/** An interrupted run can be resumed for this long (seconds). */
export const REMEMBERED = 7 * 24 * 3_600

/** The error of a step when the queue is of another major than expected. Nothing has been changed then. */
export const OTHER_MAJOR = 'ERR other major'

/** Lua: the queue and its major, of ARGV 1; refuses when it is of another one. Defines `base` and `major`. */
export const CHECK_MAJOR = `
local base, major = KEYS[1], tonumber(ARGV[1])
local version = redis.call('HGET', base .. 'meta', 'version')
if version and tonumber(string.match(version, '^bullmq:(%d+)%.')) ~= major then error({ err = '${OTHER_MAJOR}' }) end
`

/**
 * The beginning of a step of a bulk act. KEYS: the queue's base. ARGV: major, run, then those of the act. The run's own hash, beside the
 * jobs, keeps its position. Defines `base`, `major`, `run` and `state`.
 */
export const STEP = `
${CHECK_MAJOR}
local run = ARGV[2]
local state = base .. 'substation:' .. run
`

/** The answer of such a step: moved by it, moved by the run, examined, whether it is over, and those that stayed with the reason. */
export type StepAnswer = [moved: number, done: number, examined: number, over: number, refused: string[]]

export function toStep([moved, done, examined, over, refused]: StepAnswer): JobStep {
  return { moved, done, examined, refused: pairs(refused), finished: over === 1 }
}

/** Carries out an act on chosen jobs, in pieces, as one step. */
export async function inPieces(
  ids: readonly string[],
  size: number,
  take: (piece: readonly string[]) => Promise<StepAnswer>,
): Promise<JobStep> {
  const all: JobStep = { moved: 0, done: 0, examined: 0, refused: [], finished: true }
  const unique = [...new Set(ids)]
  for (let at = 0; at < unique.length; at += size) {
    const step = toStep(await take(unique.slice(at, at + size)))
    all.moved += step.moved
    all.done = step.done
    all.examined += step.examined
    all.refused.push(...step.refused)
  }
  return all
}

/** An act on chosen jobs, `size` in one step. ARGV of its script: major, run, now (ms), seconds that the run is kept, ids. */
export function onChosen(source: string, size: number) {
  const take = script<StepAnswer>(source)
  return (redis: Redis, queue: QueueAddress, major: QueueMajor, run: string, ids: readonly string[]) =>
    inPieces(ids, size, piece => take(redis, [baseOf(queue)], [major, run, Date.now(), REMEMBERED, ...piece]))
}

/** Pieces in one step of an act. */
const PIECES = 16

/**
 * Several pieces of an act that keeps its position in Redis, as one step. One after another: two in flight make the act a tenth
 * faster, and double what other clients wait. What was done before a piece failed is answered; the next step then meets the error.
 */
export async function severalPieces(take: () => Promise<StepAnswer>): Promise<JobStep> {
  const all: JobStep = { moved: 0, done: 0, examined: 0, refused: [], finished: false }
  for (let taken = 0; taken < PIECES && !all.finished; taken++) {
    let step: JobStep
    try {
      step = toStep(await take())
    } catch (error) {
      if (taken === 0) throw error
      break
    }
    all.moved += step.moved
    all.done = Math.max(all.done, step.done)
    all.examined += step.examined
    all.refused.push(...step.refused)
    all.finished = step.finished
  }
  return all
}

export function pairs(flat: string[]): { id: string; reason: string }[] {
  return flat.flatMap((id, at) => (at % 2 === 0 ? [{ id, reason: flat[at + 1] as string }] : []))
}
