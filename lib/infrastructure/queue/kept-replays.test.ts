import { beforeEach, describe, expect, test } from 'vitest'
import { newQueue, testQueueServer } from '../testing/queue-server.ts'
import { CANCELS } from './adapters/bullmq-scripts.ts'
import type { QueueAddress } from './index.ts'

// Dead letters written as BullMQ writes them; what a worker would do to them is written too.

const { redis, server } = testQueueServer()
let queue: QueueAddress
let base: string

beforeEach(async () => {
  ;({ queue, base } = newQueue())
  await redis.hset(`${base}meta`, { version: 'bullmq:5.81.5' })
})

async function dead(id: string, fields: Record<string, string> = {}) {
  await redis.hset(base + id, {
    name: 'work',
    data: '{"to":"a"}',
    opts: '{}',
    timestamp: '1',
    failedReason: 'refused',
    processedOn: '2',
    finishedOn: '3',
    atm: '1',
    ...fields,
  })
  await redis.zadd(`${base}failed`, 3, id)
}

describe('a kept replay', () => {
  test('moves dead letters once, with no request to cancel them, remembers them, and puts back those that no worker has begun', async () => {
    for (const id of ['a', 'b']) await dead(id)
    await redis.hset(base + CANCELS, { a: '2', another: '2' })
    expect(await server.replayKeeping(queue, 'run', ['a', 'b', 'none'])).toMatchObject({
      moved: 2,
      refused: [{ id: 'none', reason: 'there is no such job' }],
    })
    expect(await redis.hkeys(base + CANCELS)).toEqual(['another'])
    expect(await server.replayKeeping(queue, 'run', ['a'])).toMatchObject({ moved: 0, done: 2, refused: [] })
    expect(await server.movedBy(queue, 'run', 1, 5)).toEqual(['b'])
    await redis.hset(`${base}b`, 'processedOn', '9')
    expect(await server.returnWaiting(queue, 'run', ['a', 'b'])).toMatchObject({
      moved: 1,
      refused: [{ id: 'b', reason: 'a worker had begun it' }],
    })
    expect(await redis.zscore(`${base}failed`, 'a')).toBe('3')
    expect(await redis.hget(`${base}a`, 'failedReason')).toBe('refused')
  })

  test('replaces the data that was edited, only when it is still as it was read', async () => {
    for (const id of ['a', 'b', 'c']) await dead(id)
    const to = '{"to":"b"}'
    const step = await server.replayKeeping(
      queue,
      'run',
      ['a', 'b', 'c'],
      [
        { id: 'a', from: '{"to":"a"}', to },
        { id: 'b', from: '{"to":"older"}', to },
      ],
    )
    expect(step).toMatchObject({
      moved: 2,
      refused: [{ id: 'b', reason: 'its data has changed since it was read' }],
    })
    expect(await redis.hget(`${base}a`, 'data')).toBe(to)
    expect(await redis.hget(`${base}c`, 'data')).toBe('{"to":"a"}')
  })

  test('tells the fate of each job, with the error of one that failed again', async () => {
    const ids = ['waits', 'works', 'done', 'again', 'silent', 'other', 'gone']
    for (const id of ids) await dead(id)
    await server.replayKeeping(queue, 'run', ids)
    await redis.hset(`${base}works`, 'processedOn', '9')
    await redis.zadd(`${base}completed`, 9, 'done')
    await redis.zadd(`${base}failed`, 9, 'again', 9, 'silent')
    await redis.hset(`${base}again`, 'failedReason', 'x'.repeat(600))
    await redis.del(`${base}gone`)
    await server.toDeadLetters(queue, 'other', 'by hand')
    await server.replayKeeping(queue, 'later', ['other'])
    expect(await server.outcomesOf(queue, 'run', ids)).toEqual([
      { id: 'waits', state: 'waiting' },
      { id: 'works', state: 'active' },
      { id: 'done', state: 'completed' },
      { id: 'again', state: 'failed', error: 'x'.repeat(500) },
      { id: 'silent', state: 'failed' },
      { id: 'other', state: 'moved-on' },
      { id: 'gone', state: 'gone' },
    ])
    expect(await server.outcomesOf(queue, 'run', [])).toEqual([])
  })
})

describe('finished jobs', () => {
  test('are those of the events after a cursor, with what failed and why', async () => {
    expect(await server.finishedAfter(queue, '5-0')).toEqual({ cursor: '5-0', completed: [], failed: [], more: false })
    const event = (id: string, ...fields: string[]) => redis.xadd(`${base}events`, id, ...fields)
    await event('1-0', 'event', 'completed', 'jobId', 'early')
    await event('2-0', 'event', 'drained')
    await event('3-0', 'event', 'completed', 'jobId', 'a')
    await event('4-0', 'event', 'waiting', 'jobId', 'b')
    await event('5-0', 'event', 'failed', 'jobId', 'b', 'failedReason', 'y'.repeat(600))
    await event('6-0', 'event', 'failed', 'jobId', 'c')
    expect(await server.finishedAfter(queue, '1-0')).toEqual({
      cursor: '6-0',
      completed: ['a'],
      failed: [
        { id: 'b', error: 'y'.repeat(500) },
        { id: 'c', error: '' },
      ],
      more: false,
    })
  })

  test('cannot be read where the key of the events is of another type', async () => {
    await redis.set(`${base}events`, 'foreign')
    await expect(server.finishedAfter(queue, '0-0')).rejects.toThrow()
  })
})

describe('dead letters for a file', () => {
  test('are kept with their own fields, without those too large, and without what is none', async () => {
    await dead('a', { big: 'x'.repeat(200), 'substation:run': 'earlier' })
    await dead('b')
    await redis.del(`${base}b`)
    await redis.zadd(`${base}failed`, 4, 'text', 5, 'empty', 6, 'huge')
    await redis.set(`${base}text`, 'foreign')
    await redis.hset(`${base}huge`, 'data', 'x'.repeat(200))
    await redis.hset(`${base}waits`, 'name', 'work')
    const kept = await server.keptDeadLetters(queue, ['a', 'b', 'text', 'empty', 'huge', 'waits'], 100)
    expect(kept).toEqual([{ id: 'a', failedAt: 3, fields: expect.objectContaining({ name: 'work' }) }])
    expect(Object.keys(kept[0]?.fields ?? {})).not.toContain('big')
    expect(Object.keys(kept[0]?.fields ?? {})).not.toContain('substation:run')
    expect(await server.keptDeadLetters(queue, [], 100)).toEqual([])
  })

  test('cannot be read where the key of the dead letters is of another type', async () => {
    await redis.set(`${base}failed`, 'foreign')
    await expect(server.keptDeadLetters(queue, ['a'], 100)).rejects.toThrow()
  })

  test('are added once in a run, and refused where the queue has a job with that id', async () => {
    await dead('taken')
    const fields = { name: 'work', data: '1', opts: '{}' }
    const jobs = ['7', 'taken', 'meta'].map(id => ({ id, failedAt: 12, fields }))
    expect(await server.importDeadLetters(queue, 'run', jobs)).toMatchObject({
      moved: 1,
      refused: [
        { id: 'taken', reason: 'the queue has a job with its id' },
        { id: 'meta', reason: 'its id is not one of a job of this queue' },
      ],
    })
    expect(await server.importDeadLetters(queue, 'run', jobs.slice(0, 1))).toMatchObject({ moved: 0, refused: [] })
    expect(await redis.get(`${base}id`)).toBe('7')
    expect(await redis.hgetall(`${base}7`)).toMatchObject(fields)
    expect(await redis.zscore(`${base}failed`, '7')).toBe('12')
  })
})
