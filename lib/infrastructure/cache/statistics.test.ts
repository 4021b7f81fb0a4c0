import { afterEach, describe, expect, test, vi } from 'vitest'
import { newId } from '../../core/ids.ts'
import { redisUrl } from '../testing/servers.ts'
import { movableClock } from './cache.contract.ts'
import { Durations } from './durations.ts'
import { type Cache, createCacheRegistry } from './index.ts'

const closing: { close(): Promise<unknown> }[] = []
afterEach(async () => {
  for (const { close } of closing.splice(0).reverse()) await close()
})
async function open(namespace: string, kind: 'redis' | 'tiered' = 'tiered'): Promise<Cache> {
  const registry = createCacheRegistry({ redisUrl: redisUrl() })
  closing.push(registry)
  const cache = await registry.create({ name: 'c', namespace, kind })
  await vi.waitFor(() => expect(cache.report().bus).toBe('listening'))
  return cache
}
const namespaceOf = (cache: Cache, name: string) => cache.report().namespaces?.find(one => one.name === name)

describe('namespaces of keys', () => {
  test('count what happened to their keys, of all scopes, in memory and in Redis', async () => {
    const clock = movableClock()
    const registry = createCacheRegistry({ l1Max: 2 }, { clock })
    const cache = await registry.create({ name: 'm' })
    await cache.getOrSet('product:1', async () => {
      clock.advance(50)
      return 'made'
    })
    await cache.for({ workspace: 'a' }).set('product:2', 'set')
    await cache.get('product:1')
    await cache.get('product:9')
    await cache.getOrSet('user:1', () => Promise.reject(new Error('origin down'))).catch(() => undefined)
    await cache.delete('product:2')
    await cache.set('plain', 1)
    await cache.set('other', 1)
    expect(namespaceOf(cache, 'product')).toEqual({
      name: 'product',
      hits: 1,
      misses: 2,
      sets: 1,
      deletes: 1,
      evictions: 2,
      entries: 0,
      bytes: 0,
      made: 1,
      failed: 0,
      slowestMs: 50,
      p50Ms: expect.any(Number),
      p95Ms: expect.any(Number),
    })
    expect(namespaceOf(cache, 'user')).toMatchObject({ made: 1, failed: 1, misses: 1 })
    expect(namespaceOf(cache, '')).toMatchObject({ sets: 2 })
    expect(namespaceOf(cache, '')).toMatchObject({ entries: 2, bytes: 12 })
    await cache.clear()
    expect(namespaceOf(cache, '')).toMatchObject({ entries: 0, bytes: 0 })
  })

  test('those beyond the limit are counted together, but the slowest are named', async () => {
    const clock = movableClock()
    const registry = createCacheRegistry({ l1Max: 1_000 }, { clock })
    const cache = await registry.create({ name: 'm' })
    for (let at = 0; at < 300; at++) for (let times = 0; times < 2; times++) await cache.set(`n${at}:${times}`, 1)
    await cache.getOrSet('n299:x', () => 1)
    await cache.getOrSet('n200:x', async () => {
      clock.advance(9_000)
      return 1
    })
    const names = cache.report().namespaces ?? []
    expect(names).toHaveLength(33)
    expect(names.find(({ name }) => name === 'n200')).toMatchObject({ slowestMs: 9_000 })
    expect(names.at(-1)?.name).toBe('*')
    expect(names.reduce((sum, { sets }) => sum + sets, 0)).toBe(600)
    expect(cache.report({ namespaces: 8 }).namespaces).toHaveLength(9)
  })

  test('of many caches are fewer, so that all caches fit into what a process reports', async () => {
    const registry = createCacheRegistry()
    for (let cache = 0; cache < 40; cache++) await registry.create({ name: `cache-${cache}` })
    for (const cache of registry.list()) for (let at = 0; at < 40; at++) await cache.set(`namespace-${at}:1`, 1)
    expect(JSON.stringify(registry.reports()).length).toBeLessThan(65_536)
  })
})

test('the time from an invalidation to its effect in another process is measured', async () => {
  const namespace = `t-${newId()}`
  const [one, two] = await Promise.all([open(namespace), open(namespace, 'redis')])
  expect(two.report().busLag).toBeUndefined()
  await one.set('a', 1)
  await one.delete('a')
  await vi.waitFor(() => expect(two.report().busLag?.count).toBe(2))
  const lag = two.report().busLag
  expect(lag?.p95).toBeGreaterThanOrEqual(lag?.p50 ?? Number.NaN)
  expect(lag?.last).toBeGreaterThanOrEqual(0)
})

describe('memory', () => {
  test('is bounded by bytes, and one entry that is too large is not kept', async () => {
    const cache = await createCacheRegistry().create({ name: 'm', l1MaxBytes: 1_000 })
    for (let at = 0; at < 9; at++) await cache.set(`key:${at}`, 'x'.repeat(198))
    const { l1Entries, stats, memory } = cache.report()
    expect(l1Entries).toBe(4)
    expect(stats[0]?.bytes).toBeLessThanOrEqual(1_000)
    expect(stats[0]?.evictions).toBe(5)
    expect(memory).toMatchObject({ maxBytes: 1_000 })
    await cache.set('large', 'x'.repeat(2_000))
    expect(await cache.get('large')).toBeUndefined()
    expect(cache.report().l1Entries).toBe(4)
    expect(await cache.get('key:8')).toBeDefined()
  })

  test('shrinks while the heap is too full, says so, and grows again', async () => {
    const clock = movableClock()
    const heap = { used: 50, limit: 100 }
    const registry = createCacheRegistry({ l1Max: 10_000 }, { clock, heap: () => heap })
    const cache = await registry.create({ name: 'm', heapShare: 0.8 })
    const write = async (many: number) => {
      for (let at = 0; at < many; at++) await cache.set(`key:${at % 1_000}`, 'x'.repeat(100))
    }
    await write(1_000)
    expect(cache.report()).toMatchObject({ l1Entries: 1_000, memory: { heapShare: 0.8, shrunk: 0 } })
    heap.used = 81
    await write(1_000)
    const shrunk = cache.report()
    expect(shrunk.memory?.shrunk).toBe(1)
    expect(shrunk.l1Entries).toBeGreaterThan(400)
    expect(shrunk.l1Entries).toBeLessThan(600)
    expect(shrunk.stats[0]?.bytes).toBeLessThanOrEqual(shrunk.memory?.ceiling ?? 0)
    clock.advance(1_001)
    await write(64)
    expect(cache.report().memory?.shrunk).toBe(2)
    heap.used = 75
    clock.advance(1_001)
    await write(1_000)
    expect(cache.report().l1Entries).toBeLessThan(300)
    heap.used = 10
    for (let times = 0; times < 5; times++) {
      clock.advance(1_001)
      await write(1_000)
    }
    expect(cache.report().memory?.ceiling).toBeUndefined()
    expect(cache.report().l1Entries).toBe(1_000)
  })

  test('does not ask for the heap when told not to', async () => {
    const heap = vi.fn(() => ({ used: 100, limit: 100 }))
    const cache = await createCacheRegistry({ l1Max: 1_000 }, { heap }).create({ name: 'm', heapShare: 1 })
    for (let at = 0; at < 200; at++) await cache.set(`key:${at}`, at)
    expect(cache.report().l1Entries).toBe(200)
    expect(heap).not.toHaveBeenCalled()
  })
})

test('durations: percentiles lie in their bucket, and beyond the last bound at it', () => {
  const durations = new Durations()
  expect(durations.report()).toBeUndefined()
  for (let at = 0; at < 99; at++) durations.add(1)
  durations.add(10_000_000)
  const { count, p50 = 0, p95 = 0 } = durations.report() ?? {}
  expect(count).toBe(100)
  for (const one of [p50, p95]) expect(one > 0.8 && one <= 1.6).toBe(true)
  const slow = new Durations()
  slow.add(10_000_000)
  expect(slow.report()?.p95).toBe(104_858)
})
