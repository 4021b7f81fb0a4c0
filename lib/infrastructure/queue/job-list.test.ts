import { beforeEach, describe, expect, test } from 'vitest'
import { newQueue, testQueueServer } from '../testing/queue-server.ts'
import type { JobQuery, QueueAddress } from './index.ts'

// Jobs written as BullMQ writes them, so that every list and set can be had without a worker.

const { redis, server } = testQueueServer()
let queue: QueueAddress
let base: string

beforeEach(async () => {
  ;({ queue, base } = newQueue())
  await redis.hset(`${base}meta`, { version: 'bullmq:5.81.5' })
})

const write = (id: string, fields: Record<string, string> = {}) =>
  redis.hset(base + id, { name: 'work', data: '{}', opts: '{}', timestamp: '1', ...fields })
async function list(query: Partial<JobQuery>) {
  const page = await server.jobs(queue, { state: 'waiting', offset: 0, limit: 50, ...query })
  return { ...page, jobs: page.jobs.map(({ id }) => id) }
}

describe('a list', () => {
  test('of jobs being worked on: first the one taken first, each with what is left of its lock', async () => {
    for (const id of ['a', 'b', 'c']) await write(id)
    await redis.lpush(`${base}active`, 'a', 'b', 'c')
    await redis.set(`${base}b:lock`, 'token', 'PX', 60_000)
    expect(await list({ state: 'active' })).toMatchObject({ jobs: ['a', 'b', 'c'], total: 3, complete: true })
    const [free, held] = await Promise.all([server.job(queue, 'a'), server.job(queue, 'b')])
    expect(free).toMatchObject({ state: 'active' })
    expect(free).not.toHaveProperty('lockedForMs')
    expect(held?.lockedForMs).toBeGreaterThan(0)
  })

  test('of waiting jobs leaves out what wakes the workers of BullMQ 4, at both ends and in between', async () => {
    for (const id of ['a', 'b']) await write(id)
    await redis.rpush(`${base}wait`, '0:5', 'b', 'a', '0:0')
    expect(await list({})).toMatchObject({ jobs: ['a', 'b'], total: 2 })
    await redis.del(`${base}wait`)
    await redis.rpush(`${base}wait`, '0:6', '0:5', 'b')
    expect(await list({ filter: { name: 'work' } })).toMatchObject({ jobs: ['b'], total: 1 })
  })

  test('of a paused queue goes on in the other list', async () => {
    for (const id of ['a', 'b', 'c']) await write(id)
    await redis.lpush(`${base}wait`, 'a')
    await redis.lpush(`${base}paused`, 'b', 'c')
    expect(await list({ limit: 2 })).toMatchObject({ jobs: ['a', 'b'], total: 3 })
    expect(await list({ offset: 1, limit: 2 })).toMatchObject({ jobs: ['b', 'c'] })
  })
})

describe('a search', () => {
  test.each(['failed', 'waiting'] as const)(
    'among %s jobs finds an id beyond what is examined, and lists it first',
    async state => {
      for (const id of ['a', 'b', 'c', 'last']) await write(id)
      if (state === 'failed') await redis.zadd(`${base}failed`, 4, 'a', 3, 'b', 2, 'c', 1, 'last')
      else await redis.lpush(`${base}wait`, 'a', 'b', 'c', 'last')
      expect(await list({ state, filter: { q: 'last' }, examine: 2 })).toEqual({
        jobs: ['last'],
        total: 1,
        examined: 2,
        inState: 4,
        complete: false,
      })
      expect(await list({ state, filter: { q: 'work' }, examine: 4 })).toMatchObject({ jobs: ['a', 'b', 'c', 'last'] })
      expect(await list({ state: 'completed', filter: { q: 'last' } })).toMatchObject({ jobs: [], total: 0 })
    },
  )

  test('keeps the time at which a delayed job is due', async () => {
    await write('soon', { opts: '{"delay":5000}', delay: '5000' })
    await redis.zadd(`${base}delayed`, 1_700_000_000_000 * 4_096 + 7, 'soon')
    const { jobs } = await server.jobs(queue, { state: 'delayed', offset: 0, limit: 5, filter: { q: 'soon' } })
    expect(jobs).toMatchObject([{ id: 'soon', dueAt: 1_700_000_000_000 }])
  })

  test.each<[JobQuery['filter'], string[]]>([
    [{ error: 'hunter2' }, []],
    [{ q: 'hunter2' }, []],
    [{ error: 'Mailbox FULL' }, ['first', 'second']],
    [{ q: 'mailbox' }, ['first', 'second']],
    [{ q: 'second' }, ['second']],
    [{ q: 'REPORT' }, ['second']],
    [{ name: 'report' }, ['second']],
    [{ q: 'report', error: 'hunter2' }, []],
  ])(
    'for %j compares the error that its reader may see, so that nothing hidden can be guessed',
    async (filter, found) => {
      await write('first', { failedReason: 'mailbox full: password hunter2' })
      await write('second', { name: 'report', failedReason: 'mailbox full: password hunter2' })
      await redis.zadd(`${base}failed`, 2, 'first', 1, 'second')
      const seen = (error: string) => error.replace('hunter2', '***')
      expect((await list({ state: 'failed', filter, seen })).jobs).toEqual(found)
    },
  )
})

describe('a count', () => {
  /** Dead letters whose names are alternating; the options of the first ones are missing. */
  async function bury(count: number, broken: number) {
    const pipeline = redis.pipeline()
    for (let at = 0; at < count; at++) {
      const opts = at < broken ? {} : { opts: '{}' }
      pipeline.hset(`${base}${at}`, { name: at % 2 === 0 ? 'even' : 'odd', data: '{}', failedReason: 'x', ...opts })
      pipeline.zadd(`${base}failed`, at, String(at))
    }
    await pipeline.exec()
  }

  test('of everything is the size of the set, though only some were examined', async () => {
    await bury(500, 0)
    expect(await server.count(queue, 'replay', {}, { examine: 200 })).toMatchObject({
      count: 500,
      precision: 'exact',
      total: 500,
      examined: 200,
      refused: [],
    })
  })

  test('is an estimate from pieces spread over the set when there is a filter, or some would stay', async () => {
    await bury(500, 3)
    expect(await server.count(queue, 'replay', { name: 'odd' }, { examine: 200 })).toMatchObject({
      count: 248,
      precision: 'sampled',
      examined: 200,
      refused: [{ reason: 'it has no options', count: 1 }],
    })
    const all = await server.count(queue, 'replay', {}, { examine: 200 })
    expect(all).toMatchObject({ precision: 'sampled', refused: [{ reason: 'it has no options', count: 3 }] })
    expect(all.count).toBe(Math.round((197 / 200) * 500))
    expect(all.sample).toHaveLength(10)
  })

  test('lists the reasons for which jobs would stay, the most frequent first', async () => {
    await bury(10, 3)
    await redis.zadd(`${base}failed`, 99, 'gone')
    expect(await server.count(queue, 'replay', {})).toMatchObject({
      count: 7,
      precision: 'exact',
      refused: [
        { reason: 'it has no options', count: 3 },
        { reason: 'its data is missing', count: 1 },
      ],
    })
  })
})

describe('a job', () => {
  test('that is in no list has no state; one without options has a page that says so', async () => {
    await write('orphan')
    expect(await server.job(queue, 'orphan')).toMatchObject({ id: 'orphan', problems: [] })
    expect(await server.job(queue, 'orphan')).not.toHaveProperty('state')
    await redis.hset(`${base}bare`, { name: 'work', data: '{}' })
    await redis.lpush(`${base}wait`, 'bare')
    expect(await server.job(queue, 'bare')).toMatchObject({
      state: 'waiting',
      options: { bytes: 0 },
      problems: ['It has no options.'],
    })
  })

  test('whose parent is in no list that is searched has no place to lead to', async () => {
    await write('child', { parentKey: `${queue.prefix}:none:1` })
    await redis.lpush(`${base}wait`, 'child')
    const job = await server.job(queue, 'child')
    expect(job).toMatchObject({ parent: `${queue.prefix}:none:1` })
    expect(job).not.toHaveProperty('parentAt')
  })

  test('lists its children: dead letters it waits for first, then missing, waiting, failed and done ones', async () => {
    await write('parent')
    await redis.zadd(`${base}waiting-children`, 1, 'parent')
    for (const id of ['dead', 'ahead', 'done', 'ignored']) await write(id)
    await redis.zadd(`${base}failed`, 1, 'dead', 2, 'ignored')
    await redis.lpush(`${base}wait`, 'ahead')
    await redis.zadd(`${base}completed`, 1, 'done')
    const key = (id: string) => base + id
    await redis.sadd(`${key('parent')}:dependencies`, key('ahead'), key('missing'), key('dead'))
    await redis.hset(`${key('parent')}:processed`, key('done'), '1')
    await redis.hset(`${key('parent')}:failed`, key('ignored'), 'x')
    const { children } = (await server.job(queue, 'parent')) ?? {}
    expect(children).toMatchObject({ pending: 3, done: 1, failed: 1 })
    expect(
      children?.jobs.map(({ key, outcome, state, exists }) => [key.slice(base.length), outcome, state, exists]),
    ).toEqual([
      ['dead', 'pending', 'failed', true],
      ['missing', 'pending', undefined, false],
      ['ahead', 'pending', 'waiting', true],
      ['ignored', 'failed', 'failed', true],
      ['done', 'done', 'completed', true],
    ])
  })
})
