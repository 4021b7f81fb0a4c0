import type { Redis } from 'ioredis'
import type { JobsCount, QueueAddress } from '../../server-port.ts'
import { plainText } from './content.ts'
import { baseOf } from './keys.ts'
import { OWN_JOBS } from './own-jobs.ts'
import { script } from './script.ts'

/** Of these ids, those in a set, with what is known of each. */
export async function amongSet(
  redis: Redis,
  queue: QueueAddress,
  set: 'failed' | 'delayed',
  ids: readonly string[],
): Promise<JobsCount['sample']> {
  const base = baseOf(queue)
  const unique = [...new Set(ids)]
  const scores = await redis.zmscore(base + set, ...unique)
  const there = unique.filter((_, at) => scores[at] !== null)
  const read = redis.pipeline()
  const shown = there.slice(0, 20)
  for (const id of shown) read.hmgetBuffer(base + id, 'name', 'failedReason')
  const answers = shown.length > 0 ? ((await read.exec()) ?? []) : []
  return there.map((id, at) => {
    const [error, fields] = answers[at] ?? []
    const [name, reason] = error || !fields ? [] : (fields as (Buffer | null)[])
    return { id, name: plainText(name?.subarray(0, 200)) ?? '', error: plainText(reason?.subarray(0, 300)) ?? '' }
  })
}

/** KEYS: base. ARGV: ids. Answers those that are jobs of this queue. */
const EXISTING = `
local base = KEYS[1]
${OWN_JOBS}
local found = {}
for _, id in ipairs(ARGV) do
  if isJob(id) then found[#found + 1] = id end
end
return found`

const existingFew = script<string[]>(EXISTING)
const PIECE = 60

/** Those that are jobs of this queue: in one of its lists, or at least with name and options. */
export async function existing(redis: Redis, queue: QueueAddress, ids: readonly string[]): Promise<string[]> {
  const found: string[] = []
  for (let at = 0; at < ids.length; at += PIECE)
    found.push(...(await existingFew(redis, [baseOf(queue)], ids.slice(at, at + PIECE))))
  return found
}
