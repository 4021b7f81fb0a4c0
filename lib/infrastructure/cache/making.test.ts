import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { newId } from '../../core/ids.ts'
import { redisUrl, startRedis } from '../testing/servers.ts'
import { held, movableClock } from './cache.contract.ts'
import { type Cache, type CacheOptions, createCacheRegistry } from './index.ts'

const closing: { close(): Promise<unknown> }[] = []
afterEach(async () => {
  for (const { close } of closing.splice(0).reverse()) await close()
})

type Opened = { cache: Cache; pass(ms: number): Promise<void> }
async function inMemory(options: Partial<CacheOptions> = {}): Promise<Opened> {
  const clock = movableClock()
  const registry = createCacheRegistry({}, { clock })
  closing.push(registry)
  return { cache: await registry.create({ name: 'm', ...options }), pass: async ms => clock.advance(ms) }
}
async function inRedis(options: Partial<CacheOptions> = {}, url = redisUrl()): Promise<Opened> {
  const registry = createCacheRegistry({ redisUrl: url })
  closing.push(registry)
  const cache = await registry.create({ name: 'c', namespace: `t-${newId()}`, ...options })
  await vi.waitFor(() => expect(cache.report().bus).toBe('listening'))
  return { cache, pass: async ms => void (await sleep(ms)) }
}
const kinds = [
  ['memory', inMemory],
  ['redis', (options?: Partial<CacheOptions>) => inRedis({ kind: 'redis', ...options })],
  ['tiered', inRedis],
] as const
const failing = () => Promise.reject(new Error('origin down'))
const activity = (cache: Cache) => cache.report().activity

describe.each(kinds)('%s: a value past its time', (_, open) => {
  const graced = { ttlMs: 100, graceMs: 60_000 }

  test('is served when the factory fails, and is a miss for get', async () => {
    const { cache, pass } = await open()
    await cache.set('a', 'old', graced)
    await pass(101)
    expect(await cache.get('a')).toBeUndefined()
    expect([...(await cache.getMany(['a'])).keys()]).toEqual([])
    expect(await cache.getOrSet('a', failing)).toBe('old')
    expect(activity(cache)?.graced).toBe(1)
    expect(await cache.getOrSet('a', () => 'new')).toBe('new')
    expect(await cache.get('a')).toBe('new')
  })

  test('is served while a slow factory goes on, whose value is stored', async () => {
    const { cache, pass } = await open({ softTimeoutMs: 5 })
    const slow = Promise.withResolvers<string>()
    await cache.set('a', 'old', graced)
    await pass(101)
    expect(await cache.getOrSet('a', () => slow.promise)).toBe('old')
    slow.resolve('new')
    await vi.waitFor(async () => expect(await cache.get('a')).toBe('new'))
  })

  test('a failure of the slow factory afterwards is counted', async () => {
    const { cache, pass } = await open({ softTimeoutMs: 5 })
    const slow = Promise.withResolvers<string>()
    await cache.set('a', 'old', graced)
    await pass(101)
    expect(await cache.getOrSet('a', () => slow.promise)).toBe('old')
    slow.reject(new Error('origin down'))
    await vi.waitFor(() => expect(cache.report().totals.refreshErrors).toBe(1))
  })

  test.each([
    ['the key', { by: 'key', key: 'a' }],
    ['a pattern', { by: 'pattern', pattern: '?' }],
    ['a tag', { by: 'tag', tag: 't' }],
    ['an entity', { by: 'entity', type: 'product', id: 1 }],
    ['everything', { by: 'all' }],
  ] as const)(
    'is never served after an invalidation of %s, before the call or during the factory',
    async (_by, where) => {
      const options = { ...graced, tags: ['t'], entity: ['product', 1] } as const
      const { cache, pass } = await open()
      await cache.set('a', 'old', options)
      await pass(101)
      await cache.invalidate(where)
      await expect(cache.getOrSet('a', failing, options)).rejects.toThrow('origin down')
      await cache.set('a', 'old', options)
      await pass(101)
      const answer = Promise.withResolvers<string>()
      const began = Promise.withResolvers<void>()
      const call = cache.getOrSet('a', held(began, answer), options)
      await began.promise
      await cache.invalidate(where)
      answer.reject(new Error('origin down'))
      await expect(call).rejects.toThrow('origin down')
    },
  )

  test('is gone after its grace', async () => {
    const { cache, pass } = await open()
    await cache.set('a', 'old', { ttlMs: 50, graceMs: 50 })
    await pass(110)
    await expect(cache.getOrSet('a', failing)).rejects.toThrow('origin down')
  })
})

describe.each(kinds)('%s: a factory that takes too long', (_, open) => {
  test('is refused after the hard timeout: its signal is aborted, its value not stored', async () => {
    const { cache } = await open({ hardTimeoutMs: 20 })
    const answer = Promise.withResolvers<string>()
    let signal: AbortSignal | undefined
    const call = cache.getOrSet('a', context => {
      signal = context.signal
      return answer.promise
    })
    await expect(call).rejects.toMatchObject({ code: 'CACHE_TIMEOUT', retryable: true })
    expect(signal?.aborted).toBe(true)
    expect(activity(cache)?.timeouts).toBe(1)
    answer.resolve('late')
    expect(await cache.getOrSet('a', () => 'new', { hardTimeoutMs: 60_000 })).toBe('new')
    expect(await cache.get('a')).toBe('new')
  })

  test('gives way to a value past its time, and waits where there is none', async () => {
    const { cache, pass } = await open()
    const limits = { ttlMs: 50, graceMs: 60_000, hardTimeoutMs: 20 }
    await cache.set('a', 'old', limits)
    await pass(51)
    expect(await cache.getOrSet('a', () => new Promise<string>(() => {}), limits)).toBe('old')
    const slow = Promise.withResolvers<string>()
    const call = cache.getOrSet('b', () => slow.promise, { softTimeoutMs: 1 })
    await sleep(10)
    slow.resolve('made')
    expect(await call).toBe('made')
  })

  test('does not keep a stale value from being refreshed again', async () => {
    const { cache, pass } = await open({ hardTimeoutMs: 20, softTtlMs: 20 })
    await cache.set('a', 'old')
    await pass(30)
    expect(await cache.get('a')).toBe('old')
    expect(await cache.getOrSet('a', () => new Promise<string>(() => {}))).toBe('old')
    await vi.waitFor(() => expect(cache.report().totals.refreshErrors).toBe(1))
    await vi.waitFor(async () => expect(await cache.getOrSet('a', () => 'new')).toBe('new'))
  })
})

describe.each(kinds)('%s: the absence of a value', (_, open) => {
  test.each([undefined, null])('%s from a factory is cached for its own time, apart from a miss', async absent => {
    const { cache, pass } = await open({ negativeTtlMs: 200 })
    const factory = vi.fn(() => absent)
    expect(await cache.getOrSet<unknown>('a', factory)).toBe(absent)
    expect(await cache.getOrSet<unknown>('a', factory)).toBe(absent)
    expect(factory).toHaveBeenCalledTimes(1)
    expect((await cache.getMany(['a', 'b'])).has('a')).toBe(true)
    expect((await cache.getMany(['a', 'b'])).has('b')).toBe(false)
    expect(activity(cache)?.negative).toBeGreaterThanOrEqual(2)
    await pass(201)
    expect(await cache.getOrSet<unknown>('a', () => 'there')).toBe('there')
  })

  test('ends with an invalidation, and with a value that is set', async () => {
    const { cache } = await open({ negativeTtlMs: 60_000 })
    await cache.getOrSet('a', () => undefined, { tags: ['t'] })
    await cache.deleteByTag('t')
    expect(await cache.getOrSet<unknown>('a', () => 1)).toBe(1)
    await cache.getOrSet('b', () => undefined)
    await cache.set('b', 2)
    expect(await cache.get('b')).toBe(2)
  })
})

describe.each(kinds)('%s: a hot key', (_, open) => {
  test('is refreshed before its time when asked to, and not otherwise', async () => {
    const { cache, pass } = await open()
    const slow = async (value: string) => {
      await pass(10)
      return value
    }
    const made = vi.fn(() => slow('first'))
    await cache.getOrSet('a', made)
    expect(await cache.getOrSet('a', () => slow('second'), { earlyRefresh: 0 })).toBe('first')
    expect(await cache.getOrSet('a', () => slow('second'), { earlyRefresh: 1e12 })).toBe('first')
    await vi.waitFor(async () => expect(await cache.get('a')).toBe('second'))
    expect(activity(cache)?.early).toBe(1)
    expect(cache.report().totals.stale).toBe(0)
  })
})

test.each([{ ttlMs: -1 }, { graceMs: -1 }, { softTimeoutMs: Number.NaN }, { earlyRefresh: -1 }])(
  '%o is refused',
  async options => {
    const { cache } = await inMemory()
    await expect(cache.set('a', 1, options)).rejects.toMatchObject({ code: 'CACHE_OPTIONS' })
    await expect(inMemory(options)).rejects.toMatchObject({ code: 'CACHE_OPTIONS' })
  },
)

test('a value past its time is served from memory when Redis is gone only while no invalidation can have been missed', async () => {
  const redis = await startRedis()
  closing.push(redis)
  const { cache, pass } = await inRedis({}, redis.url)
  await cache.set('a', 'old', { ttlMs: 50, graceMs: 60_000 })
  await pass(51)
  expect(await cache.getOrSet('a', failing)).toBe('old')
  await redis.stop()
  await vi.waitFor(() => expect(cache.report().bus).toBe('disconnected'))
  await expect(cache.getOrSet('a', failing)).rejects.toThrow('origin down')
})
