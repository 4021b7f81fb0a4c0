import { beforeEach, expect, test } from 'vitest'
import { newQueue, testQueueServer } from '../testing/queue-server.ts'
import type { QueueAddress } from './index.ts'

const { redis, server } = testQueueServer()
let queue: QueueAddress
let base: string

beforeEach(async () => {
  ;({ queue, base } = newQueue())
  await redis.hset(`${base}meta`, { version: 'bullmq:5.81.5' })
})

const optionsOf = async (id: string) => JSON.parse((await redis.hget(base + id, 'opts')) ?? 'null')

test('a job added by hand has the options that were given, and no others', async () => {
  expect(await server.addJob(queue, { name: 'work', data: '1' })).toEqual({ id: '1' })
  expect(await optionsOf('1')).toEqual({ attempts: 1 })
  const given = { id: 'mine', delayMs: 60_000, priority: 3, attempts: 2, keepCompleted: 5 }
  const backoff = { kind: 'fixed', delayMs: 10 } as const
  expect(await server.addJob(queue, { name: 'work', data: '1', ...given, backoff })).toEqual({ id: 'mine' })
  expect(await optionsOf('mine')).toEqual({
    attempts: 2,
    delay: 60_000,
    priority: 3,
    backoff: { type: 'fixed', delay: 10 },
    removeOnComplete: { count: 5 },
    jobId: 'mine',
  })
  expect(await redis.zscore(`${base}delayed`, 'mine')).not.toBeNull()
  expect(await server.addJob(queue, { name: 'work', data: '1', id: 'mine' })).toEqual({
    why: 'there is a job with this id',
  })
  await expect(server.addJob(queue, { name: 'work', data: '{' })).rejects.toMatchObject({ code: 'QUEUE_VALUE' })
})

test('a duplicate keeps priority and order, but not what ties the job to others', async () => {
  const write = (id: string, fields: Record<string, string>) => redis.hset(base + id, { data: '1', ...fields })
  await write('first', { name: 'work', opts: '{"lifo":true,"jobId":"first","attempts":3}', priority: 'none' })
  await write('urgent', { name: 'work', opts: '{"priority":4}', priority: '4' })
  expect(await server.duplicate(queue, 'first')).toEqual({ id: '1' })
  expect(await optionsOf('1')).toEqual({ lifo: true, attempts: 3 })
  expect(await server.duplicate(queue, 'urgent')).toEqual({ id: '2' })
  expect(await redis.zscore(`${base}prioritized`, '2')).not.toBeNull()
})

test('a job that is gone, or whose options cannot be read, has no duplicate', async () => {
  expect(await server.duplicate(queue, 'none')).toEqual({ why: 'there is no such job' })
  for (const opts of ['3', 'null', '{']) {
    await redis.hset(`${base}odd`, { name: 'work', opts })
    expect(await server.duplicate(queue, 'odd')).toEqual({ why: 'its options are not a JSON object' })
  }
})
