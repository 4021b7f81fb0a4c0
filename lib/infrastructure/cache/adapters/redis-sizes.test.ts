import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../../core/ids.ts'
import { redisUrl } from '../../testing/servers.ts'
import { createCacheRegistry, sharedLayer } from '../index.ts'

let redis: Redis
beforeAll(() => {
  redis = new Redis(redisUrl())
})
afterAll(() => redis.disconnect())

test('the largest namespaces and keys in Redis, of all scopes, with what Redis needs for them', async () => {
  const namespace = `t-${newId()}`
  const registry = createCacheRegistry({}, { redis })
  const cache = await registry.create({ name: namespace, kind: 'redis' })
  for (let at = 0; at < 700; at++) await cache.set(`product:${at}`, 'x'.repeat(50))
  await cache.for({ user: 'ada' }).set('cart:1', 'x'.repeat(9_000))
  await cache.set('plain', 'x')
  const layer = sharedLayer(redis, namespace)
  const found = await layer.sizes({ signal: AbortSignal.timeout(10_000), most: 2 })
  expect(found).toMatchObject({ share: 1, entries: 702, total: 3 })
  expect(found.namespaces).toEqual([
    { name: 'product', entries: 700, bytes: expect.any(Number) },
    { name: 'cart', entries: 1, bytes: expect.any(Number) },
  ])
  expect(found.keys).toHaveLength(2)
  expect(found.keys[0]?.key).toMatch(/cart:1$/)
  const [full] = await redis.keys(`{${namespace}}:g*cart:1`)
  expect(found.keys[0]?.bytes).toBe(await redis.memory('USAGE', full ?? ''))
  await registry.close()
})

test('out of time, it says which share of Redis it has gone through', async () => {
  const namespace = `t-${newId()}`
  await sharedLayer(redis, namespace).write({
    ...{ key: 'a:1', payload: '1', softMs: 60_000, hardMs: 60_000, goneMs: 60_000, tags: [], madeInMs: 0 },
  })
  const found = await sharedLayer(redis, namespace).sizes({ signal: AbortSignal.abort(), most: 2 })
  expect(found).toEqual({ share: 0, entries: 0, bytes: 0, total: 0, namespaces: [], keys: [] })
})
