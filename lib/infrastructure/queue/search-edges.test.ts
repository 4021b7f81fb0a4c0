import { beforeEach, expect, test } from 'vitest'
import { newQueue, testQueueServer } from '../testing/queue-server.ts'
import type { JobCondition, JobState, QueueAddress } from './index.ts'

const { redis, server } = testQueueServer()
let queue: QueueAddress
let base: string

beforeEach(async () => {
  ;({ queue, base } = newQueue())
  await redis.hset(`${base}meta`, { version: 'bullmq:5.81.5' })
})

const write = (id: string, fields: Record<string, string> = {}) =>
  redis.hset(base + id, { name: 'work', data: '{}', opts: '{}', timestamp: '1', ...fields })
const seen = { text: (text: string) => text.replace('secret', '***'), json: () => undefined }
const find = async (state: JobState, condition: JobCondition, hidden = false) => {
  const step = await server.searchNext(queue, { state, condition, largest: 9_999, ...(hidden ? { seen } : {}) })
  return step.jobs.map(({ id }) => id)
}

test('a delayed job is found by when it is due, any other is never due', async () => {
  await write('soon')
  await write('now')
  await redis.zadd(`${base}delayed`, 5_000 * 4_096 + 7, 'soon')
  await redis.lpush(`${base}wait`, 'now')
  const due: JobCondition = { test: 'number', field: 'due', is: '=', value: 5_000 }
  expect(await find('delayed', due)).toEqual(['soon'])
  expect(await find('waiting', due)).toEqual([])
})

test('a number that is missing or no number meets nothing', async () => {
  await write('a', { attemptsMade: 'many' })
  await write('b', { attemptsMade: '2' })
  await write('c', { atm: '3', attemptsMade: '0' })
  await write('d')
  await redis.rpush(`${base}wait`, 'a', 'b', 'c', 'd')
  expect(await find('waiting', { test: 'number', field: 'attempts', is: '>=', value: 2 })).toEqual(['b', 'c'])
})

test('what is hidden cannot be found, but the name can', async () => {
  await write('a', { name: 'secret', failedReason: 'secret', data: '{"to":"secret"}' })
  await redis.zadd(`${base}failed`, 1, 'a')
  const field = (name: 'name' | 'error', value: string): JobCondition => ({
    test: 'field',
    field: name,
    is: '=',
    value,
  })
  const everywhere: JobCondition = { any: [field('error', 'secret'), { not: { not: field('error', 'secret') } }] }
  expect(await find('failed', everywhere)).toEqual(['a'])
  expect(await find('failed', everywhere, true)).toEqual([])
  expect(await find('failed', field('name', 'secret'), true)).toEqual(['a'])
  const to: JobCondition = {
    test: 'json',
    field: 'data',
    path: ['to'],
    is: 'exists',
    value: { text: '', quoted: false },
  }
  expect(await find('failed', to)).toEqual(['a'])
  expect(await find('failed', to, true)).toEqual([])
})
