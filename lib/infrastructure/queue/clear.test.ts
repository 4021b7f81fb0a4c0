import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { newId } from '../../core/ids.ts'
import { type QueueProgram, startQueueProgram } from '../testing/bullmq-program.ts'
import { testQueueServer } from '../testing/queue-server.ts'
import { redisUrl } from '../testing/servers.ts'
import type { QueueMajor, RemoveStep } from './index.ts'

const { redis, server } = testQueueServer()
let program: QueueProgram
let queue: { prefix: string; name: string }
const base = () => `${queue.prefix}:${queue.name}:`

afterEach(() => program.close())

async function all(next: () => Promise<RemoveStep>) {
  const refused: Record<string, string> = {}
  for (;;) {
    const step = await next()
    for (const { id, reason } of step.refused) refused[id] = reason
    if (step.finished) return { done: step.done, refused }
  }
}

describe.each<QueueMajor>([4, 5, 6])('BullMQ %i', major => {
  beforeEach(async () => {
    queue = { prefix: `t-${newId()}`, name: 'ours {a} b/%' }
    program = await startQueueProgram(major, { url: redisUrl(), ...queue })
    await vi.waitFor(async () => expect(await redis.exists(`${base()}meta`)).toBe(1))
  })
  const add = (count: number, opts: object = {}, data: object = {}) =>
    program.ask<string[]>('add', {
      jobs: Array.from({ length: count }, (_, at) => ({ name: 'send', data: { ...data, at }, opts })),
    })
  const counts = () => program.ask<Record<string, number>>('counts')
  const drain = { states: ['waiting', 'prioritized', 'delayed'], olderThanMs: 0 } as const

  test('what waits and is delayed is removed as by its own drain, also while paused; schedulers go on', async () => {
    await add(120)
    await add(30, { priority: 2 })
    await add(40, { delay: 600_000 })
    await program.ask('repeat', { every: 3_600_000 })
    const [next] = await program
      .ask<{ id: string }[]>('jobs', { state: 'delayed' })
      .then(list => list.filter(({ id }) => id.startsWith('repeat:')))
    await program.ask('pause')
    const counted = await server.countCleared(queue, drain)
    const waits = (await counts()).waiting ?? 0
    expect(counted).toMatchObject({ precision: 'exact', count: expect.any(Number) })
    const run = newId()
    const { done, refused } = await all(() => server.clearNext(queue, run, drain))
    expect(done).toBe(counted.count)
    expect(done).toBeGreaterThanOrEqual(190)
    if (next) expect(refused).toEqual({ [next.id]: 'it is the next of a scheduler, which would stop without it' })
    expect(await all(() => server.clearNext(queue, run, drain))).toMatchObject({ done })
    const left = await counts()
    expect((left.waiting ?? 0) + (left.paused ?? 0) + (left.prioritized ?? 0)).toBeLessThanOrEqual(1)
    expect(left.delayed).toBeLessThanOrEqual(1)
    expect(waits).toBeGreaterThanOrEqual(0)
    await program.ask('resume')
    const [fresh] = await add(1)
    await program.ask('work')
    await vi.waitFor(async () => expect(await program.ask('done')).toContain(fresh), 10_000)
  })

  test('while a program adds and workers take, what was there when the drain began is removed or done', async () => {
    const before = await add(400)
    await program.ask('startProducing', { batch: 3, everyMs: 2 })
    await program.ask('work', { concurrency: 2 })
    const run = newId()
    await all(() => server.clearNext(queue, run, { states: ['waiting'], olderThanMs: 0 }))
    const produced = await program.ask<string[]>('stopProducing')
    const waiting = new Set(await redis.lrange(`${base()}wait`, 0, -1))
    expect(before.filter(id => waiting.has(id))).toEqual([])
    expect(produced.length).toBeGreaterThan(0)
  })

  test('only jobs of an age are cleaned: finished ones since they finished, others since they were added', async () => {
    const hour = 3_600_000
    const [old = '', young = ''] = await add(2)
    await redis.hset(`${base()}${old}`, 'timestamp', Date.now() - 2 * hour)
    for (let at = 0; at < 130; at++) {
      await redis.hset(`${base()}done-${at}`, { name: 'send', opts: '{}', finishedOn: Date.now() - at * 60_000 })
      await redis.zadd(`${base()}completed`, Date.now() - at * 60_000, `done-${at}`)
    }
    const clearance = { states: ['completed', 'waiting'], olderThanMs: hour } as const
    const counted = await server.countCleared(queue, clearance)
    expect(counted).toMatchObject({ count: 71, precision: 'exact' })
    const run = newId()
    expect(await all(() => server.clearNext(queue, run, clearance))).toEqual({ done: 71, refused: {} })
    expect(await redis.exists(`${base()}${old}`, `${base()}done-60`)).toBe(0)
    expect(await redis.exists(`${base()}${young}`, `${base()}done-59`)).toBe(2)
  })

  test('a child whose parent waits for it stays, with the reason', async () => {
    const { parent, children } = await program.ask<{ parent: string; children: string[] }>('flow')
    await add(3)
    const { done, refused } = await all(() => server.clearNext(queue, 'run', drain))
    expect(done).toBe(3)
    expect(refused).toEqual({ [children[0] ?? '']: `its parent ${base()}${parent} waits for it` })
  })

  test('an obliterated queue leaves no key, as by its own obliterate', async () => {
    await add(130)
    await add(20, { delay: 600_000 })
    await add(20, { priority: 2 })
    await program.ask('repeat', { every: 3_600_000 })
    await program.ask('flow')
    await add(10, {}, { fail: 'no' })
    const run = newId()
    const { refused } = await all(() => server.obliterateNext(queue, run))
    expect(refused).toEqual({})
    const left = (await redis.keys(`${queue.prefix}:*`)).filter(key => !key.includes(':substation:'))
    expect(left).toEqual([])
    expect((await all(() => server.obliterateNext(queue, run))).refused).toEqual({})
  })

  test('it stops at a job that a worker is processing, and continues once that is over', async () => {
    const [id = ''] = await add(1, {}, { hold: 60_000 })
    await program.ask('work')
    await vi.waitFor(async () => expect(await redis.exists(`${base()}${id}:lock`)).toBe(1), 10_000)
    expect(await all(() => server.obliterateNext(queue, 'run'))).toEqual({
      done: 0,
      refused: { [id]: 'a worker is processing it' },
    })
    program.kill()
    await redis.del(`${base()}${id}:lock`)
    expect(await all(() => server.obliterateNext(queue, 'run'))).toEqual({ done: 1, refused: {} })
  })
})
