import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { newId } from '../../../../core/ids.ts'
import { createDatabase, redisUrl } from '../../../../infrastructure/testing/servers.ts'
import type { Console } from '../../../open.ts'
import { startCacheProcess } from '../../../testing/cache-process.ts'
import { actorOf, openTestConsole, testSettings } from '../../../testing/open-test-console.ts'
import { finishedIn, refusalOf } from '../../../testing/outcomes.ts'
import { cacheView } from '../views/cache.ts'

let database: Awaited<ReturnType<typeof createDatabase>>
let console: Console
let a: Awaited<ReturnType<typeof startCacheProcess>>
let b: typeof a
const cache = `cache-${newId()}`
const operator = actorOf('operator')
const environment = () => console.settings.environments[0]?.name ?? ''
const fleet = { kind: 'fleet' }

beforeAll(async () => {
  database = await createDatabase()
  const settings = testSettings({ databaseUrl: database.url, redisUrl: redisUrl() })
  console = await openTestConsole(settings)
  a = await startCacheProcess(settings, { cache, instance: 'a' })
  b = await startCacheProcess(settings, { cache, instance: 'b' })
  a.cache.warmer({
    name: 'products',
    async run({ set }) {
      for (let id = 0; id < 3; id++) await set(`warm:${id}`, id)
    },
  })
})
afterAll(async () => {
  await Promise.all([a?.stop(), b?.stop()])
  await console?.close()
  await database?.drop()
})

async function act(operation: string, input: object) {
  const request = { environment: environment(), operation, input }
  const { token, ...preview } = await console.runner.preview(operator, request)
  const run = await finishedIn(console, operator, await console.runner.run(operator, { ...request, token }))
  return { preview, run }
}
const dataOf = async () => {
  const { cache: part } = (await console.view(cacheView, environment(), operator, { name: cache })).data
  if (part.status === 'down') throw new Error(part.reason)
  return part.data
}

test('a cache is switched off in every process with who and until when, and on again without serving what was invalidated', async () => {
  await a.cache.set('product:1', 'old')
  expect(await b.cache.get('product:1')).toBe('old')
  const { preview, run } = await act('cache.switch', {
    cache,
    scope: fleet,
    mode: 'off',
    reason: 'prices are wrong',
    minutes: 15,
  })
  expect(preview.summary).toBe(
    `${cache} will be switched off: every lookup goes to the origin, in 2 processes for 15 minutes.`,
  )
  expect(run).toMatchObject({ status: 'succeeded', summary: `Switched off ${cache} on 2 of 2 processes.` })
  expect([await a.cache.get('product:1'), await b.cache.get('product:1')]).toEqual([undefined, undefined])
  await vi.waitFor(
    async () =>
      expect((await dataOf()).activity.switched).toMatchObject({
        mode: 'off',
        by: operator.name,
        reason: 'prices are wrong',
        until: expect.any(Number),
        processes: 2,
      }),
    { timeout: 8_000 },
  )
  await act('cache.invalidate', { cache, where: { by: 'key', key: 'product:1' } })
  const on = await act('cache.switch-on', { cache, scope: fleet })
  expect(on.run).toMatchObject({ status: 'succeeded', summary: `Switched on ${cache} on 2 of 2 processes.` })
  expect([await a.cache.get('product:1'), await b.cache.get('product:1')]).toEqual([undefined, undefined])
  await a.cache.set('product:1', 'new')
  expect(await b.cache.get('product:1')).toBe('new')
})

test('read-only serves what is there and stores nothing; an undo switches it on', async () => {
  await a.cache.set('product:2', 'kept')
  const { run } = await act('cache.switch', { cache, scope: fleet, mode: 'read-only', reason: 'a test', minutes: 5 })
  await a.cache.set('product:3', 'not stored').catch(() => {})
  expect([await b.cache.get('product:2'), await b.cache.get('product:3')]).toEqual(['kept', undefined])
  await finishedIn(console, operator, await console.runner.undo(operator, environment(), run.id))
  await a.cache.set('product:3', 'stored')
  expect(await b.cache.get('product:3')).toBe('stored')
})

test('a warmer runs in one process where the cache is shared, and its state and what it stored are shown', async () => {
  await vi.waitFor(async () => expect((await dataOf()).activity.warmers).toMatchObject([{ name: 'products' }]), {
    timeout: 8_000,
  })
  const { preview, run } = await act('cache.warm', { cache, warmer: 'products' })
  expect(preview.summary).toBe(`a will run the warmer products of ${cache}; what it stores in Redis is there for all.`)
  expect(run).toMatchObject({ status: 'succeeded', summary: `Began to warm ${cache} in a.` })
  await vi.waitFor(async () => expect(await b.cache.get('warm:2')).toBe(2), { timeout: 8_000 })
  await vi.waitFor(
    async () => {
      const { activity } = await dataOf()
      expect(activity.warmers).toMatchObject([{ name: 'products', instance: 'a', state: 'done', stored: 3 }])
      expect(activity.namespaces.map(({ name }) => name)).toContain('warm')
    },
    { timeout: 8_000 },
  )
  expect(await refusalOf(act('cache.warm', { cache, warmer: 'nothing' }))).toMatchObject({
    code: 'invalid',
    message: `${cache} has no warmer nothing.`,
  })
})
