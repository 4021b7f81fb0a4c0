import { afterEach, describe, expect, test, vi } from 'vitest'
import { newId } from '../../core/ids.ts'
import { redisUrl, startRedis } from '../testing/servers.ts'
import { type Cache, type CacheOptions, createCacheRegistry } from './index.ts'

const closing: { close(): Promise<unknown> }[] = []
afterEach(async () => {
  for (const { close } of closing.splice(0).reverse()) await close()
})
async function open(kind: CacheOptions['kind']): Promise<Cache> {
  const registry = createCacheRegistry(kind === 'memory' ? {} : { redisUrl: redisUrl() })
  closing.push(registry)
  const cache = await registry.create({ name: 'c', namespace: `t-${newId()}`, kind })
  if (kind !== 'memory') await vi.waitFor(() => expect(cache.report().bus).toBe('listening'))
  return cache
}
const warmers = (cache: Cache) => cache.report().warmers

describe.each(['memory', 'tiered'] as const)('%s: a warmer', kind => {
  test('fills the cache, so many values at a time, and reports how far it is', async () => {
    const cache = await open(kind)
    const halfway = Promise.withResolvers<void>()
    const seen = Promise.withResolvers<void>()
    cache.warmer({
      name: 'products',
      concurrency: 3,
      async run({ set, progress }) {
        await Promise.all(Array.from({ length: 10 }, (_, at) => set(`p:${at}`, at, { tags: ['t'] })))
        progress(10, 20)
        seen.resolve()
        await halfway.promise
        progress(20)
      },
    })
    expect(warmers(cache)).toEqual([{ name: 'products', state: 'idle', stored: 0 }])
    const run = cache.warm('products')
    await seen.promise
    expect(warmers(cache)).toMatchObject([{ state: 'running', stored: 10, done: 10, total: 20 }])
    halfway.resolve()
    await run
    expect(warmers(cache)).toMatchObject([{ state: 'done', stored: 10, done: 20, total: 20 }])
    expect((await cache.getMany(Array.from({ length: 10 }, (_, at) => `p:${at}`))).size).toBe(10)
    await cache.deleteByTag('t')
    expect(await cache.get('p:1')).toBeUndefined()
  })

  test('stores nothing that was invalidated since it began', async () => {
    const cache = await open(kind)
    const loaded = Promise.withResolvers<void>()
    const begun = Promise.withResolvers<void>()
    cache.warmer({
      name: 'w',
      async run({ set }) {
        begun.resolve()
        await loaded.promise
        await set('a', 'old')
        await set('b', 'old')
      },
    })
    const run = cache.warm()
    await begun.promise
    await cache.set('a', 'new')
    await cache.delete('b')
    loaded.resolve()
    await run
    expect(await cache.get('a')).toBe('new')
    expect(await cache.get('b')).toBeUndefined()
    expect(warmers(cache)).toMatchObject([{ state: 'done', stored: 0 }])
  })
})

test('a warmer runs at the start when asked to, once at a time, and within the scope it was declared in', async () => {
  const cache = await open('memory')
  const go = Promise.withResolvers<void>()
  const run = vi.fn(async ({ set }: { set(key: string, value: unknown): Promise<void> }) => {
    await go.promise
    await set('a', 1)
  })
  const bound = cache.for({ workspace: 'w' })
  const before = cache.revision
  bound.warmer({ name: 'idle', run })
  // Otherwise the fleet would not show it before something else has happened.
  expect(cache.revision).toBeGreaterThan(before)
  bound.warmer({ name: 'w', atStart: true, run })
  const second = cache.warm('w')
  go.resolve()
  await second
  expect(run).toHaveBeenCalledTimes(1)
  expect(await bound.get('a')).toBe(1)
  expect(await cache.get('a')).toBeUndefined()
})

test('one that fails says why and can be run again; names are unique, and unknown ones refused', async () => {
  const cache = await open('memory')
  const run = vi.fn().mockRejectedValueOnce(new Error('origin down')).mockResolvedValueOnce(undefined)
  cache.warmer({ name: 'w', run })
  await cache.warm()
  expect(warmers(cache)).toMatchObject([{ state: 'failed', error: 'origin down' }])
  await cache.warm()
  expect(warmers(cache)).toMatchObject([{ state: 'done' }])
  expect(() => cache.warmer({ name: 'w', run })).toThrow(expect.objectContaining({ code: 'CACHE_EXISTS' }))
  expect(() => cache.warm('nobody')).toThrow(expect.objectContaining({ code: 'CACHE_OPTIONS' }))
})

test('never more values are stored at once than it may', async () => {
  const redis = await startRedis()
  closing.push(redis)
  const registry = createCacheRegistry({ redisUrl: redis.url })
  closing.push(registry)
  const cache = await registry.create({ name: 'c', kind: 'redis' })
  let encoded = 0
  const value = { toJSON: () => ++encoded }
  cache.warmer({
    name: 'w',
    concurrency: 2,
    async run({ set }) {
      redis.pause()
      const all = Array.from({ length: 20 }, (_, at) => set(`k:${at}`, value))
      await new Promise(resolve => setImmediate(resolve))
      const whileRedisHangs = encoded
      redis.resume()
      await Promise.all(all)
      expect(whileRedisHangs).toBe(2)
    },
  })
  await cache.warm()
  expect(warmers(cache)).toMatchObject([{ state: 'done', stored: 20 }])
})

test('closing the cache ends a run', async () => {
  const registry = createCacheRegistry()
  const cache = await registry.create({ name: 'm' })
  cache.warmer({
    name: 'w',
    run: ({ signal, set }) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => set('a', 1).catch(reject))),
  })
  const run = cache.warm()
  await vi.waitFor(() => expect(warmers(cache)).toMatchObject([{ state: 'running' }]))
  await new Promise(resolve => setImmediate(resolve))
  await registry.close()
  await run
  expect(warmers(cache)).toMatchObject([{ state: 'failed', error: 'The cache m has been closed' }])
})
