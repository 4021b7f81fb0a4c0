import { eq, sql } from 'drizzle-orm'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { operationRun } from '../../../../../drizzle/schema/index.ts'
import { newId } from '../../../../core/ids.ts'
import { createCacheRegistry } from '../../../../infrastructure/cache/index.ts'
import { joinFleet } from '../../../../infrastructure/fleet/index.ts'
import { redisUrl } from '../../../../infrastructure/testing/servers.ts'
import type { Console } from '../../../open.ts'
import type { Run } from '../../../platform/operation/wire.ts'
import type { Settings } from '../../../platform/settings/port.ts'
import { startCacheProcess } from '../../../testing/cache-process.ts'
import { actorOf, openTestConsole } from '../../../testing/open-test-console.ts'
import { killConsoleAt } from '../../../testing/spawn-killed-console.ts'
import { testServers } from '../../../testing/test-servers.ts'

type TestProcess = Awaited<ReturnType<typeof startCacheProcess>>
const servers = testServers()
const { redis } = servers
let settings: Settings
let console: Console
let testProcesses: TestProcess[]
let cache: string
const operator = actorOf('operator')

beforeEach(() => {
  cache = `cache-${newId()}`
  settings = servers.settings()
  testProcesses = []
})
afterEach(async () => {
  await Promise.all(testProcesses.map(testProcess => testProcess.stop()))
  await console.close()
})

const environment = () => settings.environments[0]?.name ?? ''
async function start(): Promise<TestProcess> {
  const started = await startCacheProcess(settings, { cache, instance: `one-${testProcesses.length}` })
  testProcesses.push(started)
  return started
}
const request = (where: object, perSecond: number) => ({
  environment: environment(),
  operation: 'cache.invalidate',
  input: { cache, where, pace: { perSecond } },
})
async function begin(asked: ReturnType<typeof request>): Promise<Run> {
  const { token } = await console.runner.preview(operator, asked)
  return console.runner.run(operator, { ...asked, token })
}
const find = (id: string) => console.runner.find(operator, environment(), id)
const finished = (id: string) =>
  vi.waitFor(
    async () => {
      const run = await find(id)
      expect(run.finishedAt).toBeDefined()
      return run
    },
    { timeout: 30_000 },
  )
/** What is in Redis, without the first of their names. */
const kept = async () => (await redis.keys(`{${cache}}:g*:*`)).map(key => key.replace(/^.*:g\d+:/, '')).sort()
const PRODUCTS = Array.from({ length: 12 }, (_, id) => `product:${id}`)

test('entries go a few at a time, and those not yet removed are served; what is written during it stays, what was begun before does not', async () => {
  console = await openTestConsole(settings)
  const [a, b] = [await start(), await start()]
  for (const key of PRODUCTS) await a.cache.set(key, 'old', { tags: ['shoes'] })
  await a.cache.set('other', 'kept')
  for (const key of PRODUCTS) expect(await b.cache.get(key)).toBe('old')
  const making = Promise.withResolvers<string>()
  const made = b.cache.getOrSet('product:late', () => making.promise, { tags: ['shoes'] })
  const where = { by: 'tag', tag: 'shoes' }
  const draft = await console.runner.preview(operator, request(where, 4))
  expect(draft.action).toBe('Invalidate 12 entries in about 3 seconds')
  expect(draft.warnings[0]).toContain('At most 4 entries a second are removed')
  expect(draft.warnings[0]).toContain('entries that are not yet removed are still served')
  const { id } = await begin(request(where, 4))
  const some = await vi.waitFor(
    async () => {
      const left = await kept()
      expect(left.length).toBeLessThan(12)
      return left.filter(key => key !== 'other')
    },
    { timeout: 10_000, interval: 20 },
  )
  // It has only begun: the others are there, and served from memory.
  expect(some.length).toBeGreaterThan(4)
  expect(await b.cache.get(some.at(-1) ?? '')).toBe('old')
  expect((await find(id)).finishedAt).toBeUndefined()
  await vi.waitFor(async () => expect((await find(id)).progress?.done).toBeGreaterThanOrEqual(10), { timeout: 10_000 })
  making.resolve('made from older data')
  expect(await made).toBe('made from older data')
  const run = await finished(id)
  expect(run).toMatchObject({
    status: 'succeeded',
    summary: expect.stringContaining(`Invalidated the tag shoes of ${cache} on 2 of 2 processes.`),
  })
  expect(await kept()).toEqual(['other'])
  for (const { cache: own } of [a, b])
    for (const key of [...PRODUCTS, 'product:late']) expect(await own.get(key)).toBeUndefined()
  expect(await b.cache.get('other')).toBe('kept')
  // From now on it is a cache like any other.
  await b.cache.getOrSet('product:1', () => 'new', { tags: ['shoes'] })
  expect(await a.cache.get('product:1')).toBe('new')
}, 40_000)

test('aborted, it says how many are removed, and the rest stays', async () => {
  console = await openTestConsole(settings)
  const { cache: own } = await start()
  for (const key of PRODUCTS) await own.set(key, 'old')
  const { id } = await begin(request({ by: 'all' }, 1))
  await vi.waitFor(async () => expect((await find(id)).progress?.done).toBeGreaterThan(0), { timeout: 10_000 })
  await console.runner.abort(operator, environment(), id)
  const run = await finished(id)
  expect(run.status).toBe('aborted')
  const left = await kept()
  expect(left.length).toBeGreaterThan(5)
  expect(run.summary).toContain(`${12 - left.length} ${12 - left.length === 1 ? 'entry' : 'entries'} removed`)
  expect(await own.get(left[0] ?? '')).toBe('old')
}, 40_000)

test('a console that is killed during it: another one continues, and leaves what was written since it began', async () => {
  console = await openTestConsole(settings)
  const { cache: own } = await start()
  for (const key of PRODUCTS) await own.set(key, 'old')
  await console.close()
  const asked = request({ by: 'pattern', pattern: 'product:*' }, 4)
  expect(await killConsoleAt('third removal', settings, asked)).toBe('SIGKILL')
  const left = await kept()
  expect(left.length).toBeGreaterThan(0)
  expect(left.length).toBeLessThan(12)
  // What was stored within two seconds of the beginning may have been begun before it, and is removed.
  const killedAt = Number((await redis.time())[0])
  await vi.waitFor(async () => expect(Number((await redis.time())[0])).toBeGreaterThan(killedAt + 2), {
    timeout: 5_000,
  })
  await own.set('product:0', 'new')
  console = await openTestConsole(settings)
  const mine = eq(operationRun.environment, environment())
  await console.store.db.update(operationRun).set({ heartbeatAt: sql`now() - interval '1 minute'` }).where(mine)
  await console.runner.reap()
  const [row] = await console.store.db.select().from(operationRun).where(mine)
  expect(await finished(row?.id ?? '')).toMatchObject({ status: 'succeeded' })
  expect(await kept()).toEqual(['product:0'])
  expect(await own.get('product:0')).toBe('new')
}, 60_000)

test('a single key and a cache in memory only are refused: they are invalidated at once', async () => {
  console = await openTestConsole(settings)
  await start()
  await expect(console.runner.preview(operator, request({ by: 'key', key: 'a' }, 4))).rejects.toMatchObject({
    refusal: { code: 'invalid', fields: { pace: expect.stringContaining('single key') } },
  })
  const registry = createCacheRegistry()
  await registry.create({ name: `${cache}-memory` })
  const member = joinFleet({
    redisUrl: redisUrl(),
    environment: environment(),
    service: 'catalogue',
    key: settings.fleetKey,
    caches: registry,
  })
  await member.start()
  const asked = {
    ...request({ by: 'all' }, 4),
    input: { cache: `${cache}-memory`, where: { by: 'all' }, pace: { perSecond: 4 } },
  }
  await expect(console.runner.preview(operator, asked)).rejects.toMatchObject({
    refusal: { code: 'invalid', message: expect.stringContaining('only be invalidated at once') },
  })
  await member.stop()
  await registry.close()
})
