import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { createDatabase, startRedis, type TestRedis } from '../../../../infrastructure/testing/servers.ts'
import type { Console } from '../../../open.ts'
import { openTestConsole, testSettings } from '../../../testing/open-test-console.ts'
import { BullBoard } from '../resource.ts'

let database: Awaited<ReturnType<typeof createDatabase>>
let server: TestRedis
let redis: Redis
let console: Console
let name: string

beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  server = await startRedis()
  redis = new Redis(server.url, { maxRetriesPerRequest: null })
  redis.on('error', () => {})
})
afterEach(async () => {
  server.resume()
  redis.disconnect()
  await console.close()
  await server.close()
})

/** The queues exist before the console searches for them. */
async function open(...names: string[]) {
  const write = redis.pipeline()
  for (const queue of names) write.hset(`bull:${queue}:meta`, { version: 'bullmq:6.0.0' })
  write.lpush(`bull:${names[0]}:wait`, '1')
  write.hset(`bull:${names[0]}:1`, { name: 'work', data: '{}', opts: '{}', timestamp: '1' })
  await write.exec()
  const settings = testSettings({ databaseUrl: database.url, redisUrl: server.url })
  settings.environments[0]?.redis.push({ name: 'main', url: server.url })
  name = settings.environments[0]?.name ?? ''
  console = await openTestConsole(settings)
}

const ask = async (path = '') => {
  const environment = console.environment(name)
  if (!environment) throw new Error('no environment')
  return environment.of(BullBoard).fetch(new Request(`http://console.test/${name}/queues/board${path}`))
}
const listed = async () => {
  const answer = await ask('/api/queues')
  expect(answer.status).toBe(200)
  return ((await answer.json()) as { queues: { name: string; hasWorkers: unknown; counts: { waiting: number } }[] })
    .queues
}
const shows = (count: number) =>
  vi.waitFor(async () => expect(await listed()).toHaveLength(count), { timeout: 15_000, interval: 300 })

test('queues are shown without asking for workers, under every prefix, even one whose name contains a colon', async () => {
  await redis.hset('shop:mail:meta', { version: 'bullmq:6.0.0' })
  await redis.lpush('shop:mail:wait', '1', '2')
  await open('mail', 'orders:eu')
  await shows(3)
  const counts = (await listed()).map(({ name: shown, counts: { waiting } }) => [shown, waiting])
  expect(counts.toSorted()).toEqual([
    ['mail', 1],
    ['orders:eu', 0],
    ['shop:mail', 2],
  ])
  expect((await listed()).every(({ hasWorkers }) => hasWorkers === null)).toBe(true)
  const page = await (await ask()).text()
  expect(page).toContain('<title>Substation</title>')
  expect(page).toContain('Back to Substation')
  expect((await ask('/static/images/logo.svg')).status).toBe(200)
}, 40_000)

test('of more than two hundred the busiest are shown, and the title says so', async () => {
  await open(...Array.from({ length: 230 }, (_, at) => `q-${at}`))
  await shows(200)
  expect((await listed()).some(queue => queue.name === 'q-0')).toBe(true)
  expect(await (await ask()).text()).toContain('<title>Substation: 200 of 230 queues</title>')
}, 40_000)

test('a Redis that hangs or is down is reported as such, not shown as an empty board, and it comes back', async () => {
  await open('mail')
  await shows(1)
  const refused = async () => {
    const [api, page] = await Promise.all([ask('/api/queues'), ask()])
    expect([api.status, page.status]).toEqual([503, 503])
    expect(await page.text()).toMatch(/^Redis .*Bull Board is back when it answers\.$/)
    return ((await api.json()) as { error: string }).error
  }
  server.pause()
  expect(await refused()).toContain('Redis')
  server.resume()
  await vi.waitFor(async () => expect((await ask('/api/queues')).status).toBe(200), { timeout: 15_000, interval: 300 })
  await server.stop()
  expect(await vi.waitFor(refused, { timeout: 10_000, interval: 500 })).toContain('Redis main')
  await server.start()
  await vi.waitFor(async () => expect((await ask('/api/queues')).status).toBe(200), { timeout: 15_000, interval: 300 })
}, 60_000)
