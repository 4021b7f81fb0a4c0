import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { newId } from '../../core/ids.ts'
import { type QueueProgram, startQueueProgram } from '../testing/bullmq-program.ts'
import { newQueue, testQueueServer } from '../testing/queue-server.ts'
import { redisUrl } from '../testing/servers.ts'
import type { QueueAddress, QueueMajor } from './index.ts'

const { redis, server } = testQueueServer()

const MAJORS: QueueMajor[] = [4, 5, 6]
const jobs = (count: number, opts: object = {}, data: object = {}) =>
  Array.from({ length: count }, (_, at) => ({ name: `job-${at % 2}`, data: { ...data, at }, opts }))

describe.each(MAJORS)('a queue of BullMQ %i of a foreign program', major => {
  let queue: QueueAddress
  let program: QueueProgram

  beforeEach(async () => {
    ;({ queue } = newQueue())
    program = await startQueueProgram(major, { url: redisUrl(), ...queue })
  })
  afterEach(() => program.close())

  const reading = async () => {
    const [found] = await server.readings([queue])
    return found
  }
  /** Fails so many jobs and waits until they are dead letters. */
  async function bury(count: number, opts: object = {}, message = 'mailbox full') {
    const ids = await program.ask<string[]>('add', { jobs: jobs(count, opts, { fail: message }) })
    await program.ask('work', { concurrency: 20 })
    await vi.waitFor(async () => expect((await reading())?.counts.failed).toBe(count), 10_000)
    await program.ask('rest')
    return ids
  }

  test('is found, and read by state as its own library counts it', async () => {
    await program.ask('add', { jobs: [...jobs(3), ...jobs(2, { delay: 60_000 }), ...jobs(4, { priority: 2 })] })
    const found = await server.find({ prefixes: [queue.prefix] })
    expect(found.queues).toEqual([queue])
    const counts = await program.ask<Record<string, number>>('counts')
    expect(await reading()).toMatchObject({
      writer: { major },
      paused: false,
      counts: { waiting: 3, delayed: 2, prioritized: 4, active: 0, completed: 0, failed: 0, 'waiting-children': 0 },
      inPausedList: 0,
    })
    expect(counts).toMatchObject({ waiting: 3, delayed: 2, prioritized: 4 })
    const { waitingSince = 0, nextDueAt = 0 } = (await reading()) ?? {}
    expect(Math.abs(Date.now() - waitingSince)).toBeLessThan(5_000)
    expect(nextDueAt - Date.now()).toBeGreaterThan(50_000)
  })

  test('its workers are listed, and it is known when there are none', async () => {
    const key = `${queue.prefix}:${queue.name}`
    expect((await server.workers()).byQueue.get(key)).toBeUndefined()
    await program.ask('work', { options: major === 4 ? {} : { name: 'mailer' } })
    await vi.waitFor(async () => expect((await server.workers()).byQueue.get(key)).toHaveLength(1))
    const [worker] = (await server.workers()).byQueue.get(key) ?? []
    if (major > 4) expect(worker?.name).toBe('mailer')
  })

  test('a job is shown with its data, options, error, stack, log and times', async () => {
    const [id = ''] = await bury(1, { attempts: 2, backoff: 1 })
    const page = await server.jobs(queue, { state: 'failed', offset: 0, limit: 10 })
    expect(page).toMatchObject({ total: 1, jobs: [{ id, name: 'job-0', attempts: 2, attemptsMade: 2, problems: [] }] })
    const job = await server.job(queue, id)
    expect(job).toMatchObject({ id, state: 'failed', error: { text: 'mailbox full' }, logs: { total: 2 } })
    expect(JSON.parse(job?.data.text ?? '')).toEqual({ fail: 'mailbox full', at: 0 })
    expect(JSON.parse(job?.stacks.text ?? '')).toHaveLength(2)
    expect(job?.finishedAt).toBeGreaterThan(job?.addedAt ?? Number.POSITIVE_INFINITY)
  })

  test('reading writes nothing', async () => {
    await program.ask('add', { jobs: [...jobs(2), ...jobs(1, { delay: 60_000 })] })
    const dump = async () => {
      const keys = (await redis.keys(`${queue.prefix}:*`)).sort()
      return Promise.all(keys.map(async key => [key, await redis.dumpBuffer(key)]))
    }
    const before = await dump()
    await server.readings([queue])
    await server.workers()
    for (const state of ['waiting', 'delayed', 'failed'] as const)
      await server.jobs(queue, { state, offset: 0, limit: 10, filter: { q: 'job' } })
    await server.job(queue, '1')
    await server.schedulers(queue)
    await server.activity([{ queue }])
    await server.deduplications(queue, { budgetMs: 10_000, limit: 200 })
    await server.heldBack(queue)
    await server.finishedTimes(queue)
    await server.eventsOf(queue, '1')
    await server.count(queue, 'replay', { error: 'x' })
    expect(await dump()).toEqual(before)
  })

  test('paused and resumed repeatedly while a producer runs, no job is lost and none is done twice', async () => {
    await program.ask('work', { concurrency: 5 })
    await program.ask('startProducing')
    for (let round = 0; round < 5; round++) {
      expect(await server.pause(queue)).toBe(true)
      expect(await server.pause(queue)).toBe(false)
      expect(await program.ask('isPaused')).toBe(true)
      // Long enough for jobs to be added while it is paused.
      await vi.waitFor(async () => expect((await reading())?.counts.waiting).toBeGreaterThan(10), 5_000)
      const now = await reading()
      expect(now?.inPausedList).toBe(major === 6 ? 0 : now?.counts.waiting)
      expect(await server.resume(queue)).toBe(true)
      expect(await program.ask('isPaused')).toBe(false)
    }
    const added = await program.ask<string[]>('stopProducing')
    await vi.waitFor(async () => expect((await program.ask<string[]>('done')).length).toBe(added.length), 15_000)
    expect((await program.ask<string[]>('done')).toSorted()).toEqual(added.toSorted())
    expect(await reading()).toMatchObject({ paused: false, counts: { waiting: 0 }, inPausedList: 0 })
  }, 40_000)

  test('while paused no job starts; its own library agrees, and resuming wakes its idle worker', async () => {
    await program.ask('work')
    await server.pause(queue)
    await program.ask('add', { jobs: [...jobs(3), ...jobs(2, { priority: 3 }), ...jobs(1, { delay: 1 })] })
    expect(await program.ask('isPaused')).toBe(true)
    expect(await program.ask('done')).toEqual([])
    await server.resume(queue)
    await vi.waitFor(async () => expect(await program.ask('done')).toHaveLength(6), 10_000)
  })

  test('a queue paused by its own library is resumed here, and vice versa', async () => {
    await program.ask('add', { jobs: jobs(5) })
    await program.ask('pause')
    expect(await reading()).toMatchObject({ paused: true, counts: { waiting: 5 } })
    await server.resume(queue)
    await server.pause(queue)
    await program.ask('resume')
    await program.ask('work')
    await vi.waitFor(async () => expect(await program.ask('done')).toHaveLength(5), 10_000)
  })

  test('a queue with jobs in the list of another major loses nothing: both lists are merged', async () => {
    const other = await startQueueProgram(major === 6 ? 5 : 6, { url: redisUrl(), ...queue })
    await other.ask('add', { jobs: jobs(20) })
    await other.ask('pause')
    const own = await program.ask<string[]>('add', { jobs: jobs(10) })
    await redis.hset(`${queue.prefix}:${queue.name}:meta`, 'version', `bullmq:${major}.0.0`)
    expect((await reading())?.counts.waiting).toBe(30)
    await server.resume(queue)
    await server.pause(queue)
    expect((await reading())?.counts.waiting).toBe(30)
    await server.resume(queue)
    await program.ask('work', { concurrency: 5 })
    await vi.waitFor(async () => expect(await program.ask('done')).toHaveLength(30), 10_000)
    expect(await program.ask('done')).toEqual(expect.arrayContaining(own))
    await other.close()
  })

  test('resuming loops until a paused list of thousands is empty, oldest jobs first', async () => {
    const base = `${queue.prefix}:${queue.name}:`
    await program.ask('add', { jobs: jobs(1) })
    await redis.lpush(`${base}paused`, ...Array.from({ length: 9_500 }, (_, at) => `old-${at}`))
    expect((await reading())?.counts.waiting).toBe(9_501)
    await server.resume(queue)
    expect(await reading()).toMatchObject({ counts: { waiting: 9_501 }, inPausedList: 0 })
    expect(await redis.lrange(`${base}wait`, -2, -1)).toEqual(['old-1', 'old-0'])
    await redis.del(`${base}wait`)
  })

  test('dead letters are replayed and completed, with all attempts, priority, delay and order', async () => {
    const [urgent = ''] = await bury(1, { priority: 7, attempts: 2, backoff: 1 })
    const [late = '', plain = '', lifo = ''] = [
      ...(await buryMore({ delay: 2_000 })),
      ...(await buryMore({})),
      ...(await buryMore({ lifo: true })),
    ]
    async function buryMore(opts: object) {
      const before = (await reading())?.counts.failed ?? 0
      const ids = await program.ask<string[]>('add', { jobs: jobs(1, opts, { fail: 'x' }) })
      await program.ask('work')
      await vi.waitFor(async () => expect((await reading())?.counts.failed).toBe(before + 1), 10_000)
      await program.ask('rest')
      return ids
    }
    const all = [urgent, late, plain, lifo]
    for (const id of all) await redis.hset(`${queue.prefix}:${queue.name}:${id}`, 'data', '{}')
    const step = await server.replayChosen(queue, newId(), all)
    expect(step).toMatchObject({ moved: 4, done: 4, refused: [] })
    expect(await reading()).toMatchObject({ counts: { failed: 0, prioritized: 1, delayed: 1, waiting: 2 } })
    const page = await server.jobs(queue, { state: 'waiting', offset: 0, limit: 5 })
    expect(page.jobs.map(job => job.id)).toEqual([lifo, plain])
    expect((await server.job(queue, urgent))?.attemptsMade).toBe(0)
    expect(await program.ask('stateOf', { id: urgent })).toBe('prioritized')
    await program.ask('work')
    await vi.waitFor(async () => expect(await program.ask('done')).toHaveLength(4), 10_000)
    expect(await program.ask('done')).toEqual([lifo, plain, urgent, late])
  })

  test('all dead letters, in steps, each once though it fails again; a repeated step of a console that crashed changes nothing', async () => {
    await bury(300)
    const run = newId()
    await program.ask('work', { concurrency: 20 })
    let step = await server.replayNext(queue, run, {})
    expect(step.moved).toBeGreaterThan(0)
    for (let turn = 0; !step.finished && turn < 100; turn++) step = await server.replayNext(queue, run, {})
    expect(step.done).toBe(300)
    await vi.waitFor(async () => expect((await reading())?.counts.failed).toBe(300), 10_000)
    expect(await server.replayNext(queue, run, {})).toMatchObject({ moved: 0, done: 300, finished: true })
  })

  test('one that fails again by the clock of a slow worker is not replayed twice by the same run', async () => {
    const [again = ''] = await bury(100)
    const base = `${queue.prefix}:${queue.name}:`
    const oldest = Number((await redis.zrange(`${base}failed`, 0, 0, 'WITHSCORES'))[1])
    const run = newId()
    await server.replayChosen(queue, run, [again])
    await redis
      .multi()
      .lrem(`${base}wait`, 1, again)
      .zadd(`${base}failed`, oldest - 1_000, again)
      .exec()
    let step = await server.replayNext(queue, run, {})
    while (!step.finished) step = await server.replayNext(queue, run, {})
    expect(step.done).toBe(100)
    expect(await redis.zrange(`${base}failed`, 0, -1)).toEqual([again])
  })

  test('chosen by error and by name, and counted the same before', async () => {
    await bury(20, {}, 'Connection REFUSED by mx1')
    const before = (await reading())?.counts.failed
    expect(before).toBe(20)
    const filter = { error: 'refused by MX1', name: 'job-1' }
    expect(await server.count(queue, 'replay', filter)).toMatchObject({ count: 10, precision: 'exact', total: 20 })
    expect(await server.count(queue, 'replay', { error: 'something else' })).toMatchObject({ count: 0 })
    const run = newId()
    let step = await server.replayNext(queue, run, filter)
    while (!step.finished) step = await server.replayNext(queue, run, filter)
    expect(step.done).toBe(10)
    expect((await reading())?.counts).toMatchObject({ failed: 10, waiting: 10 })
  })

  test('a job is removed with everything that belongs to it', async () => {
    const [gone = '', stays = ''] = await program.ask<string[]>('add', { jobs: jobs(2, { delay: 600_000 }) })
    expect(await server.removeChosen(queue, newId(), [gone])).toMatchObject({ done: 1, refused: [] })
    expect(await redis.keys(`${queue.prefix}:${queue.name}:${gone}*`)).toEqual([])
    expect(await program.ask('stateOf', { id: stays })).toBe('delayed')
  })

  test('what must stay is not removed: an active job, one that a scheduler or a parent waits for', async () => {
    await program.ask('repeat', { every: 3_600_000 })
    const flow = await program.ask<{ parent: string; child: string }>('flow')
    const listed = (
      await Promise.all(
        (['waiting', 'delayed'] as const).map(state => server.jobs(queue, { state, offset: 0, limit: 5 })),
      )
    ).flatMap(page => page.jobs)
    const scheduled = listed.filter(job => job.scheduler !== undefined)
    expect(scheduled).toHaveLength(1)
    expect(await server.schedulers(queue)).toMatchObject([{ name: 'tick', everyMs: 3_600_000 }])
    const [busy = ''] = await program.ask<string[]>('add', { jobs: jobs(1, { lifo: true }, { hold: 2_000 }) })
    await program.ask('work')
    await vi.waitFor(async () => expect((await reading())?.counts.active).toBe(1))
    const [{ key = '' } = {}] = await server.schedulers(queue)
    const chosen = [`repeat:${key}`, flow.child, scheduled[0]?.id ?? '']
    const expected = await server.applicable(queue, 'remove', chosen)
    expect(expected.map(({ id, why }) => [id, why])).toEqual([
      [flow.child, expect.stringContaining('waits for it')],
      [scheduled[0]?.id, expect.stringContaining('scheduler')],
    ])
    const ids = [scheduled[0]?.id ?? '', flow.child, flow.parent, busy]
    const step = await server.removeChosen(queue, newId(), ids)
    expect(step.done).toBe(0)
    expect(step.refused.map(({ reason }) => reason)).toEqual([
      expect.stringContaining('scheduler'),
      expect.stringContaining('waits for it'),
      expect.stringContaining('jobs of its own'),
      'it is being worked on',
    ])
  })

  test('what completed and failed since is counted in its stream, read on from a cursor', async () => {
    const [first] = await server.activity([{ queue }])
    await program.ask('add', { jobs: [...jobs(30), ...jobs(5, {}, { fail: 'no' })] })
    await program.ask('work', { concurrency: 5 })
    await vi.waitFor(async () => expect((await reading())?.counts.failed).toBe(5), 10_000)
    await vi.waitFor(async () => expect(await program.ask('done')).toHaveLength(30), 10_000)
    const [activity] = await server.activity([{ queue, cursor: first?.cursor }])
    expect(activity).toMatchObject({ completed: 30, failed: 5, trimmed: false })
    await redis.xtrim(`${queue.prefix}:${queue.name}:events`, 'MAXLEN', 10)
    const [late] = await server.activity([{ queue, cursor: '1-1' }])
    expect(late?.trimmed).toBe(true)
  })
})
