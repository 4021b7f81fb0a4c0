import { BentoCache, bentostore } from 'bentocache'
import { memoryDriver } from 'bentocache/drivers/memory'
import { redisDriver } from 'bentocache/drivers/redis'
import { createCache } from 'cache-manager'
import { Cacheable, KeyvCacheableMemory } from 'cacheable'
import { Redis } from 'ioredis'
import { Keyv } from 'keyv'
import { createStorage, prefixStorage } from 'unstorage'
import memoryStorage from 'unstorage/drivers/memory'
import { expect, test } from 'vitest'
import { newId } from '../../../core/ids.ts'
import { redisUrl } from '../../testing/servers.ts'
import {
  adoptBentocache,
  adoptCacheable,
  adoptCacheManager,
  adoptedCache,
  adoptKeyv,
  adoptRedisPrefix,
  adoptUnstorage,
  createCacheRegistry,
} from '../index.ts'

const name = 'catalogue'
const noteOf = (adopted: { report(): ReturnType<ReturnType<typeof adoptKeyv>['report']> }, by: string) =>
  adopted.report().adopted.can.find(ability => ability.by === by)?.note

test('a registry reports adopted caches beside its own, refuses a name twice, and stops measuring when it closes', async () => {
  const caches = createCacheRegistry()
  await caches.create({ name: 'own' })
  const keyv = new Keyv()
  const adopted = caches.adopt(adoptKeyv(keyv, { name, owner: 'team', runbook: 'runbook.md' }))
  expect(caches.reports().map(report => report.name)).toEqual(['own', name])
  expect(caches.adopted(name)).toBe(adopted)
  expect(caches.get(name)).toBeUndefined()
  expect(adopted.report()).toMatchObject({ owner: 'team', runbook: 'runbook.md', epoch: 0 })
  expect(() => caches.adopt(adoptKeyv(keyv, { name: 'own' }))).toThrow(
    expect.objectContaining({ code: 'CACHE_EXISTS' }),
  )
  await expect(caches.create({ name })).rejects.toMatchObject({ code: 'CACHE_EXISTS' })
  const before = caches.revision
  await keyv.get('a')
  expect(caches.revision).toBeGreaterThan(before)
  await caches.close()
  await keyv.get('a')
  expect(adopted.report().totals).toEqual({ hits: 0, misses: 1 })
  await expect(keyv.set('a', 1)).resolves.toBe(true)
})

test('a cache that no adopter knows is adopted from its parts', async () => {
  const values = new Map([['a', 1]])
  const adopted = adoptedCache({
    kind: 'a map',
    details: { name },
    layers: ['l1'],
    targets: {
      key: { exact: true, run: async key => void values.delete(key) },
      pattern: 'A map has no patterns.',
      tag: 'A map has no tags.',
      all: 'Nobody may.',
    },
  })
  expect(adopted.report()).toMatchObject({ namespace: name, stats: [], adopted: { unmeasured: [] } })
  await adopted.applyInvalidation({ by: 'key', key: 'a' })
  expect(values.size).toBe(0)
  adopted.release()
})

test('Keyv: every way to look up is counted, and what it keeps of others in one map is left', async () => {
  const shared = new Map()
  const [products, prices] = [
    new Keyv({ store: shared, namespace: 'products' }),
    new Keyv({ store: shared, namespace: 'prices' }),
  ]
  const adopted = adoptKeyv(products, { name })
  for (let id = 0; id < 1_100; id++) await products.set(`product:${id}`, id)
  await prices.set('product:1', 999)
  await products.getMany(['product:1', 'nothing'])
  await products.getRaw('product:1')
  await products.getManyRaw(['product:1', 'nothing'])
  expect(adopted.report()).toMatchObject({ totals: { hits: 3, misses: 2 }, l1Entries: 1_101 })
  await adopted.applyInvalidation({ by: 'pattern', pattern: 'product:*' })
  expect([...shared.keys()]).toEqual(['prices:product:1'])
})

test('Keyv with a store in memory that cannot list its keys has no patterns', async () => {
  const values = new Map<string, unknown>()
  const store = {
    get: async (key: string) => values.get(key),
    set: async (key: string, value: unknown) => values.set(key, value),
    delete: async (key: string) => values.delete(key),
    clear: async () => values.clear(),
  }
  const keyv = new Keyv({ store })
  const adopted = adoptKeyv(keyv, { name })
  expect(adopted.report().adopted.cannot).toContainEqual({
    by: 'pattern',
    why: 'Keyv cannot list the keys that it has in memory.',
  })
  expect(noteOf(adopted, 'all')).toBeUndefined()
  // In front of a store that can, its memory is emptied as a whole.
  const remote = Object.assign(new Map<string, unknown>(), { opts: { dialect: 'sqlite' } })
  const behind = {
    ...store,
    opts: { dialect: 'sqlite', url: 'sqlite://' },
    get: async (key: string) => remote.get(key),
    set: async (key: string, value: unknown) => remote.set(key, value),
    delete: async (key: string) => remote.delete(key),
    async *iterator() {
      yield* remote
    },
  }
  const cache = createCache({ stores: [keyv, new Keyv({ store: behind })] })
  const tiered = adoptCacheManager(cache, { name })
  await cache.set('product:1', 'old')
  await cache.set('price:1', 'kept')
  const ofDefault = 'Its namespace is the default of Keyv, so what others keep there in the same store goes too.'
  expect(noteOf(tiered, 'all')).toBe(ofDefault)
  expect(noteOf(tiered, 'pattern')).toBe(
    `${ofDefault} The memory of each process is emptied as a whole: its keys cannot be listed.`,
  )
  await tiered.applyInvalidation({ by: 'pattern', pattern: 'product:*' }, undefined, { memoryOnly: true })
  expect([values.size, remote.size]).toEqual([0, 2])
  await tiered.applyInvalidation({ by: 'pattern', pattern: 'product:*' })
  expect([await cache.get('product:1'), await cache.get('price:1')]).toEqual([undefined, 'kept'])
})

test('Keyv: a store that fails in its own way is not confirmed', async () => {
  const keyv = new Keyv({
    namespace: undefined,
    store: {
      opts: { url: 'somewhere' },
      get: async () => undefined,
      set: async () => true,
      delete: () => Promise.reject('the disk is full'),
      clear: async () => undefined,
    },
  })
  keyv.on('error', () => undefined)
  const adopted = adoptKeyv(keyv, { name })
  expect(adopted.report()).toMatchObject({ layers: ['l2'], adopted: { store: 'a shared store', can: [{ by: 'key' }] } })
  await expect(adopted.applyInvalidation({ by: 'key', key: 'a' })).rejects.toMatchObject({
    code: 'CACHE_UNREACHABLE',
    message: 'Its store failed: the disk is full',
  })
})

test('cacheable: many at once are counted, and a pattern leaves the versions of its tags', async () => {
  const primary = new Keyv({ store: new KeyvCacheableMemory() })
  const cacheable = new Cacheable({ primary, tags: true })
  const adopted = adoptCacheable(cacheable, { name })
  await cacheable.set('product:1', 'x', { tags: ['spring'] })
  expect(await cacheable.getMany(['product:1', 'nothing'])).toEqual(['x', undefined])
  expect(adopted.report().totals).toEqual({ hits: 1, misses: 1 })
  await adopted.applyInvalidation({ by: 'tag', tag: 'spring' })
  await cacheable.set('product:2', 'made before the pattern', { tags: ['spring'] })
  await adopted.applyInvalidation({ by: 'pattern', pattern: 'product:1' })
  await adopted.applyInvalidation({ by: 'pattern', pattern: '*cacheable*' })
  expect(await cacheable.get('product:2')).toBe('made before the pattern')
  adopted.release()
})

test('bentocache: a namespace is invalidated alone, in Redis and in memory', async () => {
  const connection = new Redis(redisUrl())
  const prefix = `bento-${newId()}`
  const stores = {
    main: bentostore().useL1Layer(memoryDriver({})).useL2Layer(redisDriver({ connection })),
  }
  const bento = new BentoCache({ default: 'main', prefix, stores })
  const adopted = adoptBentocache(bento, { name, prefix, namespace: 'products', store: 'main' })
  const [products, users] = [bento.namespace('products'), bento.namespace('users')]
  for (const one of [products, users]) await one.set({ key: '1', value: 'x' })
  await products.getOrSet({ key: '2', factory: () => 'made' })
  await products.getOrSet({ key: '2', factory: () => 'made' })
  await products.getOrSet({ key: '3', factory: () => Promise.reject(new Error('origin down')) }).catch(() => undefined)
  await products.has({ key: '1' })
  await users.get({ key: '1' })
  expect(adopted.report()).toMatchObject({
    namespace: 'products',
    totals: { hits: 1, misses: 2 },
    stats: [
      { layer: 'l1', hits: 1, misses: 2 },
      { layer: 'l2', hits: 0, misses: 2 },
    ],
  })
  expect(noteOf(adopted, 'all')).toBeUndefined()
  await adopted.applyInvalidation({ by: 'all' })
  expect([await products.get({ key: '1' }), await users.get({ key: '1' })]).toEqual([undefined, 'x'])
  adopted.release()
  connection.disconnect()
})

test('bentocache in memory only, and one with a circuit breaker for L2, say what that means', async () => {
  const bento = new BentoCache({ default: 'main', stores: { main: bentostore().useL1Layer(memoryDriver({})) } })
  const adopted = adoptBentocache(bento, { name, layers: ['l1'] })
  await bento.set({ key: 'product:1', value: 'x', tags: ['spring'] })
  expect(adopted.report()).toMatchObject({ layers: ['l1'], adopted: { store: 'memory' } })
  await bento.get({ key: 'product:1' })
  await bento.get({ key: 'product:2' })
  expect(adopted.report().stats).toEqual([{ layer: 'l1', hits: 1, misses: 1 }])
  expect(noteOf(adopted, 'all')).toBeUndefined()
  await adopted.applyInvalidation({ by: 'key', key: 'product:1' })
  expect(await bento.get({ key: 'product:1' })).toBeUndefined()
  adopted.release()
  const guarded = adoptBentocache(bento, { name, l2CircuitBreaker: true })
  for (const by of ['key', 'tag', 'all'])
    expect(noteOf(guarded, by)).toContain('While its circuit breaker for L2 is open')
  guarded.release()
})

test('what is read while an entry is removed from the store does not stay in memory', async () => {
  const remote = new Map<string, unknown>()
  let duringIt: () => Promise<unknown> = async () => undefined
  const secondary = new Keyv({
    namespace: name,
    store: {
      opts: { url: 'somewhere' },
      get: async (key: string) => remote.get(key),
      set: async (key: string, value: unknown) => remote.set(key, value),
      async delete(key: string) {
        await duringIt()
        return remote.delete(key)
      },
      clear: async () => remote.clear(),
    },
  })
  const cacheable = new Cacheable({ secondary, namespace: name })
  await cacheable.set('product:1', 'old')
  duringIt = () => cacheable.get('product:1')
  await adoptCacheable(cacheable, { name }).applyInvalidation({ by: 'key', key: 'product:1' })
  expect(await cacheable.get('product:1')).toBeUndefined()

  const connection = new Redis(redisUrl())
  const inRedis = redisDriver({ connection })
  const store = bentostore()
    .useL1Layer(memoryDriver({}))
    .useL2Layer({
      ...inRedis,
      factory(config) {
        const driver = inRedis.factory(config)
        const remove = driver.delete.bind(driver)
        driver.delete = async key => {
          await duringIt()
          return remove(key)
        }
        return driver
      },
    })
  const bento = new BentoCache({ default: 'main', prefix: `bento-${newId()}`, stores: { main: store } })
  await bento.set({ key: 'product:1', value: 'old' })
  duringIt = () => bento.get({ key: 'product:1' })
  const adopted = adoptBentocache(bento, { name })
  await adopted.applyInvalidation({ by: 'key', key: 'product:1' })
  duringIt = async () => undefined
  expect(await bento.get({ key: 'product:1' })).toBeUndefined()
  adopted.release()
  connection.disconnect()
})

test('unstorage: a base is counted and invalidated alone, whichever way it is read', async () => {
  const storage = createStorage()
  const adopted = adoptUnstorage(storage, { name, base: 'products' })
  const products = prefixStorage<string>(storage, 'products')
  await storage.setItem('users:1', 'ada')
  await products.setItem('product:1', 'x')
  await products.get('product:1')
  await storage.getItem('products/product/2')
  await storage.getItemRaw('products:product:1')
  await storage.getItems(['products:product:1', 'users:1', { key: 'products:none' }])
  await storage.getItem('users:1')
  expect(adopted.report().totals).toEqual({ hits: 3, misses: 2 })
  await adopted.applyInvalidation({ by: 'all' })
  expect(await storage.getKeys()).toEqual(['users:1'])
  adopted.release()
})

test('unstorage as a whole, over several drivers; one that cannot remove is not offered', async () => {
  const storage = createStorage()
  storage.mount('far', { ...memoryStorage(), name: undefined })
  await storage.setItem('near', 1)
  await storage.setItem('far:1', 1)
  const adopted = adoptUnstorage(storage, { name })
  expect(adopted.report()).toMatchObject({ namespace: name, layers: ['l1', 'l2'] })
  await adopted.applyInvalidation({ by: 'all' })
  expect(await storage.getKeys()).toEqual([])
  const fixed = createStorage({ driver: { ...memoryStorage(), name: 'bundle', removeItem: undefined } })
  const { can, cannot } = adoptUnstorage(fixed, { name }).report().adopted
  expect(can).toEqual([])
  expect(cannot).toContainEqual({ by: 'all', why: 'Its driver bundle cannot remove entries.' })
})

test('a prefix in Redis: neighbours are left, and what would reach more than it is refused', async () => {
  const redis = new Redis(redisUrl())
  const prefix = `[p*]-${newId()}:`
  const adopted = adoptRedisPrefix(redis, { name, prefix })
  await redis.mset(`${prefix}1`, 'x', `p${prefix.slice(4)}1`, 'kept')
  await adopted.applyInvalidation({ by: 'all' }, undefined, { memoryOnly: true })
  expect(await redis.exists(`${prefix}1`)).toBe(1)
  await adopted.applyInvalidation({ by: 'all' })
  expect([await redis.exists(`${prefix}1`), await redis.get(`p${prefix.slice(4)}1`)]).toEqual([0, 'kept'])
  adopted.release()
  await expect(adopted.applyInvalidation({ by: 'all' })).rejects.toThrow()
  expect(() => adoptRedisPrefix(redis, { name, prefix: '' })).toThrow('every key of that Redis')
  const prefixed = new Redis(redisUrl(), { keyPrefix: 'p:', lazyConnect: true })
  expect(() => adoptRedisPrefix(prefixed, { name, prefix: 'products:' })).toThrow('keyPrefix')
  await redis.del(`p${prefix.slice(4)}1`)
  redis.disconnect()
})
