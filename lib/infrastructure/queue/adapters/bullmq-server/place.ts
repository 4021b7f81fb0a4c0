import type { Redis } from 'ioredis'
import type { JobState } from '../../port.ts'
import { answersOf } from './answers.ts'

const SETS = ['completed', 'failed', 'delayed', 'prioritized', 'waiting-children'] as const
const LISTS = ['active', 'wait', 'paused'] as const
/** Commands for one job: a score in each set, and either end of each list. */
const COMMANDS = SETS.length + LISTS.length * 2
/** Entries of a list that are searched from either end. */
const LOOKED_THROUGH = 5_000

export interface Place {
  state: JobState
  score?: number
}

/** In which state a job is. Undefined when it is in none, or too deep in a long list. */
export async function placeOf(redis: Redis, base: string, id: string): Promise<Place | undefined> {
  const [place] = await placesOf(redis, [{ base, id }])
  return place
}

/** The same for several jobs, in their order. A job on another node of a Cluster is not known here. */
export async function placesOf(
  redis: Redis,
  jobs: readonly { base: string; id: string }[],
): Promise<(Place | undefined)[]> {
  const read = redis.pipeline()
  for (const { base, id } of jobs) {
    for (const set of SETS) read.zscore(base + set, id)
    for (const list of LISTS) {
      read.lpos(base + list, id, 'MAXLEN', LOOKED_THROUGH)
      read.lpos(base + list, id, 'RANK', -1, 'MAXLEN', LOOKED_THROUGH)
    }
  }
  const answers = (await answersOf(read)).map(([error, value]) => {
    // A key of another type contains no job.
    if (error && !/WRONGTYPE|MOVED/.test(error.message)) throw error
    return error ? null : value
  })
  return jobs.map((_, at) => toPlace(answers.slice(at * COMMANDS, (at + 1) * COMMANDS)))
}

function toPlace(answers: readonly unknown[]): Place | undefined {
  const at = SETS.findIndex((_, index) => answers[index] !== null)
  const set = SETS[at]
  if (set) return { state: set, score: Number(answers[at]) }
  const [active, activeEnd, ...waiting] = answers.slice(SETS.length)
  if (active !== null || activeEnd !== null) return { state: 'active' }
  return waiting.some(position => position !== null) ? { state: 'waiting' } : undefined
}
