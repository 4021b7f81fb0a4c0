import KeyvRedis from '@keyv/redis'
import { BentoCache, bentostore } from 'bentocache'
import { memoryDriver } from 'bentocache/drivers/memory'
import { redisDriver } from 'bentocache/drivers/redis'
import { Cacheable } from 'cacheable'
import { Redis } from 'ioredis'
import { Keyv } from 'keyv'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { newId } from '../../../../core/ids.ts'
import {
  type AdoptedCache,
  adoptBentocache,
  adoptCacheable,
  adoptRedisPrefix,
} from '../../../../infrastructure/cache/index.ts'
import { createDatabase, redisUrl, startRedis } from '../../../../infrastructure/testing/servers.ts'
import type { Console } from '../../../open.ts'
import { startAdoptingProcess, startCacheProcess } from '../../../testing/cache-process.ts'
import { actorOf, openTestConsole, testSettings } from '../../../testing/open-test-console.ts'
import { finishedIn, refusalOf } from '../../../testing/outcomes.ts'
import { cacheView } from '../views/cache.ts'
import { cacheKeysView } from '../views/cache-keys.ts'
import { cachesView } from '../views/caches.ts'

let database: Awaited<ReturnType<typeof createDatabase>>
let console: Console
let cache: string
let closing: (() => unknown)[]
const operator = actorOf('operator')
const environment = () => console.settings.environments[0]?.name ?? ''

beforeAll(async () => {
  database = await createDatabase()
})
beforeEach(async () => {
  console = await openTestConsole(testSettings({ databaseUrl: database.url, redisUrl: redisUrl() }))
  cache = `cache-${newId()}`
  closing = []
})
afterEach(async () => {
  for (const close of closing.toReversed()) await close()
  await console.close()
})
afterAll(() => database.drop())

async function join(instance: string, adopted: AdoptedCache) {
  const joined = await startAdoptingProcess(console.settings, instance, adopted)
  closing.push(() => joined.stop())
}
function ioredis(url = redisUrl()) {
  const redis = new Redis(url, { maxRetriesPerRequest: 0, retryStrategy: () => null })
  redis.on('error', () => undefined)
  closing.push(() => redis.disconnect())
  return redis
}
async function bento(instance: string) {
  const store = bentostore()
    .useL1Layer(memoryDriver({}))
    .useL2Layer(redisDriver({ connection: ioredis() }))
  // Lookups are published under the name of the store, for all caches of one process.
  const opened = new BentoCache({ default: instance, prefix: cache, stores: { [instance]: store } })
  await join(instance, adoptBentocache(opened, { name: cache, prefix: cache, owner: 'catalogue team' }))
  return opened
}
async function cacheable(instance: string) {
  const secondary = new Keyv({ store: new KeyvRedis(redisUrl()), namespace: cache })
  const opened = new Cacheable({ secondary, namespace: cache })
  closing.push(() => opened.disconnect())
  await join(instance, adoptCacheable(opened, { name: cache }))
  return opened
}
const prefixed = (instance: string, redis: Redis) =>
  join(instance, adoptRedisPrefix(redis, { name: cache, prefix: `${cache}:` }))

const request = (where: object) => ({
  environment: environment(),
  operation: 'cache.invalidate',
  input: { cache, where },
})
async function invalidate(where: object) {
  const { token, ...preview } = await console.runner.preview(operator, request(where))
  const run = await finishedIn(console, operator, await console.runner.run(operator, { ...request(where), token }))
  const answers = run.items?.sample.map(({ key, status }) => `${key} ${status}`).sort()
  return { preview, run, answers }
}
const refused = (where: object) => refusalOf(console.runner.preview(operator, request(where)))
async function shown() {
  const part = (await console.view(cacheView, environment(), operator, { name: cache })).data.cache
  if (part.status === 'down') throw new Error(part.reason)
  return part.data
}

test('it is listed once, with its kind, its processes, and the figures that its library lets be measured', async () => {
  const [a] = [await bento('a'), await bento('b')]
  await a.set({ key: 'product:1', value: 'x' })
  await a.get({ key: 'product:1' })
  await a.get({ key: 'product:2' })
  await expect
    .poll(async () => (await shown()).group, { timeout: 8_000 })
    .toMatchObject({
      adopted: { kind: 'bentocache', can: [{ by: 'key' }, { by: 'tag' }, { by: 'all' }] },
      processes: 2,
      calls: 2,
      hitRatio: { overall: 0.5, l1: 0.5, l2: 0 },
      owner: 'catalogue team',
      state: 'working',
    })
  const { group, instances } = await shown()
  expect(group?.errors).toBeUndefined()
  expect(group?.entries).toBeUndefined()
  expect(instances.map(({ instance }) => instance)).toEqual(['a', 'b'])
  const list = (await console.view(cachesView, environment(), operator, { sort: 'calls' })).data.caches
  expect(list).toMatchObject({ data: { groups: [{ name: cache, adopted: { kind: 'bentocache' } }] } })
  const keys = (await console.view(cacheKeysView, environment(), operator, { cache, by: 'pattern', value: '*' })).data
    .keys
  expect(keys).toMatchObject({ data: { precision: 'unknown' } })
})

test('where nothing can be measured there is no figure, and not a zero', async () => {
  await prefixed('a', ioredis())
  const { group } = await shown()
  expect(group?.adopted).toMatchObject({ kind: 'Redis keys', unmeasured: ['lookups', 'hit ratio', 'entries'] })
  expect([group?.calls, group?.errors, group?.evictions, group?.hitRatio.overall]).toEqual(Array(4).fill(undefined))
})

test('each process does it where its library leaves no other way, and is named; what is tagged is gone in both', async () => {
  const [a, b] = [await bento('a'), await bento('b')]
  await a.set({ key: 'product:1', value: 'old', tags: ['spring'] })
  await a.set({ key: 'product:2', value: 'kept', tags: ['autumn'] })
  for (const key of ['product:1', 'product:2']) await b.get({ key })
  const { preview, run, answers } = await invalidate({ by: 'tag', tag: 'spring' })
  expect(preview).toMatchObject({
    summary: `Every entry tagged spring will be removed from ${cache} (bentocache), by each of 2 processes.`,
    action: 'Invalidate the tag spring',
    affected: { precision: 'unknown' },
    undoWords: 'not possible: bentocache keeps nothing of what it removes',
  })
  expect(preview.warnings).toContain('Not exact: some of it may still be served after this.')
  expect(preview.undo).toBeUndefined()
  expect(run).toMatchObject({
    status: 'succeeded',
    summary: `Invalidated the tag spring in ${cache} on 2 of 2 processes.`,
  })
  expect(run.undo).toBeUndefined()
  expect(answers).toEqual(['a done', 'b done'])
  for (const one of [a, b])
    expect([await one.get({ key: 'product:1' }), await one.get({ key: 'product:2' })]).toEqual([undefined, 'kept'])
})

test('one process does it in the store for all, then the memory of the others is purged, and each is named', async () => {
  const [a, b] = [await cacheable('a'), await cacheable('b')]
  await a.set('product:1', 'old')
  await a.set('price:1', 'kept')
  for (const key of ['product:1', 'price:1']) await b.get(key)
  const { preview, run, answers } = await invalidate({ by: 'pattern', pattern: 'product:*' })
  expect(preview.summary).toBe(
    `Every entry matching product:* will be removed from ${cache} (cacheable), by one process, which does it for all; the memory of 1 process besides is purged.`,
  )
  expect(preview.warnings.at(-1)).toMatch(/being made now may be stored afterwards/)
  expect(run.status).toBe('succeeded')
  expect(answers).toEqual(['a done', 'b done'])
  for (const one of [a, b]) expect([await one.get('product:1'), await one.get('price:1')]).toEqual([undefined, 'kept'])
})

test('what its library cannot do is refused before anything is done, with the reason and what is possible', async () => {
  const opened = await bento('a')
  await opened.set({ key: 'product:1', value: 'x' })
  expect(await refused({ by: 'pattern', pattern: 'product:*' })).toMatchObject({
    code: 'invalid',
    message: `${cache} cannot be invalidated by pattern. bentocache cannot list its keys.`,
    nextStep: 'Possible: by key, by tag, all of it.',
  })
  expect((await refused({ by: 'user', id: 'ada' })).message).toContain(
    'bentocache knows no entities, workspaces or users.',
  )
  expect(await opened.get({ key: 'product:1' })).toBe('x')
})

test('it is neither switched nor warmed from here, and the refusal says why', async () => {
  await prefixed('a', ioredis())
  const scope = { kind: 'fleet' }
  for (const [operation, more] of [
    ['cache.switch', { scope, mode: 'off', reason: 'a test', minutes: 5 }],
    ['cache.switch-on', { scope }],
    ['cache.warm', {}],
  ] as const) {
    const asked = { environment: environment(), operation, input: { cache, ...more } }
    expect(await refusalOf(console.runner.preview(operator, asked))).toMatchObject({
      message: `${cache} is a cache of Redis keys: its lookups do not pass through this library, so it can be neither switched nor warmed from here.`,
      nextStep: 'It can be invalidated.',
    })
  }
})

test('when its store fails, the act has failed by name, and the memory of the others is left', async () => {
  const own = await startRedis()
  closing.push(() => own.close())
  for (const instance of ['a', 'b', 'c']) await prefixed(instance, ioredis(own.url))
  await own.stop()
  const { run, answers } = await invalidate({ by: 'all' })
  expect(run.status).toBe('failed')
  expect(run.summary).toMatch(/Its store was not invalidated\. The memory of 1 process besides was left as it is\.$/)
  expect(answers).toEqual(['a refused', 'b refused'])
})

test('when one process cannot, another one does it for all', async () => {
  const own = await startRedis()
  closing.push(() => own.close())
  const redis = ioredis()
  await prefixed('a', ioredis(own.url))
  await prefixed('b', redis)
  await redis.set(`${cache}:product:1`, 'old')
  await own.stop()
  const { run, answers } = await invalidate({ by: 'key', key: 'product:1' })
  expect(run.status).toBe('partial')
  expect(answers).toEqual(['a refused', 'b done'])
  expect(await redis.exists(`${cache}:product:1`)).toBe(0)
})

test('one name for two kinds of cache is refused', async () => {
  await prefixed('a', ioredis())
  const ours = await startCacheProcess(console.settings, { cache, instance: 'b' })
  closing.push(() => ours.stop())
  expect(await refused({ by: 'all' })).toMatchObject({
    code: 'conflict',
    message: `${cache} is a cache of Redis keys in a, and one of this library in other processes. Nothing was done.`,
  })
})
