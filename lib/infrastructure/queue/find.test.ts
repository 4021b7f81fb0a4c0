import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { startRedis, type TestRedis } from '../testing/servers.ts'
import { openQueueServer, type QueueServer } from './index.ts'

// On a Redis of their own: how many keys and connections there are matters.

let own: TestRedis
let redis: Redis
let server: QueueServer

beforeAll(async () => {
  own = await startRedis()
  redis = new Redis(own.url)
  server = openQueueServer(redis)
})
afterEach(() => redis.flushall())
afterAll(async () => {
  redis.disconnect()
  await own.close()
})

async function writeQueues(count: number, prefix: (at: number) => string) {
  const pipeline = redis.pipeline()
  for (let at = 0; at < count; at++) pipeline.hset(`${prefix(at)}:mail${at}:meta`, 'version', 'bullmq:6.0.0')
  await pipeline.exec()
}

test('a scan that runs out of time says where to go on, and all of them together find every queue once', async () => {
  await writeQueues(3_000, () => 'bull')
  const found: string[] = []
  let from: string | undefined
  let scans = 0
  do {
    const part = await server.find({ budgetMs: 0, ...(from === undefined ? {} : { from }) })
    found.push(...part.queues.map(({ name }) => name))
    from = part.next
    scans++
  } while (from !== undefined)
  expect(scans).toBeGreaterThan(1)
  expect(new Set(found).size).toBe(3_000)
})

test('beyond ten thousand foreign prefixes only the number of their queues is kept', async () => {
  await writeQueues(10_005, at => `p${at}`)
  const { queues, elsewhere, elsewhereRest } = await server.find({ prefixes: ['mine'] })
  expect([queues.length, elsewhere.length, elsewhereRest]).toEqual([0, 10_000, 5])
})

test('a name without a prefix is no queue, and an aborted scan ends with the reason', async () => {
  await redis.hset(':mail:meta', 'version', 'bullmq:6.0.0')
  expect(await server.find({})).toMatchObject({ queues: [], elsewhere: [], candidates: 1 })
  await expect(server.find({ signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' })
})

test('workers of other databases and of other libraries are not listed; one without a name is counted', async () => {
  const name = `bull:${Buffer.from('mail').toString('base64')}`
  const connections = [
    new Redis(own.url, { connectionName: `${name}:w:here` }),
    new Redis(own.url, { connectionName: `${name}:w:elsewhere`, db: 1 }),
    new Redis(own.url, { connectionName: 'app:web' }),
    new Redis(own.url),
  ]
  try {
    await Promise.all(connections.map(connection => connection.ping()))
    void connections[3]?.bzpopmin('bull:mail:marker', 0).catch(() => undefined)
    await vi.waitFor(async () => expect((await server.workers()).unnamed).toBe(1))
    const { byQueue } = await server.workers()
    expect([...byQueue].map(([key, found]) => [key, found.map(worker => worker.name)])).toEqual([
      ['bull:mail', ['here']],
    ])
  } finally {
    for (const connection of connections) connection.disconnect()
  }
})
