import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { newId } from '../../core/ids.ts'
import { createBreakerRegistry } from '../resilience/index.ts'
import { redisUrl, startRedis, type TestRedis } from '../testing/servers.ts'
import { held } from './cache.contract.ts'
import { type Cache, type CacheRegistry, createCacheRegistry } from './index.ts'

const closing: { close(): Promise<unknown> }[] = []
afterEach(async () => {
  for (const { close } of closing.splice(0)) await close()
})

async function processOf(url: string, namespace: string, checkEveryMs = 60_000): Promise<Cache> {
  const registry = createCacheRegistry({ redisUrl: url, commandTimeoutMs: 300 }, { checkEveryMs })
  closing.push(registry)
  const cache = await registry.create({ name: 'catalog', namespace })
  await vi.waitFor(() => expect(cache.report().bus).toBe('listening'))
  return cache
}
const l1Hits = (cache: Cache) => cache.report().stats[0]?.hits ?? 0
/** The value, which must come from memory. */
async function fromMemory(cache: Cache, key: string): Promise<unknown> {
  const before = l1Hits(cache)
  const value = await cache.get(key)
  expect(l1Hits(cache)).toBe(before + 1)
  return value
}

describe('two processes over one Redis', () => {
  let a: Cache
  let b: Cache
  let namespace: string
  beforeEach(async () => {
    namespace = `t-${newId()}`
    ;[a, b] = await Promise.all([processOf(redisUrl(), namespace), processOf(redisUrl(), namespace)])
    await a.set('product:1', 'old', { tags: ['shoes'] })
    await vi.waitFor(async () => expect(await fromMemory(b, 'product:1')).toBe('old'))
  })

  test('a value set in one replaces the copy in the other', async () => {
    await a.set('product:1', 'new')
    await vi.waitFor(async () => expect(await b.get('product:1')).toBe('new'), { interval: 5 })
    expect(await fromMemory(a, 'product:1')).toBe('new')
  })

  test.each([
    { by: 'key', key: 'product:1' },
    { by: 'pattern', pattern: 'product:*' },
    { by: 'tag', tag: 'shoes' },
    { by: 'all' },
  ] as const)('what is invalidated by %o in one leaves the memory of the other', async where => {
    const { epoch } = await a.invalidate(where)
    await vi.waitFor(() => expect(b.report().epoch).toBe(epoch), { interval: 5 })
    expect(b.report()).toMatchObject({ l1Entries: 0, lastInvalidation: { where, epoch } })
    expect(await b.get('product:1')).toBeUndefined()
  })

  test('a factory in the other process is barred, from Redis and from its memory', async () => {
    const old = Promise.withResolvers<string>()
    const began = Promise.withResolvers<void>()
    await a.invalidate({ by: 'all' })
    const call = b.getOrSet('product:1', held(began, old))
    await began.promise
    await a.invalidate({ by: 'pattern', pattern: 'product:*' })
    old.resolve('old')
    expect(await call).toBe('old')
    expect(await a.get('product:1')).toBeUndefined()
    expect(await b.get('product:1')).toBeUndefined()
    expect(b.report().totals.barred).toBe(1)
  })

  test('the acknowledgement works without any message: memory purged, factory barred, later callers run their own', async () => {
    const old = Promise.withResolvers<string>()
    const began = Promise.withResolvers<void>()
    const call = b.getOrSet('product:2', held(began, old))
    await began.promise
    const silent = new Redis(redisUrl())
    // An invalidation whose message is lost: the effects of the script without its PUBLISH.
    const meta = `{${namespace}}:meta`
    const epoch = await silent.hincrby(meta, 'e', 1)
    const generation = await silent.hget(meta, 'g')
    await silent.zadd(
      `{${namespace}}:log`,
      epoch,
      JSON.stringify({ generation, epoch, where: { by: 'pattern', pattern: 'product:*' } }),
    )
    await silent.del(`{${namespace}}:g${generation}:product:1`)
    silent.disconnect()
    await b.applyInvalidation({ by: 'pattern', pattern: 'product:*' }, epoch)
    expect(b.report().l1Entries).toBe(0)
    expect(await b.getOrSet('product:2', () => 'new')).toBe('new')
    old.resolve('old')
    await call
    expect(await b.get('product:2')).toBe('new')
    expect(await b.get('product:1')).toBeUndefined()
  })

  test('a lost message is noticed with the next answer of Redis, or with the regular check', async () => {
    const c = await processOf(redisUrl(), namespace, 100)
    await c.get('product:1')
    const silent = new Redis(redisUrl())
    const meta = `{${namespace}}:meta`
    const epoch = await silent.hincrby(meta, 'e', 1)
    const generation = await silent.hget(meta, 'g')
    const line = JSON.stringify({ generation, epoch, where: { by: 'key', key: 'product:1' } })
    await silent.zadd(`{${namespace}}:log`, epoch, line)
    await silent.del(`{${namespace}}:g${generation}:product:1`)
    silent.disconnect()
    await vi.waitFor(() => expect(c.report()).toMatchObject({ epoch, l1Entries: 0 }))
    expect(await fromMemory(b, 'product:1')).toBe('old')
    await b.get('something-else')
    await vi.waitFor(() => expect(b.report().epoch).toBe(epoch))
    expect(await b.get('product:1')).toBeUndefined()
  })

  test('a Redis that lost its data clears the memory of every process, whatever its new epochs are', async () => {
    const flush = new Redis(redisUrl())
    await flush.del(`{${namespace}}:meta`, `{${namespace}}:log`, `{${namespace}}:tags`)
    flush.disconnect()
    await a.set('other', 1)
    await vi.waitFor(async () => expect(await b.get('product:1')).toBeUndefined())
  })
})

test('a real second process drops its copy', async () => {
  const namespace = `t-${newId()}`
  const a = await processOf(redisUrl(), namespace)
  await a.set('product:1', 'old')
  const script = `
    import { createCacheRegistry } from '${new URL('index.ts', import.meta.url).href}'
    import { createInterface } from 'node:readline'
    const registry = createCacheRegistry({ redisUrl: process.argv[1] })
    const cache = await registry.create({ name: 'catalog', namespace: process.argv[2] })
    console.log('ready')
    for await (const _ of createInterface({ input: process.stdin })) {
      const value = await cache.get('product:1')
      const { stats, epoch, l1Entries, bus } = cache.report()
      console.log(JSON.stringify({ value: value ?? null, l1Hits: stats[0].hits, epoch, l1Entries, bus }))
    }
    await registry.close()
  `
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, redisUrl(), namespace], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const read = async () => String((await lines.next()).value)
  const ask = async () => {
    child.stdin.write('get\n')
    return JSON.parse(await read()) as { value: unknown; l1Hits: number; epoch: number; l1Entries: number; bus: string }
  }
  expect(await read()).toBe('ready')
  await vi.waitFor(async () =>
    expect(await ask()).toMatchObject({ value: 'old', l1Hits: expect.any(Number), bus: 'listening', l1Entries: 1 }),
  )
  const { l1Hits } = await ask()
  expect(await ask()).toMatchObject({ value: 'old', l1Hits: l1Hits + 1 })
  const { deleted, epoch } = await a.invalidate({ by: 'pattern', pattern: 'product:*' })
  expect(deleted).toBe(1)
  await vi.waitFor(async () => expect(await ask()).toMatchObject({ value: null, epoch, l1Entries: 0 }))
  child.stdin.end()
  const [code] = await once(child, 'exit')
  expect(code).toBe(0)
})

describe('a Redis that fails', () => {
  let redis: TestRedis
  let cache: Cache
  beforeAll(async () => {
    redis = await startRedis()
  })
  afterAll(() => redis.close())
  beforeEach(async () => {
    cache = await processOf(redis.url, `t-${newId()}`, 100)
  })
  const healthy = () =>
    vi.waitFor(async () => {
      await cache.get('probe')
      expect(cache.report()).toMatchObject({ bus: 'listening' })
      expect(cache.report().degraded).toBeUndefined()
    }, 10_000)

  test('stopped: memory and factories go on, it is reported and counted; afterwards the cache recovers on its own', async () => {
    await cache.set('a', 1)
    await redis.stop()
    await vi.waitFor(() => expect(cache.report().bus).toBe('disconnected'))
    expect(await cache.get('a')).toBe(1)
    expect(await cache.getOrSet('b', () => 2)).toBe(2)
    expect(await cache.get('b')).toBe(2)
    await cache.set('c', 3)
    expect(await cache.get('c')).toBe(3)
    expect(cache.report().degraded).toContain('Redis is not used')
    expect(cache.report().stats[1]?.errors).toBeGreaterThan(0)
    expect(await cache.count({ by: 'all' })).toEqual({ precision: 'unknown', sample: [] })
    await expect(cache.invalidate({ by: 'all' })).rejects.toMatchObject({ code: 'CACHE_UNREACHABLE', retryable: true })
    await redis.start()
    await healthy()
  })

  test('hanging: every call is answered while it hangs', async () => {
    await cache.set('a', 1)
    redis.pause()
    try {
      for (let i = 0; i < 4; i++) expect(await cache.getOrSet(`x${i}`, () => i)).toBe(i)
      expect(await cache.getOrSet('y', () => 'made')).toBe('made')
    } finally {
      redis.resume()
    }
    await healthy()
  })

  test('an invalidation it could not take is sent before it is read again', async () => {
    const namespace = `t-${newId()}`
    const owned = await startRedis({ persist: true })
    closing.push({ close: () => owned.close() })
    const mine = await processOf(owned.url, namespace, 100)
    await mine.set('product:1', 'old', { tags: ['shoes'] })
    await mine.set('product:2', 'old')
    await mine.set('user:1', 'kept')
    await owned.stop()
    await vi.waitFor(() => expect(mine.report().bus).toBe('disconnected'))
    await mine.deleteByTag('shoes')
    await mine.deleteByPattern('*:2')
    await mine.set('user:2', 'new')
    expect(mine.report().degraded).toContain('3 invalidations wait')
    expect(await mine.get('product:1')).toBeUndefined()
    await owned.start()
    await vi.waitFor(() => expect(mine.report().degraded).toBeUndefined(), 10_000)
    const other = await processOf(owned.url, namespace)
    expect([...(await other.getMany(['product:1', 'product:2', 'user:1'])).keys()]).toEqual(['user:1'])
  })

  test('what was invalidated while a process was disconnected is purged before its memory is served again', async () => {
    const namespace = `t-${newId()}`
    const listener = await processOf(redis.url, namespace)
    const other = await processOf(redis.url, namespace)
    await other.set('a', 'old')
    await vi.waitFor(async () => expect(await fromMemory(listener, 'a')).toBe('old'))
    const admin = new Redis(redis.url)
    const served: unknown[] = []
    // Cuts the listening connections; until the process has caught up, nothing old may be served from memory.
    await admin.client('KILL', 'TYPE', 'pubsub')
    await vi.waitFor(() => expect(listener.report().bus).not.toBe('listening'), { interval: 1 })
    await other.set('a', 'new')
    await vi.waitFor(
      async () => {
        served.push(await listener.get('a'))
        expect(listener.report().bus).toBe('listening')
      },
      { interval: 5 },
    )
    expect(await fromMemory(listener, 'a')).toBe('new')
    expect(new Set(served)).toEqual(new Set(['new']))
    admin.disconnect()
  })

  test('the breaker before it is listed with the others, and a connection that was passed in stays open', async () => {
    const connection = new Redis(redis.url)
    const breakers = createBreakerRegistry()
    const registry: CacheRegistry = createCacheRegistry({}, { redis: connection, breakers })
    const own = await registry.create({ name: 'own' })
    await own.set('a', 1)
    expect(breakers.reports()).toMatchObject([{ name: 'cache:own', totals: { failures: 0 } }])
    breakers.get('cache:own')?.force({ id: '1', state: 'open', reason: 'spare Redis', by: 'ada' })
    expect(await own.getOrSet('fresh', () => 2)).toBe(2)
    expect(own.report().degraded).toContain('forced open')
    await registry.close()
    expect(await connection.ping()).toBe('PONG')
    connection.disconnect()
  })
})

test('an entry invalidated by tag is not counted', async () => {
  const namespace = `t-${newId()}`
  const cache = await processOf(redisUrl(), namespace)
  await cache.set('a', 1, { tags: ['x'] })
  await cache.set('b', 1)
  await cache.deleteByTag('x')
  expect(await cache.count({ by: 'all' })).toEqual({
    count: 1,
    precision: 'exact',
    sample: ['b'],
    bytes: expect.any(Number),
  })
})
