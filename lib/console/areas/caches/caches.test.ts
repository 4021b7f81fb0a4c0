import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { newId } from '../../../core/ids.ts'
import { busThatLoses } from '../../../infrastructure/testing/losing-bus.ts'
import { redisUrl } from '../../../infrastructure/testing/servers.ts'
import type { Console } from '../../open.ts'
import type { Run } from '../../platform/operation/wire.ts'
import { RefusalError } from '../../platform/refusal.ts'
import type { Settings } from '../../platform/settings/port.ts'
import { startCacheProcess } from '../../testing/cache-process.ts'
import { actorOf, openTestConsole } from '../../testing/open-test-console.ts'
import { testServers } from '../../testing/test-servers.ts'
import { cacheView } from './views/cache.ts'
import { cacheKeyView } from './views/cache-key.ts'
import { cacheKeysView } from './views/cache-keys.ts'
import { cacheSizesView } from './views/cache-sizes.ts'
import { cachesView } from './views/caches.ts'
import { keyPrefixView } from './views/key-prefix.ts'

type TestProcess = Awaited<ReturnType<typeof startCacheProcess>>
const servers = testServers()
const { redis } = servers
let settings: Settings
let console: Console
let testProcesses: TestProcess[]
let cache: string

beforeEach(async () => {
  settings = servers.settings()
  console = await openTestConsole(settings)
  cache = `cache-${newId()}`
  testProcesses = []
})
afterEach(async () => {
  await Promise.all(testProcesses.map(testProcess => testProcess.stop()))
  await console.close()
})

const environment = () => settings.environments[0]?.name ?? ''
const start = async (options: Partial<Parameters<typeof startCacheProcess>[1]> = {}) => {
  const testProcess = await startCacheProcess(settings, { cache, ...options })
  testProcesses.push(testProcess)
  return testProcess
}
const operator = actorOf('operator')
const admin = actorOf('admin')

async function act(operation: string, input: object): Promise<Run> {
  const request = { environment: environment(), operation, input }
  const { token, target } = await console.runner.preview(admin, request)
  const { id } = await console.runner.run(admin, { ...request, token, typedName: target.name })
  let run: Run | undefined
  await vi.waitFor(
    async () => {
      run = await console.runner.find(operator, environment(), id)
      expect(run.finishedAt).toBeDefined()
    },
    { timeout: 15_000 },
  )
  return run as Run
}
const invalidate = (where: object) => act('cache.invalidate', { cache, where })
const preview = (operation: string, input: object) =>
  console.runner.preview(admin, { environment: environment(), operation, input })

/** The keys in memory only: each is looked up without a factory that could make it. */
const inMemory = (testProcess: TestProcess) => testProcess.cache.report().l1Entries

describe('the library’s caches', () => {
  test('one entry is read with its value, its times and what it is about; secrets are hidden, and nothing is made', async () => {
    const a = await start({ instance: 'a' })
    const value = { name: 'Ada', password: 'hunter2', card: { number: 1 } }
    await a.cache.set('customer:7', value, { ttlMs: 60_000, tags: ['vip'], entity: ['customer', 7] })
    const read = async (key: string, actor = operator) => {
      const { key: found } = (await console.view(cacheKeyView, environment(), actor, { cache, key })).data
      if (found.status !== 'up') throw new Error('the key was not read')
      return found.data.found
    }
    const found = await read('customer:7')
    expect(found).toMatchObject({ state: 'fresh', tags: ['vip'], about: ['customer 7'], server: 'fleet' })
    expect(JSON.parse(found?.value?.text ?? '')).toEqual({ name: 'Ada', password: '[secret]', card: { number: 1 } })
    expect(found?.value?.redacted).toBe(true)
    expect(found?.expiresInMs).toBeGreaterThan(0)
    expect(found?.expiresInMs).toBeLessThanOrEqual(60_000)
    await a.cache.set('long', 'x'.repeat(30_000))
    expect(await read('long')).toMatchObject({ value: { cut: true, bytes: 30_002 } })
    expect(await read('nothing')).toBeUndefined()
    expect(await redis.exists(`{${cache}}:nothing`)).toBe(0)
    await expect(read('customer:7', actorOf('viewer'))).rejects.toBeInstanceOf(RefusalError)
  })

  test('what is about an entity, or was stored for a user or a workspace, is removed everywhere, and nothing else', async () => {
    const a = await start({ instance: 'a' })
    const b = await start({ instance: 'b' })
    const forAda = a.cache.for({ workspace: 'acme', user: 'ada' })
    const forBob = a.cache.for({ workspace: 'acme', user: 'bob' })
    await a.cache.set('price', 1, { entity: ['product', 42] })
    await a.cache.set('other', 1, { entity: ['product', 4] })
    await forAda.set('cart', 'of ada')
    await forBob.set('cart', 'of bob')
    const found = async () => [
      await b.cache.get('price'),
      await b.cache.get('other'),
      await b.cache.for({ workspace: 'acme', user: 'ada' }).get('cart'),
      await b.cache.for({ workspace: 'acme', user: 'bob' }).get('cart'),
    ]
    expect(await found()).toEqual([1, 1, 'of ada', 'of bob'])
    const product = { by: 'entity', type: 'product', id: '42' }
    expect((await preview('cache.invalidate', { cache, where: product })).summary).toMatch(
      /entry about product 42 will be removed from .*, and from the memory of 2 processes\.$/,
    )
    const run = await invalidate(product)
    expect(run).toMatchObject({
      status: 'succeeded',
      summary: expect.stringContaining(`Invalidated product 42 in ${cache} on 2 of 2 processes.`),
    })
    expect(await found()).toEqual([undefined, 1, 'of ada', 'of bob'])
    await invalidate({ by: 'user', id: 'ada' })
    expect(await found()).toEqual([undefined, 1, undefined, 'of bob'])
    await invalidate({ by: 'workspace', id: 'acme' })
    expect(await found()).toEqual([undefined, 1, undefined, undefined])
    await vi.waitFor(
      async () => {
        const { cache: part } = (await console.view(cacheView, environment(), operator, { name: cache })).data
        expect(part).toMatchObject({ data: { group: { lastInvalidation: { about: 'the workspace acme' } } } })
      },
      { timeout: 8_000 },
    )
  })

  test('an invalidated pattern is removed from the memory of every process, and each has acknowledged it', async () => {
    const a = await start({ instance: 'a' })
    const b = await start({ instance: 'b' })
    for (let id = 0; id < 3; id++) await a.cache.set(`product:${id}`, 'old')
    await a.cache.set('category:shoes', 'kept')
    for (let id = 0; id < 3; id++) expect(await b.cache.get(`product:${id}`)).toBe('old')
    const draft = await preview('cache.invalidate', { cache, where: { by: 'pattern', pattern: 'product:*' } })
    expect(draft).toMatchObject({ affected: { count: 3, precision: 'exact' }, action: 'Invalidate 3 entries' })
    const run = await invalidate({ by: 'pattern', pattern: 'product:*' })
    expect(run).toMatchObject({ status: 'succeeded' })
    expect(run.items?.sample.map(item => [item.key, item.status]).sort()).toEqual([
      ['a', 'done'],
      ['b', 'done'],
    ])
    expect(inMemory(b)).toBe(0)
    expect(await b.cache.get('product:1')).toBeUndefined()
    expect(await a.cache.get('category:shoes')).toBe('kept')
    expect(await redis.keys(`{${cache}}:g*:product:*`)).toEqual([])
  })

  test('a value made while it is invalidated is returned and not stored', async () => {
    const testProcess = await start()
    let finish: ((value: string) => void) | undefined
    const making = testProcess.cache.getOrSet('product:1', () => new Promise<string>(done => (finish = done)))
    await vi.waitFor(() => expect(finish).toBeDefined())
    await testProcess.cache.set('product:2', 'x')
    await invalidate({ by: 'pattern', pattern: 'product:*' })
    finish?.('made from older data')
    expect(await making).toBe('made from older data')
    expect(await testProcess.cache.get('product:1')).toBeUndefined()
  })

  test('a process whose bus lost the message gets it by command', async () => {
    const wire = await busThatLoses(redisUrl())
    // It asks Redis so seldom on its own that only the command can reach it.
    const testProcess = await start({ instance: 'disconnected', redisUrl: wire.url, checkEveryMs: 600_000 })
    const other = await start()
    await testProcess.cache.set('product:1', 'old')
    await vi.waitFor(() => expect(testProcess.cache.report().bus).toBe('listening'))
    wire.lose()
    await other.cache.delete('product:1')
    expect(await testProcess.cache.get('product:1')).toBe('old')
    expect(await invalidate({ by: 'key', key: 'product:1' })).toMatchObject({ status: 'succeeded' })
    expect(await testProcess.cache.get('product:1')).toBeUndefined()
    // Its connections end with the process.
    void wire.close()
  })

  test('a tag, a key, and all of it', async () => {
    const testProcess = await start()
    await testProcess.cache.set('a', 1, { tags: ['red'] })
    await testProcess.cache.set('b', 2, { tags: ['blue'] })
    await testProcess.cache.set('c', 3)
    await invalidate({ by: 'tag', tag: 'red' })
    expect([...(await testProcess.cache.getMany(['a', 'b', 'c'])).keys()]).toEqual(['b', 'c'])
    await invalidate({ by: 'key', key: 'b' })
    expect([...(await testProcess.cache.getMany(['a', 'b', 'c'])).keys()]).toEqual(['c'])
    await invalidate({ by: 'all' })
    expect(inMemory(testProcess)).toBe(0)
    expect(await testProcess.cache.get('c')).toBeUndefined()
  })

  test('the views show ratios, who has it, where it is stored and which keys there are', async () => {
    const testProcess = await start({ instance: 'one' })
    await testProcess.cache.set('product:1', 'x')
    await testProcess.cache.get('product:1')
    await testProcess.cache.get('product:2')
    await vi.waitFor(
      async () => {
        const { data } = await console.view(cachesView, environment(), operator, {})
        expect(data.caches).toMatchObject({
          status: 'up',
          data: { groups: [{ name: cache, state: 'working', processes: 1, hitRatio: { overall: 0.5 }, entries: 1 }] },
        })
      },
      { timeout: 6_000 },
    )
    const detail = (await console.view(cacheView, environment(), operator, { name: cache })).data
    expect(detail).toMatchObject({
      cache: { data: { instances: [{ instance: 'one', bus: 'listening' }] } },
      shared: { data: { server: 'fleet' } },
    })
    const keys = (await console.view(cacheKeysView, environment(), operator, { cache, value: 'product:*' })).data.keys
    expect(keys).toMatchObject({ status: 'up', data: { count: 1, precision: 'exact', sample: ['product:1'] } })
  })

  test('its hottest keys, for those who may see names of keys, and the largest of it in Redis', async () => {
    const testProcess = await start({ instance: 'one' })
    await testProcess.cache.set('product:1', 'x'.repeat(5_000))
    await testProcess.cache.set('user:ada', 'x')
    await testProcess.cache.delete('product:2')
    for (let at = 0; at < 500; at++) await testProcess.cache.get('product:1')
    await vi.waitFor(
      async () => {
        const { hotKeys } = (await console.view(cacheView, environment(), operator, { name: cache })).data
        expect(hotKeys).toMatchObject({ status: 'up', data: { keys: [{ key: 'product:1', share: 1 }], processes: 1 } })
      },
      { timeout: 15_000 },
    )
    const seen = (await console.view(cacheView, environment(), actorOf('viewer'), { name: cache })).data
    expect(seen.cache).toMatchObject({ status: 'up', data: { group: { lastInvalidation: { about: 'one key' } } } })
    const listed = (await console.view(cachesView, environment(), actorOf('viewer'), {})).data
    for (const shown of [seen, listed]) expect(JSON.stringify(shown)).not.toMatch(/product:|user:/)
    const { sizes } = (await console.view(cacheSizesView, environment(), operator, { cache })).data
    expect(sizes).toMatchObject({
      status: 'up',
      data: {
        found: { share: 1, entries: 2, namespaces: [{ name: 'product', entries: 1 }, { name: 'user' }] },
      },
    })
  })

  test('a cache that no process has is refused, and looking for its keys creates none', async () => {
    await expect(preview('cache.invalidate', { cache: 'nobody', where: { by: 'all' } })).rejects.toThrow(RefusalError)
    const { data } = await console.view(cacheKeysView, environment(), operator, { cache: 'nobody' })
    expect(data.keys).toMatchObject({ data: { precision: 'unknown' } })
    expect(await redis.exists('{nobody}:meta')).toBe(0)
  })
})

describe('keys of another program', () => {
  const prefix = () => `session-${cache}`
  const pattern = () => `${prefix()}:*`

  test('are counted, sampled and removed by pattern, whatever bytes they contain', async () => {
    const binary = Buffer.concat([Buffer.from(`${prefix()}:`), Buffer.from([0xff, 0x00, 0xfe])])
    await redis.set(binary, '1')
    for (let at = 0; at < 1_500; at += 500)
      await redis.mset(Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`${prefix()}:${at + n}`, 'x'])))
    await redis.set(`other-${prefix()}`, 'kept')
    const found = (await console.view(keyPrefixView, environment(), operator, { server: 'fleet', pattern: pattern() }))
      .data.keys
    expect(found).toMatchObject({ status: 'up', data: { count: 1_501, precision: 'exact', types: { string: 50 } } })
    const run = await act('cache.delete-keys', { server: 'fleet', pattern: pattern(), reason: 'a test' })
    expect(run).toMatchObject({ status: 'succeeded', summary: 'Removed 1,501 keys of fleet.' })
    expect(await redis.exists(binary)).toBe(0)
    expect(await redis.exists(`other-${prefix()}`)).toBe(1)
    await redis.unlink(`other-${prefix()}`)
  })

  test('of other types cause a warning', async () => {
    await redis.zadd(`${prefix()}:board`, 1, 'x')
    const draft = await preview('cache.delete-keys', { server: 'fleet', pattern: pattern(), reason: 'a test' })
    expect(draft.warnings.join()).toContain('zset')
    expect(await redis.exists(`${prefix()}:board`)).toBe(1)
  })

  test.each([
    ['*', 'two characters'],
    ['b*', 'two characters'],
    ['[ab]cd*', 'two characters'],
    ['bull:*', 'queues'],
    ['bu*', 'queues'],
    ['sub:{x}:*', 'fleet'],
    ['su\\b:*', 'fleet'],
  ])('the pattern %s is refused: it reaches too far', async (hostile, problem) => {
    await expect(
      preview('cache.delete-keys', { server: 'fleet', pattern: hostile, reason: 'a test' }),
    ).rejects.toMatchObject({ refusal: { code: 'invalid', fields: { pattern: expect.stringContaining(problem) } } })
  })

  test('a cache of the library is not removed without its processes', async () => {
    await start()
    await expect(
      preview('cache.delete-keys', { server: 'fleet', pattern: `{${cache}}:*`, reason: 'a test' }),
    ).rejects.toMatchObject({ refusal: { fields: { pattern: expect.stringContaining(cache) } } })
  })

  test('a server that is not declared is refused', async () => {
    await expect(
      preview('cache.delete-keys', { server: 'elsewhere', pattern: 'abc*', reason: 'a test' }),
    ).rejects.toMatchObject({ refusal: { code: 'not_found' } })
  })
})
