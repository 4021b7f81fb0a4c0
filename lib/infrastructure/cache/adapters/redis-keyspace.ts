import type { Redis } from 'ioredis'
import type { Keyspace } from '../keyspace.ts'
import { answersOf } from './pipeline-answers.ts'

/** COUNT of one SCAN step; small enough not to block Redis. */
const SCAN_COUNT = 500
/** Steps after which counting estimates instead of going on: 100,000 keys scanned. */
const COUNTED_STEPS = 200

/** Any keys of a Redis. The connection is the caller's, and stays open. */
export function redisKeyspace(redis: Redis): Keyspace {
  /** Keys as bytes: they may not be valid text, and exactly what was found must be removed. */
  async function* scan(pattern: string, signal: AbortSignal): AsyncGenerator<Buffer[]> {
    let cursor = '0'
    do {
      signal.throwIfAborted()
      const [next, keys] = await redis.scanBuffer(cursor, 'MATCH', pattern, 'COUNT', SCAN_COUNT)
      yield keys
      cursor = next.toString()
    } while (cursor !== '0')
  }

  async function typesOf(keys: string[]): Promise<Record<string, number>> {
    const types: Record<string, number> = {}
    const pipeline = redis.pipeline()
    for (const key of keys) pipeline.type(Buffer.from(key, 'latin1'))
    for (const type of await answersOf(pipeline)) {
      const name = String(type)
      if (name !== 'none') types[name] = (types[name] ?? 0) + 1
    }
    return types
  }

  return {
    async count(pattern, { signal, sample }) {
      // SCAN may return a key twice while the table is being resized. Latin-1 keeps every byte.
      const seen = new Set<string>()
      let steps = 0
      let share = 1
      for await (const keys of scan(pattern, signal)) {
        for (const key of keys) seen.add(key.toString('latin1'))
        if (++steps < COUNTED_STEPS) continue
        share = Math.min(1, (steps * SCAN_COUNT) / Math.max(1, await redis.dbsize()))
        break
      }
      const some = [...seen].slice(0, Math.max(sample, 50))
      return {
        count: Math.round(seen.size / share),
        precision: share < 1 ? 'sampled' : 'exact',
        sample: some.slice(0, sample).map(key => Buffer.from(key, 'latin1').toString()),
        types: some.length > 0 ? await typesOf(some) : {},
      }
    },
    async unlink(pattern, { signal, onProgress }) {
      let deleted = 0
      for await (const keys of scan(pattern, signal)) {
        if (keys.length === 0) continue
        // One key per command: in a Redis Cluster they are in different slots.
        const pipeline = redis.pipeline()
        for (const key of keys) pipeline.unlink(key)
        for (const count of await answersOf(pipeline)) deleted += Number(count)
        await onProgress?.(deleted)
      }
      return deleted
    },
  }
}
