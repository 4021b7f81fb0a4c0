import { eq, sql } from 'drizzle-orm'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { operationRun } from '../../../../../drizzle/schema/index.ts'
import { newId } from '../../../../core/ids.ts'
import { redisUrl, startRedis } from '../../../../infrastructure/testing/servers.ts'
import type { Console } from '../../../open.ts'
import type { RunControl } from '../../../platform/operation/define.ts'
import type { Run } from '../../../platform/operation/wire.ts'
import type { Settings } from '../../../platform/settings/port.ts'
import { startCacheProcess } from '../../../testing/cache-process.ts'
import { actorOf, openTestConsole } from '../../../testing/open-test-console.ts'
import { killConsoleAt } from '../../../testing/spawn-killed-console.ts'
import { testServers } from '../../../testing/test-servers.ts'
import { invalidateCache } from '../operations/invalidate.ts'

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
  testProcesses = []
})
afterEach(async () => {
  await Promise.all(testProcesses.map(testProcess => testProcess.stop()))
  await console.close()
})

const environment = () => settings.environments[0]?.name ?? ''
/** `url`: the Redis of the fleet; `server`: another one that has the cache. */
async function start(count: number, { url = redisUrl(), server = url }: { url?: string; server?: string } = {}) {
  settings = servers.settings(url)
  if (server !== url) settings.environments[0]?.redis.push({ name: 'main', url: server, prefixes: [] })
  console = await openTestConsole(settings)
  for (let at = 0; at < count; at++)
    testProcesses.push(await startCacheProcess(settings, { cache, instance: `one-${at}`, redisUrl: server }))
  return testProcesses
}
/** `product:1` and so on, up to this count, in the list of its tag where it has one. */
async function copies(client: Redis, count: number) {
  const key = (await client.keys(`{${cache}}:g*:product:1`))[0] ?? ''
  const list = (await client.keys(`{${cache}}:tagged:*`))[0]
  const pipeline = client.pipeline()
  for (let id = 2; id <= count; id++) {
    pipeline.copy(key, key.replace(/1$/, String(id)))
    if (list !== undefined) pipeline.zadd(list, Date.now() + 60_000, `product:${id}`)
  }
  await pipeline.exec()
}
const request = (where: object) => ({
  environment: environment(),
  operation: 'cache.invalidate',
  input: { cache, where },
})
async function finished({ id }: Pick<Run, 'id'>): Promise<Run> {
  return vi.waitFor(
    async () => {
      const run = await console.runner.find(operator, environment(), id)
      expect(run.finishedAt).toBeDefined()
      return run
    },
    { timeout: 15_000 },
  )
}
async function invalidate(where: object): Promise<Run> {
  const { token } = await console.runner.preview(operator, request(where))
  return finished(await console.runner.run(operator, { ...request(where), token }))
}
const contextOf = ({ store, environment: find }: Console) => {
  const found = find(environment())
  if (!found) throw new Error('no environment')
  return { environment: found, store, settings, attention: async () => ({ items: [], muted: [], counts: {} }) }
}
const controlOf = (signal: AbortSignal, progress: RunControl['progress'] = () => {}): RunControl => ({
  runId: newId(),
  actor: operator,
  signal,
  prior: new Map(),
  progress,
  item: async () => true,
})
const undo = async ({ id }: Run) => finished(await console.runner.undo(operator, environment(), id))

test('an invalidation undone: every process gets the removed entries again, except those written since', async () => {
  const [a, b] = (await start(2)) as [TestProcess, TestProcess]
  for (const id of [1, 2, 3]) await a.cache.set(`product:${id}`, 'old', { tags: ['shoes'] })
  const where = { by: 'pattern', pattern: 'product:*' }
  const draft = await console.runner.preview(operator, request(where))
  expect(draft.undo).toEqual({ windowMs: 15 * 60_000 })
  expect(draft.undoWords).toBe('Redis keeps 1 kB for it')
  const run = await invalidate(where)
  expect(run).toMatchObject({
    status: 'succeeded',
    undo: { until: expect.any(Number) },
    items: { total: 2, noun: 'processes' },
  })
  await a.cache.set('product:1', 'new')
  expect(await b.cache.get('product:2')).toBeUndefined()

  const undone = await undo(run)
  expect(undone).toMatchObject({
    status: 'succeeded',
    undoOf: run.id,
    summary: `Restored 2 of 3 entries of ${cache}. Since then 1 written again.`,
  })
  for (const { cache: own } of testProcesses)
    expect([...(await own.getMany(['product:1', 'product:2', 'product:3'])).values()]).toEqual(['new', 'old', 'old'])
  expect(await b.cache.getOrSet('product:2', () => 'never asked for')).toBe('old')
  expect((await console.runner.find(operator, environment(), run.id)).status).toBe('undone')
  await expect(console.runner.undo(operator, environment(), run.id)).rejects.toMatchObject({
    refusal: { code: 'conflict' },
  })
  // It may be invalidated like any other afterwards.
  await invalidate({ by: 'tag', tag: 'shoes' })
  for (const { cache: own } of testProcesses) expect(await own.get('product:2')).toBeUndefined()
})

test.each([{ by: 'key', key: 'a' }, { by: 'tag', tag: 'red' }, { by: 'all' }])('%o is undone', async where => {
  const [testProcess] = (await start(1)) as [TestProcess]
  await testProcess.cache.set('a', 1, { tags: ['red'] })
  const run = await invalidate(where)
  expect(await testProcess.cache.get('a')).toBeUndefined()
  expect(await undo(run)).toMatchObject({ status: 'succeeded' })
  expect(await testProcess.cache.get('a')).toBe(1)
})

test('what the application itself has invalidated since is not restored', async () => {
  const [testProcess] = (await start(1)) as [TestProcess]
  await testProcess.cache.set('a', 1)
  await testProcess.cache.set('b', 1)
  const run = await invalidate({ by: 'all' })
  await testProcess.cache.delete('a')
  expect(await undo(run)).toMatchObject({ status: 'partial', summary: expect.stringContaining('1 invalidated again') })
  expect([...(await testProcess.cache.getMany(['a', 'b'])).keys()]).toEqual(['b'])
})

test('more than may be kept: the preview says that there is no undo, and so does the outcome', async () => {
  const [testProcess] = (await start(1)) as [TestProcess]
  await testProcess.cache.set('k', 1)
  const key = (await redis.keys(`{${cache}}:g*:k`))[0] ?? ''
  const entry = (await redis.get(key)) ?? ''
  const pipeline = redis.pipeline()
  for (let at = 0; at < 10_000; at++) pipeline.set(`${key}${at}`, entry, 'PX', 60_000)
  await pipeline.exec()
  const draft = await console.runner.preview(operator, request({ by: 'all' }))
  expect(draft.undo).toBeUndefined()
  expect(draft.undoWords).toMatch(/not possible: more than 10,000 entries/)
  const run = await invalidate({ by: 'all' })
  expect(run.undo).toBeUndefined()
  expect(run.summary).toMatch(/Removed 10,001 entries from Redis. More than 10,000 entries or 32 MB were removed/)
  expect(await redis.keys(`{${cache}}:*`)).toEqual(expect.not.arrayContaining([expect.stringMatching(/:kept:|:g\d/)]))
})

test.each([
  { by: 'pattern', pattern: 'product:*', left: /where a process that starts from now on finds them/ },
  { by: 'tag', tag: 'shoes', left: /unread, until they expire/ },
])(
  'aborted half way, it says what is left where, and what was removed can be restored: %o',
  async ({ left, ...where }) => {
    const [testProcess] = (await start(1)) as [TestProcess]
    await testProcess.cache.set('product:1', 'old', { tags: ['shoes'] })
    await copies(redis, 3_000)
    const aborter = new AbortController()
    const context = contextOf(console)
    const outcome = await invalidateCache.run(
      context,
      invalidateCache.input.parse({ cache, where }),
      controlOf(aborter.signal, progress => {
        if (progress.note) aborter.abort(new Error('aborted by an operator'))
      }),
    )
    expect(outcome).toMatchObject({ status: 'aborted', undo: { windowMs: 15 * 60_000 } })
    expect(outcome.summary).toMatch(/Then it was aborted/)
    expect(outcome.summary).toMatch(left)
    const { deleted } = outcome.result as { deleted: number }
    expect(deleted).toBeGreaterThan(0)
    expect(deleted).toBeLessThan(3_000)

    const stopped = await invalidateCache.undo?.(context, outcome.undo?.state, controlOf(AbortSignal.abort()))
    const total = deleted.toLocaleString('en')
    expect(stopped).toMatchObject({
      status: 'aborted',
      summary: `Aborted after 0 of ${total} entries of ${cache} were restored. The others are still kept: undo again to restore them.`,
    })
    const undone = await invalidateCache.undo?.(context, outcome.undo?.state, controlOf(new AbortController().signal))
    expect(undone).toMatchObject({
      status: 'succeeded',
      summary: `Restored ${total} of ${total} entries of ${cache}. Entries that the invalidation had not reached are made again when they are read.`,
    })
  },
)

test('a Redis that stops half way: the outcome says what was removed, and that the rest is still there', async () => {
  const server = await startRedis()
  const client = new Redis(server.url)
  try {
    const [testProcess] = (await start(1, { server: server.url })) as [TestProcess]
    await testProcess.cache.set('product:1', 'old')
    await copies(client, 3_000)
    const outcome = await invalidateCache.run(
      contextOf(console),
      invalidateCache.input.parse({ cache, where: { by: 'pattern', pattern: 'product:*' } }),
      controlOf(new AbortController().signal, ({ note }) => {
        if (note) server.pause()
      }),
    )
    expect(outcome.status).toBe('partial')
    expect(outcome.summary).toMatch(
      /Removed [1-9]\d* entries from Redis\. Then Redis main does not answer\. The other entries are still in Redis/,
    )
    expect(outcome.undo).toBeDefined()
  } finally {
    server.resume()
    client.disconnect()
    await Promise.all(testProcesses.splice(0).map(testProcess => testProcess.stop()))
    await server.close()
  }
})

test('kept entries that are no longer there are reported, and nothing else is done', async () => {
  const [testProcess] = (await start(1)) as [TestProcess]
  await testProcess.cache.set('a', 1)
  const run = await invalidate({ by: 'all' })
  await redis.unlink(...(await redis.keys(`{${cache}}:kept:*`)))
  expect(await undo(run)).toMatchObject({ status: 'failed', summary: expect.stringContaining('no longer kept') })
})

test('an account that may not keep entries still invalidates, and the outcome says what it lacks', async () => {
  const user = `u-${newId()}`
  await redis.acl('SETUSER', user, 'on', '>secret', '~*', '&*', '+@all', '-rename')
  const url = new URL(redisUrl())
  url.username = user
  url.password = 'secret'
  const [testProcess] = (await start(1, { url: url.href })) as [TestProcess]
  await testProcess.cache.set('a', 1)
  const run = await invalidate({ by: 'key', key: 'a' })
  expect(run).toMatchObject({ status: 'succeeded', summary: expect.stringContaining('needs RENAME and ZADD') })
  expect(run.undo).toBeUndefined()
  expect(await testProcess.cache.get('a')).toBeUndefined()
  await redis.acl('DELUSER', user)
})

test('a console that was killed when it was done: another invalidates again, and what the first had kept is not restored', async () => {
  const [testProcess] = (await start(1)) as [TestProcess]
  await testProcess.cache.set('a', 1)
  await console.close()
  expect(await killConsoleAt('ran', settings, request({ by: 'all' }))).toBe('SIGKILL')
  expect(await redis.keys(`{${cache}}:kept:*`)).toHaveLength(2)
  // The first one's undo would not know that this was deleted before the second one began.
  await testProcess.cache.delete('a')
  console = await openTestConsole(settings)
  const mine = eq(operationRun.environment, environment())
  await console.store.db.update(operationRun).set({ heartbeatAt: sql`now() - interval '1 minute'` }).where(mine)
  await console.runner.reap()
  const [row] = await console.store.db.select().from(operationRun).where(mine)
  const run = await finished({ id: row?.id ?? '' })
  expect(run).toMatchObject({ status: 'succeeded', summary: expect.stringContaining('cannot be restored') })
  expect(run.undo).toBeUndefined()
  expect(await redis.keys(`{${cache}}:kept:*`)).toEqual([])
}, 40_000)
