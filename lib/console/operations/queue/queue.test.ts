import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { eq, sql } from 'drizzle-orm'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { operationItem, operationRun } from '../../../../drizzle/schema/index.ts'
import { newId } from '../../../core/ids.ts'
import type { QueueMajor } from '../../../infrastructure/queue/index.ts'
import { type QueueStation, startQueueStation } from '../../../infrastructure/testing/bullmq-station.ts'
import { createDatabase, startRedis, type TestRedis } from '../../../infrastructure/testing/servers.ts'
import type { Console } from '../../open.ts'
import { RefusalError } from '../../refusal.ts'
import type { Settings } from '../../settings/port.ts'
import { actorOf, openTestConsole, testSettings } from '../../testing/open-test-console.ts'
import { jobView } from '../../views/job.ts'
import { queueView } from '../../views/queue.ts'
import { queuesView } from '../../views/queues.ts'
import type { Refusal, Run } from '../wire.ts'

let database: Awaited<ReturnType<typeof createDatabase>>
/** Its own: a hundred thousand jobs would make other tests' counts of keys estimates. */
let server: TestRedis
let redis: Redis
let settings: Settings
let console: Console
let station: QueueStation
let prefix: string
const operator = actorOf('operator')
const environment = () => settings.environments[0]?.name ?? ''

beforeAll(async () => {
  database = await createDatabase()
  server = await startRedis()
  redis = new Redis(server.url)
})
afterAll(async () => {
  redis.disconnect()
  await server.stop()
  await database.drop()
})
beforeEach(() => {
  prefix = `t-${newId()}`
  settings = testSettings({ databaseUrl: database.url, redisUrl: server.url })
  settings.environments[0]?.redis.push({ name: 'main', url: server.url, prefixes: [prefix] })
})
afterEach(async () => {
  await console.close()
  await station.close()
})

async function begin(major: QueueMajor) {
  station = await startQueueStation(major, { url: server.url, prefix, name: 'mail' })
  console = await openTestConsole(settings)
}

const where = () => ({ server: 'main', queue: `${prefix}:mail` })
const jobs = (count: number, opts: object = {}, data: object = {}) =>
  Array.from({ length: count }, (_, at) => ({ name: `job-${at % 2}`, data: { ...data, at }, opts }))
const length = (set: string) => redis.zcard(`${prefix}:mail:${set}`)

async function bury(count: number, message = 'mailbox full') {
  const ids: string[] = []
  for (let at = 0; at < count; at += 2_000)
    ids.push(
      ...(await station.ask<string[]>('add', { jobs: jobs(Math.min(2_000, count - at), {}, { fail: message }) })),
    )
  const before = await length('failed')
  await station.ask('work', { concurrency: 100 })
  await vi.waitFor(async () => expect(await length('failed')).toBe(before + count), { timeout: 30_000, interval: 50 })
  await station.ask('rest')
  return ids
}

/** Dead letters as BullMQ leaves them, written by Redis itself: so many could not be worked on to death in the time of a test. */
async function seedLetters(count: number): Promise<string[]> {
  const base = `${prefix}:mail:`
  const first = await redis.incr(`${base}id`)
  for (let at = first; at < first + count; at += 10_000) {
    const most = Math.min(10_000, first + count - at)
    await redis.eval(
      `for id = tonumber(ARGV[1]), tonumber(ARGV[1]) + tonumber(ARGV[2]) - 1 do
        local key = string.format('%.0f', id)
        redis.call('HSET', KEYS[1] .. key, 'name', 'job', 'data', '{}', 'opts', '{"attempts":1}', 'timestamp', ARGV[3], 'delay', 0, 'priority', 0,
          'atm', 1, 'ats', 1, 'processedOn', ARGV[3], 'finishedOn', ARGV[3], 'failedReason', 'mailbox full', 'stacktrace', '["Error: mailbox full"]')
        redis.call('ZADD', KEYS[1] .. 'failed', ARGV[3] + id, key)
      end`,
      1,
      base,
      at,
      most,
      Date.now() - 3_600_000,
    )
  }
  await redis.incrby(`${base}id`, count)
  return Array.from({ length: count }, (_, at) => String(first + at))
}

async function finished(run: Run): Promise<Run> {
  return vi.waitFor(
    async () => {
      const found = await console.runner.find(operator, run.environment, run.id)
      expect(found.finishedAt).toBeDefined()
      return found
    },
    { timeout: 20_000, interval: 30 },
  )
}

async function act(operation: string, input: object, actor = operator): Promise<Run> {
  const request = { environment: environment(), operation, input: { ...where(), ...input } }
  const { token, target, confirmation } = await console.runner.preview(actor, request)
  return finished(
    await console.runner.run(actor, {
      ...request,
      token,
      ...(confirmation === 'typed' ? { typedName: target.name } : {}),
    }),
  )
}

async function refusalOf(attempt: Promise<unknown>): Promise<Refusal> {
  const error = await attempt.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof RefusalError)) throw new Error(`was not refused: ${String(error)}`)
  return error.refusal
}

const look = async (state: string, filters: Record<string, string> = {}) => {
  const { data } = await console.view(queueView, environment(), operator, { ...where(), state, ...filters })
  if (data.queue.status !== 'up' || data.jobs.status !== 'up') throw new Error('the queue could not be read')
  return { row: data.queue.data.row, jobs: data.jobs.data }
}

describe.each<QueueMajor>([4, 5, 6])('a queue of BullMQ %i', major => {
  test('paused and resumed by acts, and each undone, while a producer runs: every job is done once', async () => {
    await begin(major)
    await station.ask('work', { concurrency: 5 })
    await station.ask('startProducing')
    const paused = await act('queue.pause', {})
    expect(paused).toMatchObject({ status: 'succeeded', summary: `Paused ${prefix}:mail.` })
    expect(await station.ask('isPaused')).toBe(true)
    expect((await look('waiting')).row).toMatchObject({ state: 'paused', paused: true, major, troubles: ['paused'] })
    expect((await refusalOf(act('queue.pause', {}))).message).toContain('paused already')
    await finished(await console.runner.undo(operator, environment(), paused.id))
    expect(await station.ask('isPaused')).toBe(false)
    const again = await act('queue.pause', {})
    const resumed = await act('queue.resume', {})
    // What has been resumed since is not offered to be resumed by an undo.
    expect((await console.runner.find(operator, environment(), again.id)).undo).toBeUndefined()
    await finished(await console.runner.undo(operator, environment(), resumed.id))
    expect(await station.ask('isPaused')).toBe(true)
    await act('queue.resume', {})
    const added = await station.ask<string[]>('stopProducing')
    await vi.waitFor(async () => expect((await station.ask<string[]>('done')).length).toBe(added.length), 15_000)
    expect((await station.ask<string[]>('done')).toSorted()).toEqual(added.toSorted())
  }, 60_000)

  test('its dead letters are listed, one is replayed, then those of one error, and they complete', async () => {
    await begin(major)
    const ids = await bury(6)
    await bury(3, 'smtp refused')
    for (const id of ids) await redis.hset(`${prefix}:mail:${id}`, 'data', '{"at":1}')
    const [first = ''] = ids
    expect((await look('failed')).jobs).toMatchObject({ total: 9, page: 0, complete: true })
    const one = await act('queue.replay', { which: { by: 'ids', ids: [first, 'nonsense'] } })
    expect(one).toMatchObject({ status: 'partial', items: { byStatus: { done: 1, refused: 1 } } })
    const preview = await console.runner.preview(operator, {
      environment: environment(),
      operation: 'queue.replay',
      input: { ...where(), which: { by: 'all', error: 'MAILBOX' } },
    })
    expect(preview).toMatchObject({ action: 'Replay 5 dead letters', affected: { count: 5, precision: 'exact' } })
    expect(preview.affected.sample[0]).toContain('mailbox full')
    expect(preview.warnings.join(' ')).toContain('No worker is there')
    const rest = await act('queue.replay', { which: { by: 'all', error: 'MAILBOX' } })
    expect(rest).toMatchObject({ status: 'succeeded', summary: `Replayed 5 jobs of ${prefix}:mail.` })
    await station.ask('work', { concurrency: 5 })
    await vi.waitFor(
      async () => expect((await station.ask<string[]>('done')).toSorted()).toEqual(ids.toSorted()),
      10_000,
    )
    expect(await length('failed')).toBe(3)
  }, 60_000)
})

test('a console killed in the middle of a replay of thousands: another goes on, none is lost and none doubled', async () => {
  await begin(6)
  const count = 100_000
  const ids = await seedLetters(count)
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', resolve('lib/console/testing/dying-console.ts')],
    { stdio: ['pipe', 'ignore', 'inherit'] },
  )
  // This console does not take the job from the one that is to die.
  await console.close()
  const request = { environment: environment(), operation: 'queue.replay', input: { ...where(), which: { by: 'all' } } }
  child.stdin.end(JSON.stringify({ step: 'never', settings, request }))
  const died = new Promise(done => child.once('exit', (_code, signal) => done(signal)))
  await vi.waitFor(async () => expect(await length('failed')).toBeLessThan(count - 1_000), {
    timeout: 20_000,
    interval: 1,
  })
  child.kill('SIGKILL')
  expect(await died).toBe('SIGKILL')
  const left = await length('failed')
  expect(left).toBeGreaterThan(1_000)

  console = await openTestConsole(settings)
  const { db } = console.store
  const ours = eq(operationRun.environment, environment())
  await db.update(operationRun).set({ heartbeatAt: sql`now() - interval '1 minute'` }).where(ours)
  await console.runner.reap()
  const run = await vi.waitFor(
    async () => {
      const [row] = await db.select().from(operationRun).where(ours)
      expect(row?.finishedAt).toBeTruthy()
      return row
    },
    { timeout: 30_000 },
  )
  expect(run).toMatchObject({ status: 'succeeded', summary: `Replayed 100,000 jobs of ${prefix}:mail.` })
  const ledger = await db
    .select()
    .from(operationItem)
    .where(eq(operationItem.runId, run?.id ?? ''))
  expect(ledger.map(item => item.status)).toEqual(Array(20).fill('done'))
  expect(ledger.map(item => item.key)).toEqual(expect.arrayContaining(['jobs 1 to 5,000', 'jobs 95,001 to 100,000']))
  // Each lies once where its workers take it from, and nowhere else.
  expect(await length('failed')).toBe(0)
  const waiting = await redis.lrange(`${prefix}:mail:wait`, 0, -1)
  expect(waiting.toSorted()).toEqual(ids.toSorted())
  // Those at the end of the list are worked on first: its own library takes them as its own.
  const started = waiting.slice(-2_000)
  await redis.ltrim(`${prefix}:mail:wait`, -2_000, -1)
  await station.ask('work', { concurrency: 100 })
  await vi.waitFor(async () => expect((await station.ask<string[]>('done')).length).toBe(2_000), {
    timeout: 30_000,
    interval: 200,
  })
  expect((await station.ask<string[]>('done')).toSorted()).toEqual(started.toSorted())
}, 120_000)

test('a set that has grown by more than a tenth since its preview is not replayed', async () => {
  await begin(6)
  await bury(10)
  const request = { environment: environment(), operation: 'queue.replay', input: { ...where(), which: { by: 'all' } } }
  const { token } = await console.runner.preview(operator, request)
  await bury(2)
  expect(await refusalOf(console.runner.run(operator, { ...request, token }))).toMatchObject({ code: 'set_grew' })
  expect(await length('failed')).toBe(12)
})

test('an aborted replay stops, says how far it came, and leaves the rest where it is', async () => {
  await begin(6)
  await bury(8_000)
  const request = { environment: environment(), operation: 'queue.replay', input: { ...where(), which: { by: 'all' } } }
  const { token } = await console.runner.preview(operator, request)
  const run = await console.runner.run(operator, { ...request, token })
  await vi.waitFor(async () => expect(await length('failed')).toBeLessThan(8_000), { timeout: 10_000, interval: 1 })
  await console.runner.abort(operator, environment(), run.id)
  const over = await finished(run)
  const left = await length('failed')
  expect(over.status).toBe('aborted')
  expect(over.summary).toContain(`Replayed ${(8_000 - left).toLocaleString('en')} jobs`)
  expect(left).toBeGreaterThan(0)
}, 60_000)

test('removing asks an administrator for the name of the queue, and takes data and logs along', async () => {
  await begin(5)
  await bury(4)
  const input = { which: { by: 'all' }, reason: 'cannot be mended' }
  expect(await refusalOf(act('queue.remove', input))).toMatchObject({ code: 'forbidden', needs: 'admin' })
  const request = { environment: environment(), operation: 'queue.remove', input: { ...where(), ...input } }
  const admin = actorOf('admin')
  const { token } = await console.runner.preview(admin, request)
  expect(await refusalOf(console.runner.run(admin, { ...request, token }))).toMatchObject({ code: 'confirmation' })
  expect(await act('queue.remove', input, admin)).toMatchObject({
    status: 'succeeded',
    summary: `Removed 4 jobs of ${prefix}:mail.`,
  })
  expect(await length('failed')).toBe(0)
  expect(await redis.keys(`${prefix}:mail:*:logs`)).toEqual([])
})

test('delayed jobs are promoted; one that is no longer delayed stays as it was', async () => {
  await begin(6)
  const [a = '', b = ''] = await station.ask<string[]>('add', { jobs: jobs(2, { delay: 600_000 }) })
  expect(await act('queue.promote', { ids: [a] })).toMatchObject({ status: 'succeeded' })
  expect(await act('queue.promote', { ids: [a, b] })).toMatchObject({
    status: 'partial',
    items: { byStatus: { done: 1, refused: 1 } },
  })
  await expect(act('queue.promote', { ids: [a] })).rejects.toThrow('That job is not delayed any more.')
  await expect(act('queue.replay', { which: { by: 'ids', ids: [a] } })).rejects.toThrow('That job is not a dead letter')
  const gone = { by: 'ids', ids: ['nobody'] }
  await expect(act('queue.remove', { which: gone, reason: 'a test' }, actorOf('admin'))).rejects.toThrow(
    'That job is not in this queue any more.',
  )
  await station.ask('work')
  await vi.waitFor(async () => expect(await station.ask('done')).toEqual([a, b]), 10_000)
})

test('a queue whose key has 600 characters and a job whose id has 1,000 can be acted on', async () => {
  await begin(6)
  const queue = `${prefix}:`.padEnd(600, 'n')
  const id = 'i'.repeat(1_000)
  await redis.hset(`${queue}:meta`, { version: 'bullmq:6.0.0' })
  await redis.hset(`${queue}:${id}`, { name: 'work', data: '{}', opts: '{}', timestamp: '1' })
  await redis.zadd(`${queue}:delayed`, 1, id)
  expect(await act('queue.promote', { queue, ids: [id] })).toMatchObject({ status: 'succeeded' })
  expect(await redis.lrange(`${queue}:wait`, 0, -1)).toEqual([id])
})

test('the search finds the queue, the list shows it with its rate, and a viewer does not see what sounds secret', async () => {
  await begin(6)
  const [id = ''] = await station.ask<string[]>('add', {
    jobs: [{ name: 'login', data: { user: 'ada', password: 'hunter2' }, opts: { delay: 600_000 } }],
  })
  const list = async () => (await console.view(queuesView, environment(), operator, {})).data
  await vi.waitFor(async () => expect((await list()).queues.map(row => row.key)).toEqual([`${prefix}:mail`]), 10_000)
  const { samples } = console.environment(environment())?.queues ?? {}
  await samples?.sample(AbortSignal.timeout(5_000))
  await station.ask('add', { jobs: jobs(20) })
  await station.ask('work')
  await vi.waitFor(async () => expect(await station.ask('done')).toHaveLength(20), 10_000)
  await vi.waitFor(async () => expect((await list()).queues[0]?.workers).toEqual({ known: true, value: 1 }), 8_000)
  const points = (await samples?.sample(AbortSignal.timeout(5_000))) ?? []
  expect(points).toEqual(
    expect.arrayContaining([
      { service: 'redis:main', series: `queue_waiting{queue="${prefix}:mail"}`, value: 0 },
      { service: 'redis:main', series: `queue_completed{queue="${prefix}:mail"}`, value: expect.any(Number) },
    ]),
  )
  // The console samples by itself too: what it has counted is not counted again, so there is work until a sample of ours meets some.
  let worked = 20
  await vi.waitFor(
    async () => {
      worked += 20
      await station.ask('add', { jobs: jobs(20) })
      await vi.waitFor(async () => expect(await station.ask('done')).toHaveLength(worked), 5_000)
      await samples?.sample(AbortSignal.timeout(5_000))
      const [row] = (await list()).queues
      expect(row?.rate.known && row.rate.value.completed).toBeGreaterThan(0)
    },
    { timeout: 15_000, interval: 500 },
  )
  const seen = async (role: 'viewer' | 'operator') =>
    JSON.stringify((await console.view(jobView, environment(), actorOf(role), { ...where(), id })).data)
  expect(await seen('operator')).toContain('hunter2')
  expect(await seen('viewer')).not.toContain('hunter2')
  expect(await seen('viewer')).toContain('ada')
})
