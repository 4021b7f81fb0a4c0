import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { newId } from '../../core/ids.ts'
import { type QueueProgram, startQueueProgram } from '../testing/bullmq-program.ts'
import { newQueue, testQueueServer } from '../testing/queue-server.ts'
import { redisUrl } from '../testing/servers.ts'
import { SINCE } from './adapters/bullmq-server/since.ts'
import type { QueueAddress, QueueMajor } from './index.ts'

const { redis, server } = testQueueServer()
let queue: QueueAddress
let base: string

beforeEach(() => {
  ;({ queue, base } = newQueue())
})

const delay = 600_000
const jobs = (count: number, opts: object = {}, data: object = {}) =>
  Array.from({ length: count }, (_, at) => ({ name: `job-${at % 2}`, data, opts: { delay, ...opts } }))
const delayed = () => redis.zrange(`${base}delayed`, 0, -1)

/** All steps of a run. */
async function promoteAll(run = newId(), filter = {}) {
  let step = await server.promoteNext(queue, run, filter)
  const refused = [...step.refused]
  for (let turn = 0; !step.finished && turn < 1_000; turn++) {
    step = await server.promoteNext(queue, run, filter)
    refused.push(...step.refused)
  }
  return { done: step.done, finished: step.finished, refused }
}

describe.each<QueueMajor>([4, 5, 6])('delayed jobs of BullMQ %i', major => {
  let program: QueueProgram
  beforeEach(async () => {
    program = await startQueueProgram(major, { url: redisUrl(), ...queue })
  })
  afterEach(() => program.close())

  const add = (list: object[]) => program.ask<string[]>('add', { jobs: list })
  const counts = async () => (await server.readings([queue]))[0]?.counts
  const done = () => program.ask<string[]>('done')

  test('a chosen one is promoted, and only once by a run whose answer was lost', async () => {
    const [chosen = ''] = await add(jobs(2))
    const run = newId()
    for (let asked = 0; asked < 2; asked++)
      expect(await server.promoteChosen(queue, run, [chosen, 'nonsense'])).toMatchObject({
        done: 1,
        refused: [{ id: 'nonsense', reason: 'there is no such job' }],
      })
    expect(await counts()).toMatchObject({ waiting: 1, delayed: 1 })
    expect(await redis.ttl(`${base}substation:${run}`)).toBeGreaterThan(0)
    expect((await server.promoteChosen(queue, newId(), [chosen])).refused[0]?.reason).toBe('it is no longer delayed')
    await program.ask('work')
    await vi.waitFor(async () => expect(await done()).toEqual([chosen]), 10_000)
  })

  test('is promoted as by its own library: list, score, field, events, and what wakes a worker', async () => {
    const look = async (id: string) => ({
      state: await program.ask('stateOf', { id }),
      // Since when it waits is noted besides.
      hash: { ...(await redis.hgetall(base + id)), timestamp: '', [SINCE]: '' },
      event: (await redis.xrevrange(`${base}events`, '+', '-', 'COUNT', 1))[0]?.[1].map(value =>
        value === id ? '' : value,
      ),
      head: (await redis.lindex(`${base}wait`, 0))?.replace(id, ''),
      marker: await redis.zrange(`${base}marker`, 0, -1, 'WITHSCORES'),
    })
    for (const opts of [{}, { priority: 5 }, { priority: 2_000_000 }]) {
      await redis.del(`${base}wait`, `${base}marker`)
      const [theirs = ''] = await add(jobs(1, opts))
      await redis.del(`${base}marker`)
      await program.ask('promote', { id: theirs })
      const expected = await look(theirs)
      await redis.del(`${base}wait`, `${base}marker`)
      // 4 has a marker for later in the list now.
      const [ours = ''] = await add(jobs(1, opts))
      await redis.del(`${base}marker`)
      expect(await promoteAll()).toEqual({ done: 1, finished: true, refused: [] })
      expect(await look(ours)).toEqual(expected)
      const [before, after] = await redis.zmscore(`${base}prioritized`, theirs, ours)
      if ('priority' in opts) expect(Number(after)).toBe(Number(before) + 1)
      else expect([before, after]).toEqual([null, null])
    }
  })

  test('all are promoted, first those that were due first, each by its priority', async () => {
    const later = await add(jobs(700, { delay: delay * 2 }))
    const sooner = await add(jobs(700))
    const [second = '', first = ''] = [
      ...(await add(jobs(1, { priority: 9 }))),
      ...(await add(jobs(1, { priority: 3 }))),
    ]
    expect(await server.count(queue, 'promote', {})).toMatchObject({ count: 1_402, precision: 'exact' })
    expect(await promoteAll()).toEqual({ done: 1_402, finished: true, refused: [] })
    expect(await counts()).toMatchObject({ waiting: 1_400, prioritized: 2, delayed: 0 })
    expect((await redis.lrange(`${base}wait`, 0, -1)).toReversed()).toEqual([...sooner, ...later])
    await program.ask('work', { concurrency: 20 })
    await vi.waitFor(async () => expect(await done()).toHaveLength(1_402), 15_000)
    expect((await done()).slice(-2)).toEqual([first, second])
  }, 40_000)

  test('an idle worker takes them at once, with and without a priority', async () => {
    await program.ask('work')
    for (const opts of [{}, { priority: 4 }]) {
      const before = (await done()).length
      const ids = await add(jobs(3, opts))
      // Long enough for the worker to have noticed them and to be idle again.
      await vi.waitFor(async () => expect(await counts()).toMatchObject({ delayed: 3, active: 0 }))
      await promoteAll()
      // On its own it checks only every five seconds.
      await vi.waitFor(async () => expect((await done()).slice(before)).toEqual(ids), 2_500)
    }
  })

  test('in a paused queue they wait in the list of its version, until it is resumed by its own library', async () => {
    await add([...jobs(3), ...jobs(2, { priority: 4 })])
    await program.ask('pause')
    await promoteAll()
    const [reading] = await server.readings([queue])
    expect(reading).toMatchObject({ paused: true, counts: { waiting: 3, prioritized: 2, delayed: 0 } })
    expect(reading?.inPausedList).toBe(major === 6 ? 0 : 3)
    expect(await redis.exists(`${base}marker`)).toBe(0)
    await program.ask('work')
    await program.ask('resume')
    await vi.waitFor(async () => expect(await done()).toHaveLength(5), 10_000)
  })

  test('one that is delayed again, or added, during the run is not promoted by it', async () => {
    const ids = await add(jobs(300, { attempts: 3, backoff: 60_000 }, { fail: 'no' }))
    const run = newId()
    expect(await server.promoteNext(queue, run, {})).toMatchObject({ finished: false })
    await program.ask('work', { concurrency: 20 })
    // They failed and wait for their next attempt, before those that have not been promoted yet.
    await vi.waitFor(async () => expect((await delayed()).indexOf(ids.at(-1) ?? '')).toBe(299), 10_000)
    const added = await add(jobs(10, { delay: 30_000 }))
    expect(await promoteAll(run)).toEqual({ done: 300, finished: true, refused: [] })
    await vi.waitFor(async () => expect((await delayed()).toSorted()).toEqual([...ids, ...added].toSorted()), 10_000)
    expect(await server.promoteNext(queue, run, {})).toMatchObject({ moved: 0, done: 300, finished: true })
    for (const id of [ids[0], ids[150], ids[299]]) expect((await server.job(queue, id ?? ''))?.attemptsMade).toBe(1)
    expect(await done()).toEqual([])
  }, 40_000)

  test.each([{ every: 10_000_000_000 }, { pattern: '0 0 1 1 *' }])(
    'the next job of a scheduler (%o) runs now, and is followed by the one after it at its time',
    async rule => {
      await program.ask('repeat', rule)
      await program.ask('work')
      // In 5 and 6 the first one runs at once.
      await vi.waitFor(async () => expect(await counts()).toMatchObject({ delayed: 1, waiting: 0, active: 0 }), 5_000)
      const before = (await done()).length
      const [next = ''] = await delayed()
      const dueAt = (await server.job(queue, next))?.dueAt ?? 0
      const run = newId()
      expect(await promoteAll(run)).toEqual({ done: 1, finished: true, refused: [] })
      await vi.waitFor(async () => expect((await done()).slice(before)).toEqual([next]), 5_000)
      const [after = '', ...others] = await delayed()
      expect(others).toEqual([])
      expect(after).not.toBe(next)
      expect((await server.job(queue, after))?.dueAt).toBeGreaterThan(dueAt + 3_500_000)
      expect(await server.schedulers(queue)).toHaveLength(1)
      expect(await server.promoteNext(queue, run, {})).toMatchObject({ moved: 0, done: 1, finished: true })
      // Again, by another run.
      await promoteAll()
      await vi.waitFor(async () => expect((await done()).slice(before)).toEqual([next, after]), 5_000)
      await vi.waitFor(async () => expect(await delayed()).toHaveLength(1), 5_000)
    },
  )

  test('chosen by name, and counted the same before', async () => {
    await add(jobs(20))
    expect(await server.count(queue, 'promote', { name: 'JOB-1' })).toMatchObject({
      count: 10,
      precision: 'exact',
      total: 20,
    })
    expect((await promoteAll(newId(), { name: 'JOB-1' })).done).toBe(10)
    expect(await counts()).toMatchObject({ delayed: 10, waiting: 10 })
  })
})

/** Jobs of a queue without workers, written by hand. */
async function write(hashes: Record<string, Record<string, string>>, version = 'bullmq:6.7.0') {
  await redis.hset(`${base}meta`, { version })
  for (const [id, fields] of Object.entries(hashes)) {
    await redis.hset(base + id, fields)
    await redis.zadd(`${base}delayed`, (Date.now() + delay) * 4_096, id)
  }
}
const sound = { name: 'work', data: '{}', opts: '{}', timestamp: '1' }

test('what no worker could read stays, each with its reason; an invalid priority is ignored', async () => {
  await write({
    sound,
    'no-json': { ...sound, opts: '{"delay":' },
    'no-options': { name: 'work', data: '{}' },
    'odd-priority': { ...sound, priority: 'much' },
  })
  await redis.set(`${base}string`, 'no hash')
  await redis.zadd(`${base}delayed`, 1, 'string', 2, 'gone')
  const { done, refused } = await promoteAll()
  expect(done).toBe(2)
  expect(refused).toEqual([
    { id: 'string', reason: 'its key contains something other than a job' },
    { id: 'gone', reason: 'its data is missing' },
    { id: 'no-json', reason: 'its options are not a JSON object' },
    { id: 'no-options', reason: 'it has no options' },
  ])
  expect((await delayed()).toSorted()).toEqual(['gone', 'no-json', 'no-options', 'string'])
  expect((await redis.lrange(`${base}wait`, 0, -1)).toSorted()).toEqual(['odd-priority', 'sound'])
})

test('a key of another type is refused before anything is moved', async () => {
  await write({ a: sound })
  await redis.set(`${base}prioritized`, 'not a set')
  await expect(server.promoteNext(queue, newId(), {})).rejects.toMatchObject({
    code: 'QUEUE_REFUSED',
    message: expect.stringContaining('prioritized'),
  })
  expect(await delayed()).toEqual(['a'])
})

test('thousands that are due at one moment are all noted once, even if the last one noted is removed', async () => {
  const ids = Array.from({ length: 1_800 }, (_, at) => `id-${String(at).padStart(4, '0')}`)
  await redis.hset(`${base}meta`, { version: 'bullmq:6.7.0' })
  const seed = redis.pipeline()
  for (const id of ids) seed.hset(base + id, sound).zadd(`${base}delayed`, 7e15, id)
  await seed.exec()
  const run = newId()
  const first = await server.promoteNext(queue, run, {})
  expect(first).toMatchObject({ moved: 0, finished: false })
  const noted = await redis.zcard(`${base}substation:${run}:delayed`)
  expect(noted).toBeLessThan(ids.length)
  await redis.zrem(`${base}delayed`, ids[noted - 1] ?? '')
  while ((await server.promoteNext(queue, run, {})).done === 0);
  // It is due at that moment too, and was added after all had been noted.
  await redis.hset(`${base}late`, sound)
  await redis.zadd(`${base}delayed`, 7e15, 'late')
  expect(await promoteAll(run)).toEqual({ done: 1_799, finished: true, refused: [] })
  expect(new Set(await redis.lrange(`${base}wait`, 0, -1)).size).toBe(1_799)
  expect(await delayed()).toEqual(['late'])
  expect(await redis.exists(`${base}substation:${run}:delayed`)).toBe(0)
})

test('none is skipped when the last one noted is delayed again', async () => {
  const ids = Array.from({ length: 700 }, (_, at) => `id-${at}`)
  await redis.hset(`${base}meta`, { version: 'bullmq:6.7.0' })
  const seed = redis.pipeline()
  for (const [at, id] of ids.entries()) seed.hset(base + id, sound).zadd(`${base}delayed`, 7e15 + at, id)
  await seed.exec()
  const run = newId()
  await server.promoteNext(queue, run, {})
  const [last = ''] = await redis.zrange(`${base}substation:${run}:delayed`, -1, -1)
  await redis.zadd(`${base}delayed`, 7e15 + 10_000, last)
  expect((await promoteAll(run)).done).toBe(700)
  expect(await delayed()).toEqual([])
})

test('a run whose list was lost does not report that it is over', async () => {
  await write(Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`j${at}`, sound])))
  const run = newId()
  const { done } = await server.promoteNext(queue, run, {})
  expect(done).toBeGreaterThan(0)
  await redis.del(`${base}substation:${run}:delayed`)
  await expect(server.promoteNext(queue, run, {})).rejects.toMatchObject({ code: 'QUEUE_REFUSED' })
  expect(await delayed()).toHaveLength(100 - done)
})

test('a change of the writer in the middle is followed, or refused when its rules are not known', async () => {
  await write({ a: sound, b: sound, c: sound }, 'bullmq:6.7.0')
  await redis.hset(`${base}meta`, 'paused', '1')
  const run = newId()
  expect(await server.promoteChosen(queue, run, ['a'])).toMatchObject({ moved: 1 })
  // While paused, 6 keeps jobs in `wait` and 5 in `paused`.
  await redis.hset(`${base}meta`, 'version', 'bullmq:5.81.5')
  expect(await server.promoteChosen(queue, run, ['b'])).toMatchObject({ moved: 1 })
  expect(await redis.lrange(`${base}wait`, 0, -1)).toEqual(['a'])
  expect(await redis.lrange(`${base}paused`, 0, -1)).toEqual(['b'])
  await redis.hset(`${base}meta`, 'version', 'bullmq:7.0.0')
  await expect(server.promoteNext(queue, run, {})).rejects.toMatchObject({ code: 'QUEUE_OTHER_MAJOR' })
  expect(await delayed()).toEqual(['c'])
})
