import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { newId } from '../../core/ids.ts'
import { type QueueProgram, startQueueProgram } from '../testing/bullmq-program.ts'
import { newQueue, testQueueServer } from '../testing/queue-server.ts'
import { redisUrl } from '../testing/servers.ts'
import type { QueueAddress, QueueMajor } from './index.ts'

// Active jobs whose worker was killed: their lock runs out, and without another worker nobody looks at them.

const { redis, server } = testQueueServer()
const LOCK = { lockDuration: 400, lockRenewTime: 100 }

let queue: QueueAddress
let base: string
let program: QueueProgram
const others: QueueProgram[] = []

beforeEach(() => {
  ;({ queue, base } = newQueue())
})
afterEach(async () => {
  await Promise.all([program, ...others.splice(0)].map(one => one.close()))
})

const reading = async () => (await server.readings([queue]))[0]
const active = (data: object = {}) => ({
  name: 'work',
  data: { hold: 600_000, ...data },
  opts: { attempts: 3, priority: 0 },
})

describe.each<QueueMajor>([4, 5, 6])('a killed worker of BullMQ %i', major => {
  const start = () => startQueueProgram(major, { url: redisUrl(), ...queue })
  /** So many jobs are active, and the only worker is killed. */
  async function orphan(count: number): Promise<string[]> {
    program = await start()
    const ids = await program.ask<string[]>('add', { jobs: Array.from({ length: count }, () => active()) })
    await program.ask('work', { concurrency: count, options: LOCK })
    await vi.waitFor(async () => expect((await reading())?.counts.active).toBe(count), 10_000)
    expect((await reading())?.orphans).toBeUndefined()
    await program.kill()
    await vi.waitFor(async () => expect((await reading())?.orphans).toBe(count), 10_000)
    program = await start()
    return ids
  }

  test('leaves jobs that are shown as orphaned, in the list and one by one', async () => {
    const [id = ''] = await orphan(2)
    const { jobs } = await server.jobs(queue, { state: 'active', offset: 0, limit: 10 })
    expect(jobs.map(job => job.orphaned)).toEqual([true, true])
    expect(await server.job(queue, id)).toMatchObject({ state: 'active', orphaned: true })
  })

  test('leaves jobs that are released to the front, keep their attempts, and are completed by the next worker', async () => {
    const ids = await orphan(3)
    const [later = ''] = await program.ask<string[]>('add', { jobs: [{ name: 'later', data: {}, opts: {} }] })
    await Promise.all(ids.map(id => redis.hset(base + id, 'data', '{}')))
    expect(await server.count(queue, 'release', {})).toMatchObject({ count: 3, precision: 'exact', refused: [] })
    const run = newId()
    expect(await server.releaseNext(queue, run, {})).toMatchObject({ moved: 3, done: 3, refused: [], finished: true })
    expect(await server.releaseNext(queue, run, {})).toMatchObject({ moved: 0, done: 3, finished: true })
    expect(await reading()).toMatchObject({ counts: { active: 0, waiting: 4 } })
    expect(Math.abs(Date.now() - ((await reading())?.waitingSince ?? 0))).toBeLessThan(60_000)
    await program.ask('work', { options: LOCK })
    await vi.waitFor(async () => expect((await reading())?.counts.completed).toBe(4), 10_000)
    const done = await program.ask<string[]>('done')
    expect(new Set(done.slice(0, 3))).toEqual(new Set(ids))
    expect(done[3]).toBe(later)
    expect(await server.job(queue, ids[0] ?? '')).toMatchObject({ state: 'completed', attemptsMade: 1, stalled: 0 })
  })

  test('leaves a job that can be removed, while one that is being worked on can be neither removed nor released', async () => {
    const [lost = ''] = await orphan(1)
    const [busy = ''] = await program.ask<string[]>('add', { jobs: [active()] })
    // Its own check for stalled jobs must not come first.
    await program.ask('work', { options: { ...LOCK, stalledInterval: 600_000, skipStalledCheck: true } })
    await vi.waitFor(async () => expect((await server.job(queue, busy))?.lockedForMs).toBeGreaterThan(0), 10_000)
    expect(await server.applicable(queue, 'release', [lost, busy])).toEqual([
      { id: lost, name: 'work', error: '' },
      { id: busy, name: 'work', error: '', why: 'a worker is processing it' },
    ])
    expect(await server.releaseChosen(queue, newId(), [busy])).toMatchObject({
      moved: 0,
      refused: [{ id: busy, reason: 'a worker is processing it' }],
    })
    expect(await server.removeChosen(queue, newId(), [lost, busy])).toMatchObject({
      removed: 1,
      refused: [{ id: busy, reason: 'it is being worked on' }],
    })
    expect(await server.job(queue, lost)).toBeUndefined()
    expect(await redis.lrange(`${base}active`, 0, -1)).toEqual([busy])
    await program.kill()
    program = await start()
  })
})

test('a chosen job is released once in a run, and one that is no longer active stays', async () => {
  program = await startQueueProgram(6, { url: redisUrl(), ...queue })
  const [first = '', second = ''] = await program.ask<string[]>('add', { jobs: [active(), active()] })
  await redis.lrem(`${base}wait`, 0, first)
  await redis.lpush(`${base}active`, first)
  const run = newId()
  expect(await server.releaseChosen(queue, run, [first, second])).toMatchObject({
    moved: 1,
    refused: [{ id: second, reason: 'it is no longer active' }],
  })
  // Taken and lost again: this run has released it already.
  await redis.lrem(`${base}wait`, 0, first)
  await redis.lpush(`${base}active`, first)
  expect(await server.releaseChosen(queue, run, [first])).toMatchObject({ moved: 0, done: 1, refused: [] })
  expect(await redis.lrange(`${base}active`, 0, -1)).toEqual([first])
})

test('an orphan without data, or whose key is something else, is told and stays', async () => {
  program = await startQueueProgram(6, { url: redisUrl(), ...queue })
  await program.ask('add', { jobs: [active()] })
  await redis.lpush(`${base}active`, 'gone', 'foreign')
  await redis.set(`${base}foreign`, 'x')
  expect(await server.releaseNext(queue, newId(), {})).toMatchObject({
    moved: 0,
    refused: [
      { id: 'gone', reason: 'its data is missing' },
      { id: 'foreign', reason: 'its key contains something other than a job' },
    ],
    finished: true,
  })
  expect(await redis.llen(`${base}active`)).toBe(2)
})
