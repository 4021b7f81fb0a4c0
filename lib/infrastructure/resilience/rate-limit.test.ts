import { once } from 'node:events'
import { Cluster, Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '../../core/ids.ts'
import { startRedis, startRedisCluster, type TestRedis } from '../testing/servers.ts'
import { createRateLimit, type RateLimit, RateLimitedError } from './index.ts'

/** How many of so many calls at once are let through. */
async function passed(limits: readonly RateLimit[], calls: number): Promise<number> {
  const outcomes = await Promise.allSettled(
    Array.from({ length: calls }, (_, at) => limits[at % limits.length]?.execute(() => 'called')),
  )
  const refused = outcomes.filter(outcome => outcome.status === 'rejected')
  for (const { reason } of refused) expect(reason).toBeInstanceOf(RateLimitedError)
  return calls - refused.length
}

const anHour = 3_600_000

describe('a rate limit in memory', () => {
  test('lets so many through, refuses the rest without calling, and says when there is a turn', async () => {
    const limit = createRateLimit({ name: 'mail', calls: 3, perMs: anHour })
    expect(await passed([limit], 5)).toBe(3)
    const refusal = await limit.take().catch(error => error)
    expect(refusal).toMatchObject({ code: 'RATE_LIMITED', retryable: true, retryAfterMs: expect.any(Number) })
    expect(refusal.retryAfterMs).toBeGreaterThan(0)
    expect(refusal.retryAfterMs).toBeLessThanOrEqual(anHour)
    expect(limit.report()).toEqual({
      calls: 3,
      perMs: anHour,
      burst: 0,
      maxWaitMs: 0,
      shared: false,
      allowed: 3,
      waited: 0,
      refused: 3,
    })
  })

  test('counts apart for each key', async () => {
    const limit = createRateLimit({ name: 'mail', calls: 1, perMs: anHour })
    await limit.take({ key: 'ada' })
    await limit.take({ key: 'bob' })
    await expect(limit.take({ key: 'ada' })).rejects.toBeInstanceOf(RateLimitedError)
  })

  test('allows a burst beyond the limit', async () => {
    const limit = createRateLimit({ name: 'mail', calls: 2, perMs: anHour, burst: 4 })
    expect(await passed([limit], 10)).toBe(6)
  })

  test('lets a call wait for its turn, within its patience', async () => {
    const limit = createRateLimit({ name: 'mail', calls: 1, perMs: 100, maxWaitMs: 10_000 })
    expect(await passed([limit], 3)).toBe(3)
    expect(limit.report()).toMatchObject({ allowed: 3, refused: 0 })
    expect(limit.report().waited).toBeGreaterThan(0)
  })

  test('a caller that gives up while it waits takes no turn', async () => {
    const limit = createRateLimit({ name: 'mail', calls: 1, perMs: anHour, maxWaitMs: 2 * anHour })
    await limit.take()
    const caller = new AbortController()
    const waiting = limit.execute(() => 'called', { signal: caller.signal })
    setImmediate(() => caller.abort(new Error('not wanted any more')))
    await expect(waiting).rejects.toThrow('not wanted any more')
    await expect(limit.take({ signal: caller.signal })).rejects.toThrow('not wanted any more')
    expect(limit.report()).toMatchObject({ allowed: 1, refused: 0 })
  })

  test('takes other limits while it runs and refuses impossible ones', async () => {
    const limit = createRateLimit({ name: 'mail', calls: 1, perMs: anHour })
    expect(await passed([limit], 3)).toBe(1)
    limit.setLimits({ calls: 4 })
    expect(await passed([limit], 2)).toBe(1)
    expect(() => limit.setLimits({ calls: 0 })).toThrow('mail: calls must be 1 or more, got 0')
    expect(() => limit.setLimits({ burst: -1 })).toThrow('mail: burst must be 0 or more, got -1')
    expect(() => createRateLimit({ name: 'mail', calls: 1, perMs: 0 })).toThrow('mail: perMs must be 1 or more, got 0')
    expect(limit.report()).toMatchObject({ calls: 4, burst: 0 })
  })

  test('limits changed before the first call hold', async () => {
    const limit = createRateLimit({ name: 'mail', calls: 1, perMs: anHour })
    limit.setLimits({ calls: 2 })
    expect(await passed([limit], 5)).toBe(2)
  })
})

describe('a rate limit in Redis', () => {
  let server: TestRedis
  const open: Redis[] = []
  const connect = () => {
    const redis = new Redis(server.url, { enableOfflineQueue: false, maxRetriesPerRequest: 0, commandTimeout: 500 })
    redis.on('error', () => {})
    open.push(redis)
    return new Promise<Redis>(resolve => redis.once('ready', () => resolve(redis)))
  }
  beforeAll(async () => {
    server = await startRedis()
  })
  afterEach(() => {
    for (const redis of open.splice(0)) redis.disconnect()
  })
  afterAll(() => server.close())

  test('is shared by all that name it, and leaves nothing behind in Redis for ever', async () => {
    const name = newId()
    const limits = [await connect(), await connect()].map(redis =>
      createRateLimit({ name, calls: 5, perMs: anHour, redis }),
    )
    expect(await passed(limits, 20)).toBe(5)
    expect(limits[0]?.report()).toMatchObject({ shared: true })
    expect(limits[0]?.report().alone).toBeUndefined()
    const redis = await connect()
    const keys = await redis.keys(`substation:limit:${name}:*`)
    expect(keys).toHaveLength(1)
    expect(await redis.pttl(keys[0] as string)).toBeGreaterThan(0)
  })

  test('is shared in a Redis Cluster, too', async () => {
    const servers = await startRedisCluster()
    const clusters = [new Cluster(servers.urls), new Cluster(servers.urls)]
    try {
      const name = newId()
      const limits = clusters.map(redis => createRateLimit({ name, calls: 5, perMs: anHour, burst: 3, redis }))
      expect(await passed(limits, 20)).toBe(8)
      expect(limits.map(limit => limit.report().alone)).toEqual([undefined, undefined])
    } finally {
      for (const cluster of clusters) cluster.disconnect()
      await servers.close()
    }
  })

  test('while Redis is away each process counts for itself and says so, and shares again afterwards', async () => {
    const name = newId()
    const redis = await connect()
    const limit = createRateLimit({ name, calls: 2, perMs: anHour, redis })
    await limit.take()
    redis.disconnect()
    await once(redis, 'end')
    expect(await passed([limit], 5)).toBe(2)
    expect(limit.report()).toMatchObject({ shared: true, alone: true })
    await redis.connect()
    expect(await passed([limit], 5)).toBe(1)
    expect(limit.report().alone).toBeUndefined()
  })
})
