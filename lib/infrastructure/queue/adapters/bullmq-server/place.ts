import type { Redis } from 'ioredis'
import type { JobState } from '../../port.ts'

const SETS = ['completed', 'failed', 'delayed', 'prioritized', 'waiting-children'] as const
/** Entries of a list that are looked through from either end. */
const LOOKED_THROUGH = 5_000

/** In which state a job is. Undefined when it is in none, or too deep in a long list to be looked for. */
export async function placeOf(
  redis: Redis,
  base: string,
  id: string,
): Promise<{ state: JobState; score?: number } | undefined> {
  const read = redis.pipeline()
  for (const set of SETS) read.zscore(base + set, id)
  for (const list of ['active', 'wait', 'paused']) {
    read.lpos(base + list, id, 'MAXLEN', LOOKED_THROUGH)
    read.lpos(base + list, id, 'RANK', -1, 'MAXLEN', LOOKED_THROUGH)
  }
  const answers = ((await read.exec()) ?? []).map(([error, value]) => {
    // A key of another type holds no job.
    if (error && !/WRONGTYPE/.test(error.message)) throw error
    return error ? null : value
  })
  const at = SETS.findIndex((_, index) => answers[index] !== null)
  const set = SETS[at]
  if (set) return { state: set, score: Number(answers[at]) }
  const [active, activeEnd, ...waiting] = answers.slice(SETS.length)
  if (active !== null || activeEnd !== null) return { state: 'active' }
  return waiting.some(position => position !== null) ? { state: 'waiting' } : undefined
}
