import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { newId } from '../../../../core/ids.ts'
import { openQueueServer } from '../../../../infrastructure/queue/index.ts'
import { createDatabase, startRedis, type TestRedis } from '../../../../infrastructure/testing/servers.ts'
import type { Console } from '../../../open.ts'
import type { RunControl } from '../../../platform/operation/define.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import { actorOf, openTestConsole, testSettings } from '../../../testing/open-test-console.ts'
import { removeFound } from '../operations/remove-found.ts'
import { inSteps } from './in-steps.ts'

let database: Awaited<ReturnType<typeof createDatabase>>
let server: TestRedis
let redis: Redis
let console: Console
let name: string
const COUNT = 500
const queue = { prefix: 'bull', name: 'mail' }

beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  server = await startRedis()
  redis = new Redis(server.url)
  await redis.hset('bull:mail:meta', { version: 'bullmq:6.0.0' })
  const seed = redis.pipeline()
  for (let id = 1; id <= COUNT; id++) {
    seed.hset(`bull:mail:${id}`, { name: 'work', data: '{}', opts: '{}', timestamp: '1', failedReason: 'x' })
    seed.zadd('bull:mail:failed', id, id)
  }
  await seed.exec()
  const settings = testSettings({ databaseUrl: database.url, redisUrl: server.url })
  settings.environments[0]?.redis.push({ name: 'main', url: server.url, prefixes: ['bull'] })
  name = settings.environments[0]?.name ?? ''
  console = await openTestConsole(settings)
})
afterEach(async () => {
  server.resume()
  redis.disconnect()
  await console.close()
  await server.close()
})

const controlOf = (runId: string, more: Partial<RunControl> = {}): RunControl => ({
  runId,
  actor: actorOf('operator'),
  signal: new AbortController().signal,
  prior: new Map(),
  progress() {},
  item: async () => true,
  ...more,
})

function replay(control: RunControl, waitMs: number) {
  const environment = console.environment(name)
  if (!environment) throw new Error('no environment')
  return inSteps(
    environment,
    { server: 'main', queue: 'bull:mail' },
    'replayed',
    ({ server: watched, address }) => ({ next: () => watched.acts.replayNext(address, control.runId, {}), set: {} }),
    control,
    { waitMs },
  )
}

test('a ledger that cannot be written does not turn success into failure', async () => {
  const own = await createDatabase()
  const settings = testSettings({ databaseUrl: own.url, redisUrl: server.url, environment: name })
  settings.environments[0]?.redis.push({ name: 'main', url: server.url, prefixes: ['bull'] })
  const other = await openTestConsole(settings)
  const operator = actorOf('operator')
  const input = { server: 'main', queue: 'bull:mail', which: { by: 'all' } }
  const request = { environment: name, operation: 'queue.replay', input }
  const { token } = await other.runner.preview(operator, request)
  // The ledger can be read but not written; the run itself is recorded.
  await other.store.db.execute(
    "alter table substation.operation_item add constraint full_up check (status = 'never') not valid",
  )
  const { id } = await other.runner.run(operator, { ...request, token })
  await vi.waitFor(
    async () =>
      expect(await other.runner.find(operator, name, id)).toMatchObject({
        status: 'succeeded',
        summary: 'Replayed 500 jobs of bull:mail.',
      }),
    { timeout: 15_000, interval: 100 },
  )
  expect(await redis.llen('bull:mail:wait')).toBe(COUNT)
  await other.close()
  await own.drop()
}, 60_000)

test('resumed while Redis is down: it waits, continues, and reports everything that was done', async () => {
  const run = newId()
  const { done } = await openQueueServer(redis).replayNext(queue, run, {})
  expect(done).toBeGreaterThan(0)
  server.pause()
  const outcome = replay(controlOf(run, { resumed: { done } }), 30_000)
  // Longer than a view waits: the first reading of the queue has failed.
  await new Promise(resolve => setTimeout(resolve, 2_000))
  server.resume()
  expect(await outcome).toEqual({ status: 'succeeded', summary: 'Replayed 500 jobs of bull:mail.' })
  expect(await redis.llen('bull:mail:wait')).toBe(COUNT)
}, 60_000)

test('resumed while Redis stays down: what was done before is reported, by progress or by ledger', async () => {
  server.pause()
  const ledger = new Map([
    ['the first half', { status: 'done', range: { from: 1, to: 5_000 } }],
    ['the second half', { status: 'done', range: { from: 5_001, to: 10_000 } }],
    ['7', { status: 'refused' }],
  ] as const)
  const outcomes = await Promise.all([
    replay(controlOf(newId(), { resumed: { done: 12_345 }, prior: ledger }), 0),
    replay(controlOf(newId(), { resumed: { done: 0 }, prior: ledger }), 0),
    replay(controlOf(newId(), { resumed: { done: 0 } }), 0),
  ])
  expect(outcomes.map(({ status }) => status)).toEqual(['partial', 'partial', 'unknown'])
  expect(outcomes[0]?.summary).toContain('Replayed at least 12,345 jobs of bull:mail. Then it was interrupted')
  expect(outcomes[1]?.summary).toContain('Replayed at least 10,000 jobs')
  expect(outcomes[2]?.summary).toContain('It is not known whether any job of bull:mail was replayed.')
  for (const { summary } of outcomes) expect(summary).not.toContain('Nothing was done')
  const first = await replay(controlOf(newId()), 0).catch((error: unknown) => error)
  expect(first instanceof RefusalError && first.refusal).toMatchObject({
    code: 'unavailable',
    nextStep: expect.stringContaining('Nothing was done'),
  })
})

/** Removes two jobs of each of two queues. */
async function removeOfTwo(control: RunControl) {
  await redis.hset('bull:post:meta', { version: 'bullmq:6.0.0' })
  for (const id of ['1', '2']) {
    await redis.hset(`bull:post:${id}`, { name: 'work', data: '{}', opts: '{}', timestamp: '1' })
    await redis.zadd('bull:post:failed', id, id)
  }
  const environment = console.environment(name)
  if (!environment) throw new Error('no environment')
  const { store, settings } = console
  const attention = () => Promise.reject(new Error('not asked for'))
  const jobs = ['mail', 'post'].map(one => ({ server: 'main', queue: `bull:${one}`, ids: ['1', '2'] }))
  return () => removeFound.run({ environment, store, settings, attention }, { jobs, reason: 'a test' }, control)
}

test('in several queues: once a Redis does not answer, its other queues are not waited for', async () => {
  const run = await removeOfTwo(controlOf(newId()))
  server.pause()
  const { status, summary } = await run()
  expect(status).toBe('failed')
  expect(summary).toMatch(/^bull:mail: .+ bull:post: not begun\. Redis main .+[^.]\.$/)
  server.resume()
  expect(await redis.exists('bull:mail:1', 'bull:post:1')).toBe(2)
}, 60_000)

test('in several queues: an abort counts only while something is left to do', async () => {
  const abort = new AbortController()
  const abortAt = (last: number) => ({
    signal: abort.signal,
    progress: ({ done }: { done: number }) => done === last && abort.abort(),
  })
  const late = await removeOfTwo(controlOf(newId(), abortAt(4)))
  expect(await late()).toMatchObject({ status: 'succeeded' })
  expect(await redis.exists('bull:mail:1', 'bull:mail:2', 'bull:post:1', 'bull:post:2')).toBe(0)
  const early = await removeOfTwo(controlOf(newId(), abortAt(0)))
  expect(await early()).toMatchObject({ status: 'aborted' })
  expect(await redis.exists('bull:post:1', 'bull:post:2')).toBe(2)
}, 60_000)
