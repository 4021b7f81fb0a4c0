import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { newId } from '../../core/ids.ts'
import { type QueueProgram, startQueueProgram } from '../testing/bullmq-program.ts'
import { testQueueServer } from '../testing/queue-server.ts'
import { redisUrl } from '../testing/servers.ts'
import type { QueueMajor } from './index.ts'

const { redis, server } = testQueueServer()
/** The same queue twice: acted on by this library in one, and by its own library in the other. */
let programs: { ours: QueueProgram; theirs: QueueProgram }
let prefix: string
const sha1 = (text: string) => createHash('sha1').update(text).digest('hex')
const OURS = 'ours {a} b/%'
const queue = () => ({ prefix, name: OURS })
const base = (name = OURS) => `${prefix}:${name}:`

afterEach(async () => {
  // One may hold a job for longer than a test lasts.
  programs.ours.kill()
  await programs.ours.close()
  await programs.theirs.close()
})

async function begin(major: QueueMajor) {
  prefix = `t-${newId()}`
  const [ours, theirs] = await Promise.all(
    [OURS, 'theirs'].map(name => startQueueProgram(major, { url: redisUrl(), prefix, name })),
  )
  programs = { ours: ours as QueueProgram, theirs: theirs as QueueProgram }
  await vi.waitFor(async () => expect(await redis.exists(`${base()}meta`)).toBe(1))
}

const both = <T>(act: string, input?: object) =>
  Promise.all([programs.ours.ask<T>(act, input), programs.theirs.ask<T>(act, input)])

/** Everything of a queue but times, which differ: the lists, and the fields of a job. */
async function stateOf(name: string, id: string) {
  const [wait, paused, prioritized, delayed, failed, marker, fields] = await Promise.all([
    redis.lrange(`${base(name)}wait`, 0, -1),
    redis.lrange(`${base(name)}paused`, 0, -1),
    redis.zrange(`${base(name)}prioritized`, 0, -1),
    redis.zrange(`${base(name)}delayed`, 0, -1),
    redis.zrange(`${base(name)}failed`, 0, -1),
    redis.zrange(`${base(name)}marker`, 0, -1),
    redis.hgetall(`${base(name)}${id}`),
  ])
  const { timestamp: _, 'substation:since': _since, opts, ...rest } = fields
  return {
    // Entries by which 4 wakes workers depend on the time; that they are woken is tested by workers.
    wait: wait.filter(entry => !/^0:\d+$/.test(entry)),
    paused,
    prioritized,
    delayed,
    failed,
    marker,
    // 4 writes a delay of 0, which means none.
    job: { ...rest, opts: opts && JSON.parse(opts.replace(/,"delay":0\b|"delay":0,/, '')) },
  }
}

describe.each<QueueMajor>([4, 5, 6])('BullMQ %i', major => {
  beforeEach(() => begin(major))

  /** Makes the same edit with this library and with BullMQ, and compares the results. */
  async function same(id: string, ours: () => Promise<unknown>, method: string, args: unknown[]) {
    await ours()
    await programs.theirs.ask('onJob', { id, method, args })
    expect(await stateOf(OURS, id)).toEqual(await stateOf('theirs', id))
  }
  const add = async (opts: object, count = 1) => {
    const jobs = Array.from({ length: count }, (_, at) => ({ name: 'send', data: { at }, opts }))
    const [ids] = await both<string[]>('add', { jobs })
    return ids
  }

  test('a payload is replaced as by its own updateData, unless it has changed or a worker has it', async () => {
    const [id = ''] = await add({})
    await same(id, () => server.updateData(queue(), id, '{"at":7}', sha1('{"at":0}')), 'updateData', [{ at: 7 }])
    expect(await server.updateData(queue(), id, '{"at":8}', sha1('{"at":0}'))).toBe(
      'its payload has changed since it was read',
    )
    await redis.set(`${base()}${id}:lock`, 'x')
    expect(await server.updateData(queue(), id, '{"at":8}', sha1('{"at":7}'))).toBe('a worker is processing it')
    expect(await server.updateData(queue(), 'meta', '{}', sha1(''))).toBe('there is no such job')
  })

  test.each([
    ['to a priority', {}, 5],
    ['to another priority', { priority: 9 }, 2],
    ['to none', { priority: 9 }, 0],
    ['of a delayed job', { delay: 600_000 }, 3],
  ])('a priority is changed as by its own changePriority: %s', async (_, opts, priority) => {
    const [, id = ''] = await add(opts, 3)
    if (major === 4 && priority === 0) {
      // Its own method leaves such a job among the prioritized; no worker is told to take it from there.
      await server.changePriority(queue(), id, priority)
      expect(await redis.lrange(`${base()}wait`, 0, -1)).toEqual([id])
      return
    }
    await same(id, () => server.changePriority(queue(), id, priority), 'changePriority', [{ priority }])
  })

  test('a priority is changed in a paused queue too, where no worker is woken', async () => {
    const [id = ''] = await add({}, 2)
    await both('pause')
    await same(id, () => server.changePriority(queue(), id, 4), 'changePriority', [{ priority: 4 }])
    await both('resume')
    await both('work')
    await vi.waitFor(async () => expect(await programs.ours.ask('done')).toHaveLength(2), 10_000)
  })

  test('a delay is changed as by its own changeDelay, and the job runs when it is due', async () => {
    const [id = '', other = ''] = await add({ delay: 600_000 }, 2)
    await same(other, () => server.changeDelay(queue(), other, 900_000), 'changeDelay', [900_000])
    await both('work')
    await server.changeDelay(queue(), id, 50)
    await vi.waitFor(async () => expect(await programs.ours.ask('done')).toEqual([id]), 10_000)
    expect(await server.changeDelay(queue(), id, 50)).toBe('it is not delayed any more')
  })

  test.each([{}, { priority: 3 }, { delay: 600_000 }])('a job with %j runs now, before all others', async opts => {
    const ids = await add(opts, 4)
    const chosen = ids[2] ?? ''
    expect(await server.runNow(queue(), chosen)).toBeUndefined()
    await programs.ours.ask('work')
    await vi.waitFor(async () => expect((await programs.ours.ask<string[]>('done'))[0]).toBe(chosen), 10_000)
    await programs.ours.ask('rest')
    expect(await server.runNow(queue(), chosen)).toBe('it is not waiting any more')
  })

  test('a waiting job becomes a dead letter with a reason, and is replayed from there', async () => {
    const [id = '', other = ''] = await add({ delay: 600_000 }, 2)
    expect(await server.toDeadLetters(queue(), id, 'by hand')).toBeUndefined()
    expect(await programs.ours.ask('stateOf', { id })).toBe('failed')
    expect((await server.job(queue(), id))?.error?.text).toBe('by hand')
    expect(await server.toDeadLetters(queue(), id, 'again')).toBe('it is not waiting any more')
    await programs.ours.ask('onJob', { id, method: 'retry' })
    expect(await programs.ours.ask('stateOf', { id })).toBe('waiting')
    expect(await programs.ours.ask('stateOf', { id: other })).toBe('delayed')
  })

  test.each([
    ['plain', {}, {}],
    [
      'with attempts and backoff',
      { attempts: 3, backoff: { kind: 'exponential', delayMs: 500 } },
      { attempts: 3, backoff: { type: 'exponential', delay: 500 } },
    ],
    ['with a priority', { priority: 4 }, { priority: 4 }],
    ['delayed', { delayMs: 600_000 }, { delay: 600_000 }],
    ['with an id', { id: 'own 1/%' }, { jobId: 'own 1/%' }],
  ] as const)('a job is added as by its own add: %s', async (_, ours, theirs) => {
    const added = await server.addJob(queue(), { name: 'send', data: '{"at":1}', attempts: 1, ...ours })
    const id = await programs.theirs.ask<string>('onQueue', {
      method: 'add',
      args: ['send', { at: 1 }, { attempts: 1, ...theirs }],
    })
    expect(added).toEqual({ id })
    expect(await stateOf(OURS, id)).toEqual(await stateOf('theirs', id))
    if (!('delayMs' in ours)) {
      await programs.ours.ask('work')
      await vi.waitFor(async () => expect(await programs.ours.ask('done')).toEqual([id]), 10_000)
    }
  })

  test('a worker that waits takes an added job at once', async () => {
    await programs.ours.ask('work')
    const added = await server.addJob(queue(), { name: 'send', data: '{}' })
    await vi.waitFor(
      async () => expect(await programs.ours.ask('done')).toEqual(['id' in added ? added.id : '']),
      10_000,
    )
  })

  test('a job is not added with an id that is taken, or that is a key of the queue', async () => {
    const [id = ''] = await add({ jobId: 'mine' })
    const twice = { name: 'send', data: '{}' }
    expect(await server.addJob(queue(), { ...twice, id })).toEqual({ why: 'there is a job with this id' })
    expect(await server.addJob(queue(), { ...twice, id: 'events' })).toEqual({
      why: 'its id would be the key of something else',
    })
    await expect(server.addJob(queue(), { ...twice, data: '{' })).rejects.toThrow('not JSON')
    await expect(server.addJob(queue(), { ...twice, id: 'a:b' })).rejects.toThrow('colon')
  })

  test('five megabytes of a dead letter are duplicated, under a new id and without what ties it', async () => {
    const pad = 'x'.repeat(5_000_000)
    const [id = ''] = await programs.ours.ask<string[]>('add', {
      jobs: [{ name: 'big', data: { pad, fail: 'no' }, opts: { jobId: 'big', attempts: 1 } }],
    })
    await programs.ours.ask('work')
    await vi.waitFor(async () => expect(await redis.zcard(`${base()}failed`)).toBe(1), 10_000)
    await programs.ours.ask('rest')
    const copy = await server.duplicate(queue(), id)
    if (!('id' in copy)) throw new Error(copy.why)
    expect(copy.id).not.toBe(id)
    expect(await redis.hstrlen(`${base()}${copy.id}`, 'data')).toBe(await redis.hstrlen(`${base()}${id}`, 'data'))
    expect(JSON.parse((await redis.hget(`${base()}${copy.id}`, 'opts')) ?? '')).toEqual({ attempts: 1 })
    expect(await programs.ours.ask('stateOf', { id: copy.id })).toBe('waiting')
    expect(await server.duplicate(queue(), 'nobody')).toEqual({ why: 'there is no such job' })
  })

  test.runIf(major === 4)('has no limits over all workers, which is said', async () => {
    await expect(server.setLimits(queue(), { concurrency: 2 })).rejects.toThrow('BullMQ 4 has no limits')
  })

  test.runIf(major > 4)(
    'limits are set as by its own methods, hold for workers, and raising one wakes them',
    async () => {
      const limits = { concurrency: 1, rate: { max: 1_000, durationMs: 60_000 } }
      await server.setLimits(queue(), limits)
      await programs.theirs.ask('onQueue', { method: 'setGlobalConcurrency', args: [1] })
      await programs.theirs.ask('onQueue', { method: 'setGlobalRateLimit', args: [1_000, 60_000] })
      const settings = async (name: string) =>
        await redis.hmget(`${prefix}:${name}:meta`, 'concurrency', 'max', 'duration')
      expect(await settings(OURS)).toEqual(await settings('theirs'))
      expect(await server.limits(queue())).toEqual(limits)
      await programs.ours.ask('add', {
        jobs: [1, 2].map(at => ({ name: 'send', data: { at, hold: 60_000 }, opts: {} })),
      })
      await programs.ours.ask('work', { concurrency: 5 })
      const active = () => redis.llen(`${base()}active`)
      await vi.waitFor(async () => expect(await active()).toBe(1), 10_000)
      await server.setLimits(queue(), { concurrency: 3 })
      await vi.waitFor(async () => expect(await active()).toBe(2), 10_000)
      await server.setLimits(queue(), {})
      expect(await server.limits(queue())).toEqual({})
    },
  )
})
