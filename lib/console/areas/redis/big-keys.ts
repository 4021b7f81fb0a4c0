import type { Redis } from 'ioredis'
import type { BigKey, BigKeys } from '../../servers/redis/port.ts'

const SCAN_COUNT = 500
const SHOWN = 25
/** How long it searches (ms): the result covers what was examined by then. */
const LOOK_FOR = 2_000

/** The biggest of the keys that can be examined in two seconds. Asks in small steps, so that no other client waits. */
export async function bigKeysOf(redis: Redis, pattern: string): Promise<BigKeys> {
  const until = performance.now() + LOOK_FOR
  const total = await redis.dbsize()
  let biggest: { key: Buffer; bytes: number }[] = []
  let lookedAt = 0
  let cursor = '0'
  do {
    const [next, keys] = await redis.scanBuffer(cursor, 'MATCH', pattern, 'COUNT', SCAN_COUNT)
    cursor = next.toString()
    const sizes = redis.pipeline()
    for (const key of keys) sizes.memory('USAGE', key, 'SAMPLES', 5)
    const answers = (await sizes.exec()) ?? []
    for (const [index, key] of keys.entries()) {
      const [error, bytes] = answers[index] ?? []
      if (error) throw error
      // Removed since it was found.
      if (typeof bytes === 'number') biggest.push({ key, bytes })
    }
    lookedAt += keys.length
    biggest = biggest.sort((a, b) => b.bytes - a.bytes).slice(0, SHOWN)
  } while (cursor !== '0' && performance.now() < until)
  return { keys: await described(redis, biggest), lookedAt, total }
}

async function described(redis: Redis, found: { key: Buffer; bytes: number }[]): Promise<BigKey[]> {
  const pipeline = redis.pipeline()
  for (const { key } of found) pipeline.type(key).pttl(key)
  const answers = (await pipeline.exec()) ?? []
  return found.map(({ key, bytes }, index) => {
    const ttl = Number(answers[index * 2 + 1]?.[1])
    return {
      key: key.toString(),
      type: String(answers[index * 2]?.[1]),
      bytes,
      ...(ttl >= 0 ? { ttlMs: ttl } : {}),
    }
  })
}
