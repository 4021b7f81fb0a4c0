import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { newId } from '../../core/ids.ts'
import { readConfig } from '../config/index.ts'
import { redisUrl } from '../testing/servers.ts'
import { cacheContract, movableClock } from './cache.contract.ts'
import { cacheConfig, createCacheRegistry } from './index.ts'

cacheContract('memory', async options => {
  const clock = movableClock()
  const registry = createCacheRegistry({}, { clock })
  const cache = await registry.create({ name: 'm', ...options })
  return { cache, pass: async ms => clock.advance(ms), close: () => registry.close() }
})

for (const kind of ['redis', 'tiered'] as const) {
  cacheContract(kind, async options => {
    const registry = createCacheRegistry({ redisUrl: redisUrl() })
    const cache = await registry.create({ name: 'c', namespace: `t-${newId()}`, kind, ...options })
    await vi.waitFor(() => expect(cache.report().bus).toBe('listening'))
    return { cache, pass: ms => sleep(ms), close: () => registry.close() }
  })
}

test('memory keeps its limit, evicts the least recently used, and reports its size', async () => {
  const registry = createCacheRegistry({ l1Max: 3 })
  const cache = await registry.create({ name: 'small' })
  for (const key of ['a', 'b', 'c']) await cache.set(key, 'x'.repeat(100))
  await cache.get('a')
  await cache.set('d', 1)
  expect(await cache.get('b')).toBeUndefined()
  expect(await cache.get('a')).toBeDefined()
  expect(cache.report()).toMatchObject({ l1Entries: 3, l1Max: 3, stats: [{ layer: 'l1', size: 3, evictions: 1 }] })
  expect(cache.report().stats[0]?.bytes).toBe(2 * 103 + 2)
  await cache.clear()
  expect(cache.report().stats[0]).toMatchObject({ size: 0, bytes: 0 })
})

test('a registry refuses taken names, braces, and sharing without a Redis; it reports its caches', async () => {
  const registry = createCacheRegistry()
  await registry.create({ name: 'a', owner: 'team-a', runbook: 'https://wiki/a' })
  await expect(registry.create({ name: '' })).rejects.toMatchObject({ code: 'CACHE_OPTIONS' })
  await expect(registry.create({ name: 'a' })).rejects.toMatchObject({ code: 'CACHE_EXISTS' })
  await expect(registry.create({ name: 'b', namespace: '{b}' })).rejects.toMatchObject({ code: 'CACHE_OPTIONS' })
  await expect(registry.create({ name: 'c', kind: 'tiered' })).rejects.toMatchObject({ code: 'CACHE_OPTIONS' })
  expect(registry.reports()).toMatchObject([
    { name: 'a', namespace: 'a', layers: ['l1'], owner: 'team-a', runbook: 'https://wiki/a' },
  ])
  expect(registry.get('a')).toBe(registry.list()[0])
  const before = registry.revision
  await registry.get('a')?.get('x')
  expect(registry.revision).toBeGreaterThan(before)
})

test('the environment configures it', () => {
  const { cache } = readConfig({ cache: cacheConfig }, { CACHE_REDIS_URL: 'redis://h', CACHE_TTL: '1m' })
  expect(cache).toEqual({ redisUrl: 'redis://h', commandTimeoutMs: 1_000, ttlMs: 60_000, l1Max: 1_000 })
  expect(readConfig({ cache: cacheConfig }, {}).cache).not.toHaveProperty('redisUrl')
})
