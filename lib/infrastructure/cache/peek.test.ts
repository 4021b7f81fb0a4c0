import { afterEach, expect, test, vi } from 'vitest'
import { newId } from '../../core/ids.ts'
import { redisUrl, startRedis } from '../testing/servers.ts'
import { type CacheOptions, createCacheRegistry, valueDigest } from './index.ts'

const closing: { close(): Promise<unknown> }[] = []
afterEach(async () => {
  for (const { close } of closing.splice(0)) await close()
})

async function processOf(namespace: string, options: Partial<CacheOptions> = {}) {
  const registry = createCacheRegistry({ redisUrl: redisUrl() }, { checkEveryMs: 60_000 })
  closing.push(registry)
  const cache = await registry.create({ name: 'catalog', namespace, ...options })
  await vi.waitFor(() => expect(cache.report().bus).toBe('listening'))
  return cache
}

test('what memory has of a key, in each process: the same value has the same digest, and an absent one none', async () => {
  const namespace = `t-${newId()}`
  const one = await processOf(namespace)
  const two = await processOf(namespace)
  await one.set('a', { name: 'Ada', id: 1 }, { ttlMs: 60_000 })
  expect(two.peek('a', 'salt')).not.toHaveProperty('copy')
  await two.get('a')
  const [first, second] = [one.peek('a', 'salt').copy, two.peek('a', 'salt').copy]
  expect(first?.digest).toBe(valueDigest({ id: 1, name: 'Ada' }, 'salt'))
  expect(second).toMatchObject({ digest: first?.digest, epoch: first?.epoch, bytes: first?.bytes })
  expect(first?.hardMs).toBeGreaterThan(0)
  expect(first?.hardMs).toBeLessThanOrEqual(60_000)
  // As old as the entry is in Redis, not as its copy is here.
  expect(second?.ageMs).toBeGreaterThanOrEqual(0)
  expect(one.peek('a', 'other').copy?.digest).not.toBe(first?.digest)
  expect(JSON.stringify(one.peek('a', 'salt'))).not.toContain('Ada')
})

test('nothing is counted, and the key that was looked into is still the first to be evicted', async () => {
  const cache = await processOf(`t-${newId()}`, { l1Max: 2 })
  await cache.set('a', 1)
  await cache.set('b', 2)
  const before = cache.report()
  expect(cache.peek('a', 's').copy).toBeDefined()
  expect(cache.peek('absent', 's').copy).toBeUndefined()
  expect(cache.report()).toEqual(before)
  await cache.set('c', 3)
  expect(cache.peek('a', 's').copy).toBeUndefined()
  expect(cache.peek('b', 's').copy).toBeDefined()
})

test('a cache that is switched off, or keeps nothing in memory, says so', async () => {
  const cache = await processOf(`t-${newId()}`)
  await cache.set('a', 1)
  cache.switchTo('off', { id: '1', reason: 'a test', by: 'a test' })
  expect(cache.peek('a', 's')).toMatchObject({ unserved: 'it is switched off', copy: { bytes: 1 } })
  const registry = createCacheRegistry({ redisUrl: redisUrl() })
  closing.push(registry)
  const shared = await registry.create({ name: `t-${newId()}`, kind: 'redis' })
  await shared.set('a', 1)
  expect(shared.peek('a', 's')).toEqual({ epoch: expect.any(Number), unserved: 'it keeps nothing in memory' })
})

test('a scope looks into its own copy', async () => {
  const cache = await processOf(`t-${newId()}`)
  const scoped = cache.for({ user: 'ada' })
  await scoped.set('a', 1)
  expect(scoped.peek('a', 's').copy).toBeDefined()
  expect(cache.peek('a', 's').copy).toBeUndefined()
})

test('a value that is no JSON has no digest', () => {
  const circle: { self?: unknown } = {}
  circle.self = circle
  expect(valueDigest(circle, 's')).toBeUndefined()
  expect(valueDigest(1n, 's')).toBeUndefined()
  expect(valueDigest(undefined, 's')).toBeDefined()
  expect(valueDigest([2, 1], 's')).not.toBe(valueDigest([1, 2], 's'))
})

test('a value of a versioned schema says its version, a large one has no digest, and an entry past its end is none', async () => {
  const cache = await processOf(`t-${newId()}`)
  await cache.set('a', { id: 1 }, { schema: { version: 3 } })
  expect(cache.peek('a', 's').copy).toMatchObject({ schema: '3', digest: expect.any(String) })
  await cache.set('large', 'x'.repeat(4_100_000))
  const { copy } = cache.peek('large', 's')
  expect(copy?.bytes).toBeGreaterThan(4_000_000)
  expect(copy).not.toHaveProperty('digest')
  await cache.set('gone', 1, { ttlMs: 1 })
  await vi.waitFor(() => expect(cache.peek('gone', 's')).not.toHaveProperty('copy'))
})

test('a process that lost the bus says why its memory is not served', async () => {
  const own = await startRedis()
  const registry = createCacheRegistry({ redisUrl: own.url }, { checkEveryMs: 60_000 })
  try {
    const cache = await registry.create({ name: 'catalog' })
    await vi.waitFor(() => expect(cache.peek('a', 's')).not.toHaveProperty('unserved'))
    await cache.set('a', 1)
    await own.close()
    await vi.waitFor(() =>
      expect(cache.peek('a', 's')).toMatchObject({ unserved: expect.any(String), copy: { bytes: 1 } }),
    )
  } finally {
    await registry.close()
    await own.close()
  }
})
