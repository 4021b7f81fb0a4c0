import { afterEach, describe, expect, expectTypeOf, test, vi } from 'vitest'
import { newId } from '../../core/ids.ts'
import { redisUrl } from '../testing/servers.ts'
import { type Cache, type CacheOptions, createCacheRegistry, defineKey } from './index.ts'

const closing: { close(): Promise<unknown> }[] = []
afterEach(async () => {
  for (const { close } of closing.splice(0).reverse()) await close()
})

async function open(kind: CacheOptions['kind'], options: Partial<CacheOptions> = {}): Promise<Cache> {
  const registry = createCacheRegistry(kind === 'memory' ? {} : { redisUrl: redisUrl() })
  closing.push(registry)
  const cache = await registry.create({ name: 'c', namespace: `t-${newId()}`, kind, ...options })
  if (kind !== 'memory') await vi.waitFor(() => expect(cache.report().bus).toBe('listening'))
  return cache
}

describe.each(['memory', 'redis', 'tiered'] as const)('%s: many keys at once', kind => {
  const keys = Array.from({ length: 250 }, (_, at) => `p:${at}`)

  test('are set, read and deleted', async () => {
    const cache = await open(kind)
    await cache.setMany(
      keys.map(key => [key, key] as const),
      { tags: ['t'] },
    )
    expect((await cache.getMany(keys)).size).toBe(250)
    await cache.deleteMany(keys.slice(0, 200))
    expect([...(await cache.getMany(keys)).keys()]).toEqual(keys.slice(200))
    await cache.deleteByTag('t')
    expect((await cache.getMany(keys)).size).toBe(0)
    await expect(cache.setMany([['f', () => 1]])).rejects.toMatchObject({ code: 'CACHE_VALUE' })
  })

  test('are made by one call for those that are missing, and stored', async () => {
    const cache = await open(kind)
    await cache.set('p:0', 'there')
    const factory = vi.fn((missing: readonly string[]) => missing.map(key => [key, `made ${key}`] as [string, string]))
    const bound = cache.for({ workspace: 'w' })
    const values = await cache.getOrSetMany(['p:0', 'p:1', 'p:2', 'p:1'], factory)
    expect(Object.fromEntries(values)).toEqual({ 'p:0': 'there', 'p:1': 'made p:1', 'p:2': 'made p:2' })
    expect(factory.mock.calls.map(([missing]) => missing)).toEqual([['p:1', 'p:2']])
    expect((await cache.getOrSetMany(['p:0', 'p:1', 'p:2'], factory)).size).toBe(3)
    expect(factory).toHaveBeenCalledTimes(1)
    expect(Object.fromEntries(await bound.getOrSetMany(['p:1'], factory))).toEqual({ 'p:1': 'made p:1' })
    expect(factory).toHaveBeenCalledTimes(2)
  })

  test('join calls under way, and are joined', async () => {
    const cache = await open(kind)
    const slow = Promise.withResolvers<string>()
    const single = cache.getOrSet('a', () => slow.promise)
    const release = Promise.withResolvers<void>()
    const factory = vi.fn(async (missing: readonly string[]) => {
      await release.promise
      return missing.map(key => [key, 'bulk'] as [string, string])
    })
    const many = cache.getOrSetMany(['a', 'b'], factory)
    await vi.waitFor(() => expect(factory).toHaveBeenCalledTimes(1))
    const other = vi.fn(() => 'other')
    const joined = cache.getOrSet('b', other)
    slow.resolve('single')
    release.resolve()
    expect(Object.fromEntries(await many)).toEqual({ a: 'single', b: 'bulk' })
    expect(await joined).toBe('bulk')
    expect(await single).toBe('single')
    expect(other).not.toHaveBeenCalled()
    expect(factory.mock.calls.map(([missing]) => missing)).toEqual([['b']])
  })

  test('fail together, and are made again afterwards', async () => {
    const cache = await open(kind)
    await expect(cache.getOrSetMany(['a', 'b'], () => Promise.reject(new Error('origin down')))).rejects.toThrow(
      'origin down',
    )
    expect((await cache.getOrSetMany(['a'], () => [['a', 1]])).get('a')).toBe(1)
  })

  test('an absence is cached when asked to, and otherwise left out', async () => {
    const cache = await open(kind)
    const none = vi.fn((): [string, number][] => [])
    expect((await cache.getOrSetMany(['a'], none)).size).toBe(0)
    await cache.getOrSetMany(['a'], none, { negativeTtlMs: 60_000 })
    await cache.getOrSetMany(['a'], none, { negativeTtlMs: 60_000 })
    expect(none).toHaveBeenCalledTimes(2)
    const nulls = vi.fn((): [string, null][] => [['b', null]])
    const options = { negativeTtlMs: 60_000, tags: ['t'] }
    for (let times = 0; times < 2; times++)
      expect((await cache.getOrSetMany<unknown>(['b'], nulls, options)).get('b')).toBeNull()
    expect(nulls).toHaveBeenCalledTimes(1)
  })

  test('what was invalidated after the factory began is not stored, the rest is', async () => {
    const cache = await open(kind)
    const release = Promise.withResolvers<void>()
    const begun = Promise.withResolvers<void>()
    const call = cache.getOrSetMany(['a', 'b'], async missing => {
      begun.resolve()
      await release.promise
      return missing.map(key => [key, 'old'] as [string, string])
    })
    await begun.promise
    await cache.delete('a')
    release.resolve()
    expect((await call).get('a')).toBe('old')
    expect(Object.fromEntries(await cache.getMany(['a', 'b']))).toEqual({ b: 'old' })
  })

  test('in its grace, a value takes the place of a failure or of one that takes too long', async () => {
    const cache = await open(kind, { graceMs: 60_000 })
    await cache.set('a', 'old', { ttlMs: 1 })
    const options = { softTimeoutMs: 5 }
    await vi.waitFor(async () => expect(await cache.get('a')).toBeUndefined())
    const down = () => Promise.reject(new Error('origin down'))
    expect(Object.fromEntries(await cache.getOrSetMany(['a'], down))).toEqual({ a: 'old' })
    const late = Promise.withResolvers<[string, string][]>()
    expect((await cache.getOrSetMany(['a'], () => late.promise, options)).get('a')).toBe('old')
    late.resolve([['a', 'new']])
    await vi.waitFor(async () => expect(await cache.get('a')).toBe('new'))
    expect(cache.report().activity?.graced).toBe(2)
    await expect(cache.getOrSetMany(['a', 'b'], down)).rejects.toThrow('origin down')
  })

  test('a factory that takes too long is refused', async () => {
    const cache = await open(kind, { hardTimeoutMs: 10 })
    const call = cache.getOrSetMany(['a'], () => new Promise<[string, number][]>(() => {}))
    await expect(call).rejects.toMatchObject({ code: 'CACHE_TIMEOUT' })
    expect(cache.report().activity?.timeouts).toBe(1)
  })
})

test('a typed key names its keys, and its values have its type and schema', async () => {
  const cache = await open('memory')
  const price = defineKey<{ product: number; currency: string }, { cents: number }>(
    'price*',
    ({ product, currency }) => `${product}:${currency}`,
    { tags: ['prices'], schema: { version: 2 } },
  )
  const args = { product: 7, currency: 'EUR' }
  expect(price.of(args)).toBe('price*:7:EUR')
  expect(await price.get(cache, args)).toBeUndefined()
  const made = await price.getOrSet(cache, args, () => ({ cents: 1 }))
  expectTypeOf(made).toEqualTypeOf<{ cents: number }>()
  expect(await price.get(cache, args)).toEqual({ cents: 1 })
  await price.set(cache, args, { cents: 2 }, { ttlMs: 60_000 })
  expect(await price.getOrSet(cache, args, () => ({ cents: 3 }), {})).toEqual({ cents: 2 })
  await price.delete(cache, args)
  expect(await price.get(cache, args)).toBeUndefined()
  await price.set(cache, args, { cents: 2 })
  await cache.set('price-like:7', 1)
  expect(await cache.count(price.all)).toMatchObject({ count: 1 })
  await cache.deleteByTag('prices')
  expect(await price.get(cache, args)).toBeUndefined()
  // @ts-expect-error: this line is the test: a text for a key of numbers must not compile
  void (() => price.set(cache, args, 'free'))
})
