import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { newId } from '../../core/ids.ts'
import { readConfig } from '../config/index.ts'
import { createDatabase, redisUrl, startRedis } from '../testing/servers.ts'
import { createQueues, migrateQueues, queueConfig } from './index.ts'
import { queueContract } from './queue.contract.ts'

queueContract('memory', dependencies => createQueues({}, dependencies))
queueContract('BullMQ', dependencies => createQueues({ redisUrl: redisUrl(), prefix: `t-${newId()}` }, dependencies))

describe('in Postgres', () => {
  let database: Awaited<ReturnType<typeof createDatabase>>
  beforeAll(async () => {
    database = await createDatabase()
    await migrateQueues({ postgresUrl: database.url })
  })
  afterAll(() => database.drop())
  queueContract('BullMQ in Postgres', dependencies => createQueues({ postgresUrl: database.url }, dependencies))
})

test('without its tables, and without Postgres, it says what to do', async () => {
  const bare = await createDatabase()
  const queues = await createQueues({ postgresUrl: bare.url })
  const queue = await queues.queue('mail')
  await expect(queue.add('x', 1)).rejects.toMatchObject({
    code: 'QUEUE_REFUSED',
    nextStep: expect.stringContaining('migrateQueues'),
  })
  await migrateQueues({ postgresUrl: bare.url })
  await migrateQueues({ postgresUrl: bare.url })
  await queues.close({ timeoutMs: 100 })
  const again = await createQueues({ postgresUrl: bare.url })
  expect(await (await again.queue('mail')).add('x', 1)).toEqual({ id: expect.any(String) })
  await again.close({ timeoutMs: 100 })
  await bare.drop()

  const nowhere = 'postgres://127.0.0.1:1/none'
  const away = await createQueues({ postgresUrl: nowhere, timeoutMs: 2_000 })
  await expect((await away.queue('mail')).counts()).rejects.toMatchObject({
    code: 'QUEUE_UNREACHABLE',
    retryable: true,
  })
  await expect(migrateQueues({ postgresUrl: nowhere })).rejects.toMatchObject({ code: 'QUEUE_UNREACHABLE' })
  await away.close({ timeoutMs: 100 })
  await expect(createQueues({ postgresUrl: nowhere, redisUrl: redisUrl() })).rejects.toMatchObject({
    code: 'QUEUE_VALUE',
  })
})

test('a connection that was passed in stays open', async () => {
  const redis = new Redis(redisUrl(), { maxRetriesPerRequest: null })
  const queues = await createQueues({ prefix: `t-${newId()}` }, { redis })
  const queue = await queues.queue('mail')
  const handler = vi.fn()
  await queues.work('mail', handler)
  await queue.add('x', 1)
  await vi.waitFor(() => expect(handler).toHaveBeenCalled())
  await queues.close()
  expect(await redis.ping()).toBe('PONG')
  redis.disconnect()
})

test('a queue in memory that has been closed takes no more jobs', async () => {
  const queues = await createQueues()
  const queue = await queues.queue('mail')
  await queues.close()
  await expect(queue.add('x', 1)).rejects.toMatchObject({
    code: 'QUEUE_CLOSED',
    message: 'The queue mail has been closed',
  })
  expect(await queue.counts()).toMatchObject({ waiting: 0 })
})

test('in memory a job whose copy cannot be added is a dead letter all the same, and the worker says why', async () => {
  const queues = await createQueues()
  const [queue, dead] = [await queues.queue('mail'), await queues.queue('mail-dead')]
  await dead.close()
  const worker = await queues.work('mail', () => Promise.reject('no luck'), { deadLetterQueue: 'mail-dead' })
  await queue.add('x', 1)
  await vi.waitFor(async () => expect(await queue.counts()).toMatchObject({ failed: 1 }))
  expect(worker.report().lastError).toMatchObject({ message: 'The queue mail-dead has been closed' })
  await queues.close()
})

test('a connection with a keyPrefix is refused', async () => {
  const redis = new Redis(redisUrl(), { keyPrefix: 'x:', lazyConnect: true })
  await expect(createQueues({}, { redis })).rejects.toMatchObject({ code: 'QUEUE_VALUE' })
  redis.disconnect()
})

test('a queue last used by BullMQ 5 is neither paused nor resumed; its jobs in the paused list are counted', async () => {
  const prefix = `t-${newId()}`
  const redis = new Redis(redisUrl())
  const queues = await createQueues({ redisUrl: redisUrl(), prefix })
  const queue = await queues.queue('old')
  await queue.add('x', 1)
  await redis.hset(`${prefix}:old:meta`, 'version', 'bullmq:5.81.5')
  await redis.lpush(`${prefix}:old:paused`, 'a', 'b')
  await expect(queue.pause()).rejects.toMatchObject({
    code: 'QUEUE_OTHER_MAJOR',
    nextStep: expect.stringContaining('BullMQ 5'),
  })
  await expect(queue.resume()).rejects.toMatchObject({ code: 'QUEUE_OTHER_MAJOR' })
  expect(await queue.counts()).toMatchObject({ waiting: 3 })
  await queues.close()
  redis.disconnect()
})

test('resuming empties a long paused list that BullMQ 5 left', async () => {
  const prefix = `t-${newId()}`
  const redis = new Redis(redisUrl())
  const queues = await createQueues({ redisUrl: redisUrl(), prefix })
  const queue = await queues.queue('long')
  await queue.add('x', 1)
  await redis.lpush(`${prefix}:long:paused`, ...Array.from({ length: 15_000 }, (_, i) => `old-${i}`))
  await queue.resume()
  expect(await redis.llen(`${prefix}:long:paused`)).toBe(0)
  expect(await queue.counts()).toMatchObject({ waiting: 15_001 })
  await redis.del(`${prefix}:long:wait`)
  await queues.close()
  redis.disconnect()
})

test('while Redis is down calls fail in time, and workers go on automatically when it is back', async () => {
  const server = await startRedis({ persist: true })
  const queues = await createQueues({ redisUrl: server.url, timeoutMs: 500 })
  const queue = await queues.queue('mail')
  const handler = vi.fn()
  const worker = await queues.work('mail', handler)
  await queue.add('x', 1)
  await vi.waitFor(() => expect(handler).toHaveBeenCalledTimes(1))
  server.pause()
  await expect(queue.counts()).rejects.toMatchObject({ code: 'QUEUE_UNREACHABLE', retryable: true })
  server.resume()
  await server.stop()
  await vi.waitFor(async () =>
    expect(await queue.add('x', 2).catch((e: unknown) => e)).toMatchObject({ code: 'QUEUE_UNREACHABLE' }),
  )
  await vi.waitFor(() => expect(worker.report().lastError).toBeDefined())
  await server.start()
  await vi.waitFor(async () => expect((await queue.add('x', 3)).id).toBeDefined(), 10_000)
  await vi.waitFor(() => expect(handler.mock.calls.length).toBeGreaterThanOrEqual(2), 15_000)
  await queues.close()
  await server.close()
}, 40_000)

test('queues of a Redis that was never reachable can be closed', async () => {
  const queues = await createQueues({ redisUrl: 'redis://127.0.0.1:1', timeoutMs: 300 })
  const queue = await queues.queue('mail')
  await expect(queue.counts()).rejects.toMatchObject({ code: 'QUEUE_UNREACHABLE' })
  await queues.close()
})

test('the environment configures it', () => {
  expect(readConfig({ queue: queueConfig }, { QUEUE_REDIS_URL: 'rediss://h:1' }).queue).toEqual({
    redisUrl: 'rediss://h:1',
    prefix: 'bull',
    timeoutMs: 5_000,
  })
  expect(readConfig({ queue: queueConfig }, {}).queue).not.toHaveProperty('redisUrl')
  expect(() => readConfig({ queue: queueConfig }, { QUEUE_PREFIX: 'a:b' })).toThrow('QUEUE_PREFIX')
})
