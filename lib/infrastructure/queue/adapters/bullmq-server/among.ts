import type { Redis } from 'ioredis'
import type { FailedCount, QueueAddress } from '../../server-port.ts'
import { plainText } from './content.ts'
import { baseOf } from './keys.ts'

/** Of these ids, the dead letters, with what is known of each. */
export async function deadAmong(
  redis: Redis,
  queue: QueueAddress,
  ids: readonly string[],
): Promise<FailedCount['sample']> {
  const base = baseOf(queue)
  const dead = await inSet(redis, `${base}failed`, ids)
  const read = redis.pipeline()
  const shown = dead.slice(0, 20)
  for (const id of shown) read.hmgetBuffer(base + id, 'name', 'failedReason')
  const answers = shown.length > 0 ? ((await read.exec()) ?? []) : []
  return dead.map((id, at) => {
    const [error, fields] = answers[at] ?? []
    const [name, reason] = error || !fields ? [] : (fields as (Buffer | null)[])
    return { id, name: plainText(name?.subarray(0, 200)) ?? '', error: plainText(reason?.subarray(0, 300)) ?? '' }
  })
}

export function delayedAmong(redis: Redis, queue: QueueAddress, ids: readonly string[]): Promise<string[]> {
  return inSet(redis, `${baseOf(queue)}delayed`, ids)
}

/** Those of which there is data. */
export async function existing(redis: Redis, queue: QueueAddress, ids: readonly string[]): Promise<string[]> {
  const read = redis.pipeline()
  for (const id of ids) read.exists(baseOf(queue) + id)
  const answers = (await read.exec()) ?? []
  return ids.filter((_, at) => {
    const [error, there] = answers[at] ?? []
    if (error) throw error
    return there === 1
  })
}

async function inSet(redis: Redis, set: string, ids: readonly string[]): Promise<string[]> {
  const unique = [...new Set(ids)]
  const scores = await redis.zmscore(set, ...unique)
  return unique.filter((_, at) => scores[at] !== null)
}
