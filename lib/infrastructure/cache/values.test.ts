import { Redis } from 'ioredis'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { newId } from '../../core/ids.ts'
import { redisUrl } from '../testing/servers.ts'
import { type Cache, type CacheCodec, type CacheOptions, createCacheRegistry, structuredCloneCodec } from './index.ts'

const closing: { close(): Promise<unknown> }[] = []
afterEach(async () => {
  for (const { close } of closing.splice(0).reverse()) await close()
})

async function open(namespace: string, options: Partial<CacheOptions> = {}): Promise<Cache> {
  const registry = createCacheRegistry({ redisUrl: redisUrl() }, { checkEveryMs: 60_000 })
  closing.push(registry)
  const cache = await registry.create({ name: 'catalog', namespace, ...options })
  await vi.waitFor(() => expect(cache.report().bus).toBe('listening'))
  return cache
}
async function inMemory(options: Partial<CacheOptions> = {}): Promise<Cache> {
  const registry = createCacheRegistry()
  closing.push(registry)
  return registry.create({ name: 'catalog', ...options })
}
/** What is stored in Redis under a key. */
async function storedIn(namespace: string, key: string): Promise<Buffer> {
  const redis = new Redis(redisUrl())
  closing.push({ close: async () => redis.disconnect() })
  const generation = await redis.hget(`{${namespace}}:meta`, 'g')
  return (await redis.getBuffer(`{${namespace}}:g${generation}:${key}`)) as Buffer
}

describe('compression', () => {
  const long = { text: 'x'.repeat(5_000), 'ключ ☃': true }

  test('applies above its size, is smaller in Redis, and read by every process', async () => {
    const namespace = `t-${newId()}`
    const [one, two] = await Promise.all([open(namespace, { compressAboveBytes: 1_000 }), open(namespace)])
    await one.set('long', long, { tags: ['t'] })
    await one.set('short', { text: 'x' })
    expect((await storedIn(namespace, 'long')).length).toBeLessThan(500)
    expect((await storedIn(namespace, 'short')).toString()).toContain('{"text":"x"}')
    expect(await two.get('long')).toEqual(long)
    expect(await two.getMany(['long', 'short'])).toEqual(
      new Map<string, unknown>([
        ['long', long],
        ['short', { text: 'x' }],
      ]),
    )
    expect(await two.getOrSet('long', () => 'made')).toEqual(long)
    expect(await two.count({ by: 'key', key: 'long' })).toMatchObject({ count: 1 })
    expect(await one.invalidate({ by: 'tag', tag: 't' })).toMatchObject({ deleted: 1 })
    expect(await two.get('long')).toBeUndefined()
  })

  test('is left out where it does not help', async () => {
    const namespace = `t-${newId()}`
    const cache = await open(namespace, { compressAboveBytes: 1 })
    await cache.set('a', 12)
    expect((await storedIn(namespace, 'a')).toString()).toMatch(/\n12$/)
  })

  test('an older library sees a version that it does not read', async () => {
    const namespace = `t-${newId()}`
    const cache = await open(namespace, { compressAboveBytes: 1_000 })
    await cache.set('plain', 1)
    await cache.set('zipped', long)
    await cache.set('graced', 1, { graceMs: 1_000 })
    expect((await storedIn(namespace, 'plain')).toString()).toContain('"v":1')
    for (const key of ['zipped', 'graced']) expect((await storedIn(namespace, key)).toString()).toContain('"v":2')
  })
})

describe('codecs', () => {
  const rich = { at: new Date(7), map: new Map([['a', 1n]]), set: new Set([1]), bytes: new Uint8Array([1, 2]) }

  test('structured clone keeps dates, maps, sets, big integers and bytes, in memory and in Redis', async () => {
    const namespace = `t-${newId()}`
    const options = { codec: structuredCloneCodec, compressAboveBytes: 10 }
    const [one, two] = await Promise.all([open(namespace, options), open(namespace, options)])
    await one.set('a', rich)
    expect(await one.get('a')).toEqual(rich)
    expect(await two.get('a')).toEqual(rich)
    const memory = await inMemory({ codec: structuredCloneCodec })
    await memory.set('a', rich)
    rich.map.set('b', 2n)
    expect(await memory.get('a')).toMatchObject({ map: new Map([['a', 1n]]) })
    await expect(memory.set('f', () => 1)).rejects.toMatchObject({ code: 'CACHE_VALUE' })
  })

  test('an entry of another codec is a miss, and its key is made once for this one', async () => {
    const namespace = `t-${newId()}`
    const [json, clone] = await Promise.all([open(namespace), open(namespace, { codec: structuredCloneCodec })])
    await json.set('a', 1)
    expect(await clone.get('a')).toBeUndefined()
    expect(await clone.count({ by: 'key', key: 'a' })).toMatchObject({ count: 1 })
    expect(await clone.getOrSet('a', () => 2n)).toBe(2n)
  })

  test('one of your own may write text, and what it throws at is a miss', async () => {
    const namespace = `t-${newId()}`
    const dates: CacheCodec = {
      name: 'dates',
      encode: value => JSON.stringify({ ms: (value as Date).getTime() }),
      decode(payload) {
        const { ms } = JSON.parse(payload.toString())
        if (ms === 13) throw new Error('unlucky')
        return new Date(ms)
      },
    }
    const [one, two] = await Promise.all([open(namespace, { codec: dates }), open(namespace, { codec: dates })])
    await one.set('a', new Date(7))
    expect(await one.get('a')).toEqual(new Date(7))
    expect(await two.get('a')).toEqual(new Date(7))
    await expect(one.set('b', 'no date')).rejects.toMatchObject({ code: 'CACHE_VALUE' })
  })
})

describe('schemas', () => {
  const first = { version: 1 }
  const Product = z.object({ id: z.number(), since: z.coerce.date() })
  const second = { version: 2, parse: Product.parse }
  const product = { id: 1, since: new Date(0) }

  test('a value of another version is a counted miss, and made once more', async () => {
    const namespace = `t-${newId()}`
    const [old, recent] = await Promise.all([open(namespace, { schema: first }), open(namespace, { schema: second })])
    await old.set('a', { id: 'one' })
    expect(await old.get('a')).toEqual({ id: 'one' })
    expect(await recent.get('a')).toBeUndefined()
    expect(recent.report().activity?.otherSchema).toBe(1)
    expect(await recent.getOrSet('a', () => product)).toEqual(product)
    expect(await recent.get('a')).toEqual(product)
  })

  test('a value of the version that does not parse is a miss, not a crash', async () => {
    const namespace = `t-${newId()}`
    const [careless, careful] = await Promise.all([
      open(namespace, { schema: { version: 2 } }),
      open(namespace, { schema: second }),
    ])
    await careless.set('a', { id: 'one' })
    expect(await careful.get('a')).toBeUndefined()
    expect(careful.report().activity?.otherSchema).toBe(1)
    expect(await careful.getOrSet('a', () => product)).toEqual(product)
  })

  test('what is set or made must be of the schema', async () => {
    const cache = await inMemory({ schema: second, negativeTtlMs: 1_000 })
    await expect(cache.set('a', { id: 'one' })).rejects.toMatchObject({ code: 'CACHE_VALUE' })
    await expect(cache.getOrSet<unknown>('a', () => ({ id: 'one' }))).rejects.toMatchObject({ code: 'CACHE_VALUE' })
    expect(await cache.getOrSet('a', () => undefined)).toBeUndefined()
  })

  test('one that is given with a call decides in memory too', async () => {
    const cache = await inMemory()
    await cache.set('a', { id: 1, since: '1970-01-01T00:00:00.000Z' })
    expect(await cache.get('a', { schema: second })).toBeUndefined()
    expect(await cache.getOrSet('a', () => product, { schema: second })).toEqual(product)
    expect(await cache.get('a', { schema: second })).toEqual(product)
    expect(await cache.get('a')).toBeUndefined()
  })
})
