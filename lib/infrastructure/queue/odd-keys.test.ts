import { beforeEach, describe, expect, test } from 'vitest'
import { newQueue, testQueueServer } from '../testing/queue-server.ts'
import { redisUrl } from '../testing/servers.ts'
import { createQueues, type QueueAddress } from './index.ts'

// Queues of which only some keys exist, or some are of another type.

const { redis, server } = testQueueServer()
let queue: QueueAddress
let base: string

beforeEach(() => {
  ;({ queue, base } = newQueue())
})

const reading = async () => (await server.readings([queue]))[0]

test('a queue without any key has no reading, and cannot be operated', async () => {
  expect(await reading()).toBeUndefined()
  await expect(server.pause(queue)).rejects.toMatchObject({
    code: 'QUEUE_JOB_MISSING',
    message: 'There is no queue mail',
  })
})

test.each([
  ['wait', 'waiting'],
  ['paused', 'waiting'],
  ['active', 'active'],
  ['delayed', 'delayed'],
  ['failed', 'failed'],
])('the key %s alone is enough for a reading', async (suffix, state) => {
  if (suffix === 'delayed' || suffix === 'failed') await redis.zadd(base + suffix, 1, 'a')
  else await redis.lpush(base + suffix, 'a')
  expect((await reading())?.counts).toMatchObject({ [state]: 1 })
})

test.each([
  ['wait', 'waiting'],
  ['paused', 'waiting'],
  ['active', 'active'],
  ['delayed', 'delayed'],
  ['prioritized', 'prioritized'],
  ['waiting-children', 'waiting-children'],
  ['completed', 'completed'],
  ['failed', 'failed'],
])('a key %s of another type makes only that count unknown', async (suffix, state) => {
  await redis.hset(`${base}meta`, { version: 'bullmq:6.0.0', concurrency: '3' })
  await redis.set(base + suffix, 'foreign')
  const read = await reading()
  expect(read?.concurrency).toBe(3)
  expect(read?.counts).not.toHaveProperty(state)
  expect(Object.keys(read?.counts ?? {})).toHaveLength(6)
  const queues = await createQueues({ redisUrl: redisUrl(), prefix: queue.prefix })
  await expect((await queues.queue('mail')).counts()).rejects.toMatchObject({ code: 'QUEUE_REFUSED' })
  await queues.close()
})

test('a dead letter of which only its name and options are left is still listed', async () => {
  await redis.hset(`${base}bare`, { name: 'work', opts: '{}', data: '1' })
  await redis.zadd(`${base}failed`, 1, 'bare')
  const queues = await createQueues({ redisUrl: redisUrl(), prefix: queue.prefix })
  const { jobs } = await (await queues.queue('mail')).deadLetters()
  expect(jobs).toMatchObject([{ id: 'bare', error: '', stacks: [], attempts: 1, priority: 0, delayMs: 0, failedAt: 0 }])
  await queues.close()
})

describe('schedulers', () => {
  test.each([
    [':id:::', { name: ':id:::' }],
    ['tick::::60000', { name: 'tick', everyMs: 60_000 }],
    [
      'tick::1900000000000:Europe/Berlin:0 3 * * *',
      { name: 'tick', endAt: 1_900_000_000_000, timeZone: 'Europe/Berlin', pattern: '0 3 * * *' },
    ],
  ])('the key %j of BullMQ 4 says all that is known', async (key, expected) => {
    await redis.zadd(`${base}repeat`, 1_000, key)
    expect(await server.schedulers(queue)).toEqual([{ key, nextAt: 1_000, ...expected }])
  })

  test('settings of another type are not read, those of a scheduler completely', async () => {
    await redis.zadd(`${base}repeat`, 1, 'foreign', 2, 'nightly')
    await redis.set(`${base}repeat:foreign`, 'x')
    await redis.hset(`${base}repeat:nightly`, {
      name: 'report',
      pattern: '0 3 * * *',
      tz: 'UTC',
      limit: '9',
      ic: 'many',
    })
    expect(await server.schedulers(queue)).toEqual([
      { key: 'foreign', name: 'foreign', nextAt: 1 },
      { key: 'nightly', name: 'report', nextAt: 2, pattern: '0 3 * * *', timeZone: 'UTC', limit: 9 },
    ])
    expect(await server.schedulers({ ...queue, name: 'none' })).toEqual([])
  })
})

test('thousands of events are counted to the end, and totals are reported where workers record them', async () => {
  const pipeline = redis.pipeline()
  for (let at = 0; at < 2_500; at++)
    pipeline.xadd(`${base}events`, '*', 'event', at % 5 === 0 ? 'failed' : 'completed', 'jobId', String(at))
  await pipeline.exec()
  const asked = { queue, cursor: '0-0' }
  const [counted] = await server.activity([asked])
  expect(counted).toMatchObject({ completed: 2_000, failed: 500, trimmed: false })
  expect(counted).not.toHaveProperty('recorded')
  await redis.hset(`${base}metrics:completed`, 'count', '7')
  expect(await server.activity([asked])).toMatchObject([{ recorded: { completed: 7, failed: 0 } }])
  await redis.del(`${base}metrics:completed`)
  await redis.hset(`${base}metrics:failed`, 'count', '3')
  expect(await server.activity([asked])).toMatchObject([{ recorded: { completed: 0, failed: 3 } }])
})

test('children of another type, or of parents whose set is, are not taken for dead letters', async () => {
  await redis.zadd(`${base}waiting-children`, 1, 'parent', 2, 'broken', 3, 'childless')
  await redis.sadd(`${base}parent:dependencies`, `${queue.prefix}:other:1`)
  await redis.set(`${base}broken:dependencies`, 'foreign')
  await redis.set(`${queue.prefix}:other:failed`, 'foreign')
  expect(await server.deadChildren(queue)).toBeUndefined()
  await redis.del(`${queue.prefix}:other:failed`)
  await redis.zadd(`${queue.prefix}:other:failed`, 1_234, '1')
  expect(await server.deadChildren(queue)).toEqual({
    parents: 1,
    examined: 3,
    queues: [{ key: `${queue.prefix}:other`, parents: 1 }],
    since: 1_234,
  })
})
