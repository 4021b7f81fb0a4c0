import { setTimeout as sleep } from 'node:timers/promises'
import { Cluster, Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { newId } from '../../core/ids.ts'
import { startRedisCluster, type TestRedisCluster } from '../testing/servers.ts'
import { redisLayer } from './adapters/redis.ts'
import { cacheContract } from './cache.contract.ts'
import { type Cache, type CacheOptions, createCacheRegistry } from './index.ts'

let servers: TestRedisCluster
let nodes: Redis[]
beforeAll(async () => {
  servers = await startRedisCluster(3)
  nodes = servers.urls.map(url => new Redis(url))
})
afterAll(async () => {
  for (const node of nodes) node.disconnect()
  await servers.close()
})

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const connect = ({ urls } = servers) =>
  new Cluster(urls, { redisOptions: { commandTimeout: 1_000 }, clusterRetryStrategy: () => 50 }).on(
    'error',
    () => undefined,
  )

/** As another process would have it: with connections and a memory of its own. */
async function open(options: Partial<CacheOptions> = {}, cluster = servers): Promise<Cache> {
  const redis = connect(cluster)
  const registry = createCacheRegistry({}, { redis, checkEveryMs: 100 })
  closing.push(async () => {
    await registry.close()
    redis.disconnect()
  })
  const cache = await registry.create({ name: 'c', namespace: `t-${newId()}`, ...options })
  await vi.waitFor(() => expect(cache.report().bus).toBe('listening'), 10_000)
  return cache
}

const slotOf = async (namespace: string) => Number(await nodes[0]?.cluster('KEYSLOT', `{${namespace}}:meta`))
/** A namespace whose slot is one of this master's. */
async function namespaceOn(master: number): Promise<string> {
  for (;;) {
    const namespace = `t-${newId()}`
    if (Math.floor((await slotOf(namespace)) / (16_384 / 3)) === master) return namespace
  }
}

cacheContract('a Redis Cluster', async options => {
  const redis = connect()
  const registry = createCacheRegistry({}, { redis })
  const cache = await registry.create({ name: 'c', namespace: `t-${newId()}`, ...options })
  await vi.waitFor(() => expect(cache.report().bus).toBe('listening'), 10_000)
  return {
    cache,
    pass: ms => sleep(ms),
    async close() {
      await registry.close()
      redis.disconnect()
    },
  }
})

describe.each([0, 1, 2])('two processes whose keys are on master %i of a Redis Cluster', master => {
  test.each([
    { by: 'key', key: 'product:1' },
    { by: 'pattern', pattern: 'product:*' },
    { by: 'tag', tag: 'shoes' },
    { by: 'entity', type: 'product', id: 1 },
    { by: 'all' },
  ] as const)('see what one of them invalidates by %o', async where => {
    const namespace = await namespaceOn(master)
    const [one, two] = await Promise.all([open({ namespace }), open({ namespace })])
    await one.set('product:1', 'old', { tags: ['shoes'], entity: ['product', 1] })
    expect(await two.get('product:1')).toBe('old')
    expect(await two.count(where)).toMatchObject({ count: 1, precision: 'exact', sample: ['product:1'] })
    expect(await one.invalidate(where)).toMatchObject({ deleted: 1 })
    await vi.waitFor(async () => expect(await two.get('product:1')).toBeUndefined())
    expect(await two.count({ by: 'all' })).toMatchObject({ count: 0 })
  })

  test.each([
    { by: 'user', id: 'ada' },
    { by: 'workspace', id: 'acme' },
  ] as const)('see what one of them invalidates by %o', async where => {
    const namespace = await namespaceOn(master)
    const [one, two] = await Promise.all([open({ namespace }), open({ namespace })])
    const scope = { workspace: 'acme', user: 'ada' }
    await one.for(scope).set('cart', 1)
    expect(await two.for(scope).get('cart')).toBe(1)
    expect(await one.invalidate(where)).toMatchObject({ deleted: 1 })
    await vi.waitFor(async () => expect(await two.for(scope).get('cart')).toBeUndefined())
  })

  test('make a value once', async () => {
    const namespace = await namespaceOn(master)
    const [one, two] = await Promise.all([open({ namespace }), open({ namespace })])
    const value = Promise.withResolvers<string>()
    const factory = vi.fn(() => value.promise)
    const both = [one.getOrSet('a', factory), two.getOrSet('a', factory)]
    await vi.waitFor(() => expect([one, two].map(cache => cache.report().activity?.waited)).toContain(1))
    value.resolve('made')
    expect(await Promise.all(both)).toEqual(['made', 'made'])
    expect(factory).toHaveBeenCalledTimes(1)
  })
})

test('what was removed is restored', async () => {
  const redis = connect()
  closing.push(() => redis.disconnect())
  const layer = redisLayer(redis, `t-${newId()}`)
  const { signal } = new AbortController()
  const times = { softMs: 30_000, hardMs: 30_000, goneMs: 30_000, madeInMs: 0 }
  for (let id = 0; id < 1_500; id++) await layer.write({ key: `p:${id}`, payload: '1', tags: ['t'], ...times })
  const keep = { name: 'run', forMs: 60_000, entries: 10_000, bytes: 1_000_000 }
  for (const where of [{ by: 'pattern', pattern: 'p:*' }, { by: 'tag', tag: 't' }, { by: 'all' }] as const) {
    const at = await layer.invalidate(where, keep)
    expect(await layer.setAside(where, at, keep, { signal })).toMatchObject({
      deleted: 1_500,
      kept: { entries: 1_500 },
    })
    expect(await layer.restore('run', at.stamp, { signal })).toMatchObject({ restored: 1_500 })
  }
  expect(await layer.count({ by: 'tag', tag: 't' }, { signal, sample: 0 })).toMatchObject({ count: 1_500 })
  const { entries, keys } = await layer.sizes({ signal, most: 3 })
  expect({ entries, keys: keys.length }).toEqual({ entries: 1_500, keys: 3 })
})

test('a slot that moves to another master takes the cache along', async () => {
  const namespace = await namespaceOn(0)
  const [one, two] = await Promise.all([open({ namespace }), open({ namespace })])
  await one.set('a', 'old', { tags: ['t'] })
  expect(await two.get('a')).toBe('old')
  const slot = await slotOf(namespace)
  const [from, to] = nodes as [Redis, Redis]
  const [fromId, toId] = [String(await from.cluster('MYID')), String(await to.cluster('MYID'))]
  await to.cluster('SETSLOT', slot, 'IMPORTING', fromId)
  await from.cluster('SETSLOT', slot, 'MIGRATING', toId)
  // In the middle of it a script may find its keys on two masters, which counts as a Redis that fails.
  for (const key of (await from.call('CLUSTER', 'GETKEYSINSLOT', slot, 1)) as string[])
    await from.migrate('127.0.0.1', to.options.port ?? 0, key, 0, 5_000)
  expect(await two.getOrSet('made between', () => 'made')).toBe('made')
  const keys = (await from.call('CLUSTER', 'GETKEYSINSLOT', slot, 1_000)) as string[]
  for (const key of keys) await from.migrate('127.0.0.1', to.options.port ?? 0, key, 0, 5_000)
  for (const node of [to, ...nodes]) await node.cluster('SETSLOT', slot, 'NODE', toId)

  await vi.waitFor(async () => {
    await one.set('a', 'new', { tags: ['t'] })
    expect(await two.get('a')).toBe('new')
  }, 15_000)
  expect(await one.invalidate({ by: 'tag', tag: 't' })).toMatchObject({ deleted: 1 })
  await vi.waitFor(async () => expect(await two.get('a')).toBeUndefined())
})

test('a cache that opens before its Cluster answers receives invalidations from then on', async () => {
  const redis = new Cluster(servers.urls, { lazyConnect: true, enableOfflineQueue: false })
  const registry = createCacheRegistry({ commandTimeoutMs: 200 }, { redis, checkEveryMs: 50 })
  closing.push(async () => {
    await registry.close()
    redis.disconnect()
  })
  const cache = await registry.create({ name: 'c', namespace: `t-${newId()}` })
  expect(await cache.getOrSet('a', () => 'from the origin')).toBe('from the origin')
  // The first call has made it connect.
  await vi.waitFor(() => expect(cache.report().bus).toBe('listening'), 10_000)
})

test('one node of a Redis Cluster, by its address, is refused', async () => {
  const registry = createCacheRegistry({ redisUrl: servers.urls[0] as string })
  closing.push(() => registry.close())
  await expect(registry.create({ name: 'c' })).rejects.toMatchObject({
    code: 'CACHE_OPTIONS',
    message: expect.stringContaining('one node of a Redis Cluster'),
  })
})

test('a master that stops takes its caches out of Redis, which still answer; the others go on, and receive again', async () => {
  const own = await startRedisCluster(3)
  closing.push(() => own.close())
  for (const url of own.urls) {
    const node = new Redis(url)
    // Without it a Cluster refuses all keys while those of one master are not reachable.
    await node.config('SET', 'cluster-require-full-coverage', 'no')
    node.disconnect()
  }
  const [lost, other] = await Promise.all([namespaceOn(2), namespaceOn(1)])
  const [onLost, one, two] = await Promise.all([
    open({ namespace: lost }, own),
    open({ namespace: other }, own),
    open({ namespace: other }, own),
  ])
  await one.set('a', 'old')
  expect(await two.get('a')).toBe('old')
  await own.stop(2)
  expect(await onLost.getOrSet('a', () => 'from the origin')).toBe('from the origin')
  await vi.waitFor(() => {
    for (const cache of [one, two]) expect(cache.report().bus).toBe('listening')
  }, 10_000)
  await one.set('a', 'new')
  await vi.waitFor(async () => expect(await two.get('a')).toBe('new'))
}, 30_000)
