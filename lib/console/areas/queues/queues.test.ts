import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { joinFleet } from '../../../infrastructure/fleet/index.ts'
import { type QueueProgram, startQueueProgram } from '../../../infrastructure/testing/bullmq-program.ts'
import { createDatabase, startRedis, type TestRedis } from '../../../infrastructure/testing/servers.ts'
import type { Console } from '../../open.ts'
import { RefusalError } from '../../platform/refusal.ts'
import type { Settings } from '../../platform/settings/port.ts'
import { actorOf, openTestConsole, testSettings } from '../../testing/open-test-console.ts'
import { overviewView } from '../overview/views/overview.ts'
import { jobView } from './views/job.ts'
import { queueView } from './views/queue.ts'
import { queuesView } from './views/queues.ts'

let database: Awaited<ReturnType<typeof createDatabase>>
let server: TestRedis
let settings: Settings
let console: Console | undefined
let program: QueueProgram | undefined
const operator = actorOf('operator')

beforeAll(async () => {
  database = await createDatabase()
  await (await openTestConsole(testSettings({ databaseUrl: database.url, redisUrl: 'redis://127.0.0.1:1' }))).close()
})
afterAll(() => database.drop())
beforeEach(async () => {
  server = await startRedis()
  settings = testSettings({ databaseUrl: database.url, redisUrl: server.url })
})
afterEach(async () => {
  server.resume()
  await console?.close()
  await program?.close()
  console = program = undefined
  await server.close()
})

const environment = () => settings.environments[0]?.name ?? ''
const key = 'bull:mail'
const list = async () => (await (console as Console).view(queuesView, environment(), operator, {})).data
const one = async (name = 'main') =>
  (await (console as Console).view(queueView, environment(), operator, { server: name, queue: key, state: 'waiting' }))
    .data

async function open({ rules }: { rules?: string[] } = {}) {
  program = await startQueueProgram(6, { url: server.url, prefix: 'bull', name: 'mail' })
  await program.ask('add', { jobs: [{ name: 'work', data: {}, opts: {} }] })
  let url = server.url
  if (rules) {
    const admin = new Redis(server.url)
    await admin.call('ACL', 'SETUSER', 'looker', 'on', '>pass', '~*', '&*', ...rules)
    admin.disconnect()
    url = server.url.replace('redis://', 'redis://looker:pass@')
  }
  settings.environments[0]?.redis.push({ name: 'main', url, prefixes: ['bull'] })
  console = await openTestConsole(settings)
}

const found = () =>
  vi.waitFor(async () => expect((await list()).queues.map(row => row.key)).toEqual([key]), { timeout: 10_000 })

test('an account without SCAN cannot search, the page says what it lacks, and a queue opened by name is still shown', async () => {
  await open({ rules: ['+@all', '-scan'] })
  const search = await vi.waitFor(async () => {
    const [row] = (await list()).servers
    expect(row?.search?.trouble).toBeDefined()
    return row?.search
  }, 8_000)
  expect(search?.trouble).toMatchObject({
    reason: expect.stringContaining('may not call SCAN'),
    nextStep: expect.stringContaining('+scan'),
  })
  expect((await list()).none).toBe(false)
  const { queue, jobs } = await one()
  expect(queue.status === 'up' && queue.data.row).toMatchObject({ waiting: 1, major: 6 })
  expect(jobs.status === 'up' && jobs.data.total).toBe(1)
})

test('an account without CLIENT LIST does not know of workers and says what to grant', async () => {
  await open({ rules: ['+@all', '-client|list', '-config'] })
  await found()
  const [row] = (await list()).queues
  expect(row?.workers).toEqual({
    known: false,
    reason: 'The account of this Redis may not call CLIENT LIST. Grant +client|list to it (ACL SETUSER).',
  })
  expect(row?.troubles).toEqual([])
})

test('an account that may only read sees everything, and its acts are refused in plain words', async () => {
  await open({ rules: ['+@all', '-@write', '+eval', '+evalsha'] })
  await found()
  const request = { environment: environment(), operation: 'queue.pause', input: { server: 'main', queue: key } }
  const run = await console?.runner.run(operator, request)
  const over = await vi.waitFor(async () => {
    const latest = await console?.runner.find(operator, environment(), run?.id ?? '')
    expect(latest?.finishedAt).toBeDefined()
    return latest
  })
  expect(over).toMatchObject({ status: 'failed', summary: expect.stringMatching(/account.*may not/) })
  expect(await program?.ask('isPaused')).toBe(false)
})

test('without EVAL the page says so, and nothing is shown as zero', async () => {
  await open({ rules: ['+@all', '-eval', '-evalsha'] })
  await vi.waitFor(async () => {
    const [row] = (await list()).servers
    expect(row).toMatchObject({ status: 'down', reason: expect.stringContaining('may not call') })
  }, 8_000)
})

test('a Redis that hangs: every view answers while it hangs, with what was last seen, and comes back on its own', async () => {
  await open()
  await found()
  server.pause()
  await vi.waitFor(async () => expect((await list()).servers[0]?.status).toBe('stale'), { timeout: 8_000 })
  for (const view of [queuesView, queueView, jobView, overviewView])
    await console?.view(view, environment(), operator, { server: 'main', queue: key, id: '1' })
  expect((await list()).queues).toMatchObject([{ key, stale: true, waiting: 1 }])
  const { queue, jobs } = await one()
  expect([queue.status, jobs.status]).toEqual(['down', 'down'])
  const request = { environment: environment(), operation: 'queue.pause', input: { server: 'main', queue: key } }
  const refusal = await console?.runner.preview(operator, request).catch((error: unknown) => error)
  expect(refusal instanceof RefusalError && refusal.refusal.code).toBe('unavailable')
  server.resume()
  await vi.waitFor(async () => expect((await list()).servers[0]?.status).toBe('up'), { timeout: 10_000 })
}, 60_000)

test('no such server, no such queue, no such job: an answer, not an error', async () => {
  await open()
  expect((await one('nowhere')).queue).toMatchObject({ status: 'up', data: { server: false } })
  const view = await console?.view(queueView, environment(), operator, { server: 'main', queue: 'bull:none' })
  expect(view?.data.queue).toMatchObject({ status: 'up', data: { server: true } })
  expect(view?.data.queue.status === 'up' && view.data.queue.data.row).toBeUndefined()
  const job = await console?.view(jobView, environment(), operator, { server: 'main', queue: key, id: 'none' })
  expect(job?.data.job).toEqual({ status: 'up', data: { server: true }, at: expect.any(Number) })
})

test('of very many prefixes that are not shown the fifty largest are listed, and how many queues are under the others', async () => {
  const redis = new Redis(server.url)
  const seed = redis.pipeline()
  for (let at = 0; at < 60; at++) {
    seed.hset(`other-${at}:mail:meta`, { version: 'bullmq:6.0.0' })
    if (at >= 50) seed.hset(`other-${at}:post:meta`, { version: 'bullmq:6.0.0' })
  }
  await seed.exec()
  redis.disconnect()
  await open()
  const search = await vi.waitFor(async () => {
    const [row] = (await list()).servers
    expect(row?.search?.completedAt).toBeDefined()
    return row?.search
  }, 8_000)
  expect(search?.elsewhere).toHaveLength(50)
  expect(search?.elsewhere.slice(0, 10).map(({ queues }) => queues)).toEqual(Array(10).fill(2))
  expect(search?.elsewhereRest).toBe(10)
})

test('the overview shows dead letters, a queue without workers, and a Redis that evicts', async () => {
  await open()
  await found()
  const admin = new Redis(server.url)
  await admin.config('SET', 'maxmemory-policy', 'allkeys-lru')
  admin.disconnect()
  await program?.ask('add', { jobs: [{ name: 'work', data: { fail: 'no' }, opts: {} }] })
  const attention = async () =>
    (await (console as Console).view(overviewView, environment(), operator, {})).data.attention.filter(
      item => item.area === 'queues',
    )
  await vi.waitFor(
    async () =>
      expect((await attention()).map(item => item.text)).toEqual([
        'has no worker and 2 jobs wait',
        'has a queue and may evict jobs',
      ]),
    8_000,
  )
  await program?.ask('work')
  await vi.waitFor(async () => expect((await attention())[0]?.text).toBe('has 1 new dead letter in ten minutes'), 8_000)
  expect((await attention())[0]).toMatchObject({
    detail: expect.stringMatching(/^Mostly “no”\. /),
    act: 'Review and replay',
  })
  // One more does not make an old trouble look new.
  const began = (await attention())[0]?.since
  expect(began).toBeTypeOf('number')
  await program?.ask('add', { jobs: [{ name: 'work', data: { fail: 'no' }, opts: {} }] })
  await vi.waitFor(
    async () => expect((await attention())[0]?.text).toBe('has 2 new dead letters in ten minutes'),
    8_000,
  )
  expect((await attention())[0]?.since).toBe(began)
})

test('the workers of a queue are those of running or silent processes, not of stopped ones', async () => {
  await open()
  const joined = ['worker-1', 'worker-2'].map(instance =>
    joinFleet({
      redisUrl: server.url,
      environment: environment(),
      service: 'worker',
      instance,
      workers: { revision: 1, reports: () => [reportOf(instance)] },
    }),
  )
  const listed = async () => {
    const { registeredWorkers } = await one()
    return registeredWorkers.status === 'down'
      ? []
      : registeredWorkers.data.map(({ instance, alive }) => ({ instance, alive }))
  }
  try {
    for (const member of joined) await member.start()
    const both = joined.map((_, at) => ({ instance: `worker-${at + 1}`, alive: true }))
    await vi.waitFor(async () => expect(await listed()).toEqual(expect.arrayContaining(both)), { timeout: 8_000 })
    await joined[1]?.stop()
    await vi.waitFor(async () => expect(await listed()).toEqual(both.slice(0, 1)), { timeout: 8_000 })
  } finally {
    for (const member of joined) await member.stop()
  }
}, 30_000)

/** What a process reports about a worker on `key`. */
const reportOf = (name: string) => ({
  name,
  queue: 'mail',
  prefix: 'bull',
  concurrency: 4,
  active: 1,
  completed: 0,
  failed: 0,
  deadLettered: 0,
})

test('a queue whose parents wait for a dead letter says in which queue it is, on its page and on the overview', async () => {
  await open()
  const child = await startQueueProgram(6, { url: server.url, prefix: 'bull', name: 'flow.children' })
  try {
    await program?.ask('flow', {
      children: [{ queueName: 'flow.children', name: 'broken', data: { fail: 'no' }, opts: {} }],
    })
    await child.ask('work')
    await vi.waitFor(async () => expect(await child.ask('counts')).toMatchObject({ failed: 1 }), 8_000)
    await vi.waitFor(async () => {
      const { queue } = await one()
      expect(queue.status === 'up' && queue.data.row).toMatchObject({
        troubles: expect.arrayContaining(['dead-children']),
        deadChildren: { parents: 1, queues: [{ key: 'bull:flow.children', parents: 1 }] },
      })
    })
    // The queue itself has no worker, which is more severe: without waiting jobs this trouble comes first.
    await program?.ask('work')
    await vi.waitFor(
      async () => {
        const { data } = await (console as Console).view(overviewView, environment(), operator, {})
        expect(data.attention.map(item => `${item.subject} ${item.text}`)).toContain(
          'mail waits for a dead letter in flow.children',
        )
      },
      { timeout: 12_000 },
    )
  } finally {
    await child.close()
  }
}, 30_000)
