import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../../core/ids.ts'
import { redisUrl, startRedis } from '../../testing/servers.ts'
import { redisKeyspace } from './redis-keyspace.ts'

let redis: Redis
beforeAll(() => {
  redis = new Redis(redisUrl())
})
afterAll(() => redis.disconnect())
const { signal } = new AbortController()

test('keys of anyone are counted with their types, and removed with progress; others stay', async () => {
  const prefix = `k-${newId()}`
  for (let at = 0; at < 20; at++) await redis.set(`${prefix}:session:${at}`, 'x')
  await redis.hset(`${prefix}:session:hash`, 'a', 1)
  await redis.set(`${prefix}:other`, 'x')
  const keyspace = redisKeyspace(redis)
  const found = await keyspace.count(`${prefix}:session:*`, { signal, sample: 3 })
  expect(found).toMatchObject({ count: 21, precision: 'exact', types: { string: 20, hash: 1 } })
  expect(found.sample).toHaveLength(3)
  expect(await keyspace.count(`${prefix}:none*`, { signal, sample: 3 })).toMatchObject({ count: 0, types: {} })
  const progress: number[] = []
  const removed = await keyspace.unlink(`${prefix}:session:*`, {
    signal,
    onProgress: deleted => void progress.push(deleted),
  })
  expect(removed).toBe(21)
  expect(progress.at(-1)).toBe(21)
  expect(await redis.keys(`${prefix}*`)).toEqual([`${prefix}:other`])
})

test('both stop with their signal', async () => {
  const keyspace = redisKeyspace(redis)
  const aborted = AbortSignal.abort(new Error('enough'))
  await expect(keyspace.count('*', { signal: aborted, sample: 1 })).rejects.toThrow('enough')
  await expect(keyspace.unlink('none*', { signal: aborted })).rejects.toThrow('enough')
})

test('of more than a hundred thousand keys examined the count is an estimate, and says so', async () => {
  const own = await startRedis()
  const client = new Redis(own.url)
  try {
    for (let from = 0; from < 120_000; from += 20_000) {
      const pipeline = client.pipeline()
      for (let at = from; at < from + 20_000; at++) pipeline.set(`${at % 2 ? 'odd' : 'even'}:${at}`, 'x')
      await pipeline.exec()
    }
    const { count = 0, precision } = await redisKeyspace(client).count('odd:*', { signal, sample: 1 })
    expect(precision).toBe('sampled')
    expect(Math.abs(count - 60_000)).toBeLessThan(3_000)
  } finally {
    client.disconnect()
    await own.close()
  }
})
