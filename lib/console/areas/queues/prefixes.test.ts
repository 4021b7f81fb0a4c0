import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { type QueueProgram, startQueueProgram } from '../../../infrastructure/testing/bullmq-program.ts'
import { createDatabase, startRedis, type TestRedis } from '../../../infrastructure/testing/servers.ts'
import type { Console } from '../../open.ts'
import type { Settings } from '../../platform/settings/port.ts'
import { actorOf, openTestConsole, testSettings } from '../../testing/open-test-console.ts'
import { finishedIn } from '../../testing/outcomes.ts'
import { overviewView } from '../overview/views/overview.ts'
import { BullBoard, Queues } from './resource.ts'
import { queueView } from './views/queue.ts'
import { queuesView } from './views/queues.ts'

// Every prefix that is found is shown, a declared list restricts, and a database number in the address is used everywhere.

let database: Awaited<ReturnType<typeof createDatabase>>
let server: TestRedis
let settings: Settings
let console: Console
const programs: QueueProgram[] = []
const operator = actorOf('operator')

beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  server = await startRedis()
  settings = testSettings({ databaseUrl: database.url, redisUrl: server.url })
})
afterEach(async () => {
  await console.close()
  for (const program of programs.splice(0)) await program.close()
  await server.close()
})

const environment = () => settings.environments[0]?.name ?? ''
const list = async (filters = {}) => (await console.view(queuesView, environment(), operator, filters)).data
async function open(watched: { url?: string; prefixes?: string[] } = {}) {
  settings.environments[0]?.redis.push({ name: 'main', url: server.url, ...watched })
  console = await openTestConsole(settings)
}
async function start(prefix: string, { name = 'mail', database: db = 0 } = {}) {
  const program = await startQueueProgram(6, { url: `${server.url}/${db}`, prefix, name })
  programs.push(program)
  await program.ask('add', { jobs: [{ name: 'work', data: { fail: 'mailbox full' }, opts: {} }] })
  return program
}
const keys = (expected: string[]) =>
  vi.waitFor(async () => expect((await list()).queues.map(({ key }) => key).toSorted()).toEqual(expected), {
    timeout: 10_000,
  })
async function act(operation: string, queue: string, input: object = {}) {
  const request = { environment: environment(), operation, input: { server: 'main', queue, ...input } }
  const { token } = await console.runner.preview(operator, request)
  return finishedIn(console, operator, await console.runner.run(operator, { ...request, token }))
}

test('queues under every prefix are shown without being declared, with the prefix in their titles, and can be acted on', async () => {
  await start('bull')
  const shop = await start('shop:eu')
  await open()
  await keys(['bull:mail', 'shop:eu:mail'])
  const { queues, servers } = await list({ sort: 'name' })
  expect(queues.map(({ title }) => title)).toEqual(['mail', 'shop:eu:mail'])
  expect(servers[0]?.search?.elsewhere).toEqual([])
  expect((await list({ q: 'shop:' })).queues).toHaveLength(1)
  const { data } = await console.view(overviewView, environment(), operator, {})
  const queued = data.attention.filter(item => item.area === 'queues')
  expect(queued.map(({ detail, subject }) => detail + subject).join()).toContain('shop:eu:mail')

  const paused = await act('queue.pause', 'shop:eu:mail')
  expect(paused).toMatchObject({ summary: 'Paused shop:eu:mail.', target: { name: 'shop:eu:mail' } })
  expect(await shop.ask('isPaused')).toBe(true)
  expect(await programs[0]?.ask('isPaused')).toBe(false)
})

test('a declared list restricts: queues under others are counted, not shown, and cannot be acted on', async () => {
  await start('bull')
  await start('shop')
  await open({ prefixes: ['shop'] })
  await keys(['shop:mail'])
  await vi.waitFor(async () =>
    expect((await list()).servers[0]?.search?.elsewhere).toEqual([{ prefix: 'bull', queues: 1 }]),
  )
  await expect(act('queue.pause', 'bull:mail')).rejects.toThrow('There is no queue bull:mail')
})

test('a database number in the address is used by search, workers, acts and Bull Board', async () => {
  const elsewhere = await start('bull')
  const here = await start('bull', { database: 3 })
  const redis = new Redis(`${server.url}/3`)
  try {
    await here.ask('work')
    await vi.waitFor(async () => expect(await redis.zcard('bull:mail:failed')).toBe(1), 10_000)
    await here.ask('rest')
    // Works in another database of the same server, on a queue of the same name.
    await elsewhere.ask('work', { concurrency: 2 })
    await start('only', { database: 0 })
    await open({ url: `${server.url}/3` })
    await vi.waitFor(async () => expect((await list({ server: 'main' })).queues).toHaveLength(1), 10_000)
    const [row] = (await list({ server: 'main' })).queues
    expect(row).toMatchObject({ key: 'bull:mail', counts: { failed: 1 }, workers: { known: true, value: 0 } })
    const run = await act('queue.replay', 'bull:mail', { which: { by: 'all' } })
    expect(run.status).toBe('succeeded')
    expect(await redis.llen('bull:mail:wait')).toBe(1)
    const detail = await console.view(queueView, environment(), operator, {
      server: 'main',
      queue: 'bull:mail',
      state: 'waiting',
    })
    expect(detail.data.jobs.status === 'up' && detail.data.jobs.data.total).toBe(1)
    const home = console.environment(environment())
    if (!home) throw new Error('the environment is not open')
    expect(home.of(Queues).servers.map(({ name }) => name)).toEqual(['fleet', 'main'])
    const board = await home.of(BullBoard).fetch(new Request(`http://x/${environment()}/queues/board/api/queues`))
    const { queues } = (await board.json()) as { queues: { name: string; counts: { waiting: number } }[] }
    expect(queues.find(({ name }) => name.startsWith('main '))?.counts).toMatchObject({ waiting: 1, failed: 0 })
  } finally {
    redis.disconnect()
  }
}, 30_000)
