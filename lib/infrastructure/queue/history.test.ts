import { describe, expect, test, vi } from 'vitest'
import type { QueueProgram } from '../testing/bullmq-program.ts'
import { testForeignQueue } from '../testing/queue-server.ts'

const own = testForeignQueue()
const { redis, server } = own
let program: QueueProgram

/** Works all that was added. */
async function work(finished: number) {
  await program.ask('work', { concurrency: 10 })
  await vi.waitFor(
    async () =>
      expect((await redis.zcard(`${own.base}completed`)) + (await redis.zcard(`${own.base}failed`))).toBe(finished),
    10_000,
  )
  await program.ask('rest')
}

describe.each([4, 5, 6] as const)('history of a queue of BullMQ %i', major => {
  test('finished jobs tell how long they waited and took; of one tried twice only the last attempt is known', async () => {
    program = await own.start(major)
    const one = { name: 'work', data: { hold: 30 }, opts: {} }
    const [first = ''] = await program.ask<string[]>('add', {
      jobs: [one, one, { name: 'work', data: { fail: 'no' }, opts: { attempts: 2 } }],
    })
    await redis.hset(own.base + first, 'timestamp', Date.now() - 60_000)
    await work(3)
    const times = await server.finishedTimes(own.queue)
    expect(times).toMatchObject({ jobs: 3, retried: 1 })
    expect(times.waited).toHaveLength(2)
    expect(times.processed).toHaveLength(3)
    expect(times.waited[1]).toBeGreaterThanOrEqual(60_000)
    expect(times.waited[0]).toBeLessThan(30_000)
    // A timer may fire a millisecond early.
    expect(times.processed[1]).toBeGreaterThanOrEqual(29)
    expect(times.from).toBeLessThanOrEqual(times.to ?? 0)
  })

  test('a delay is no time in the queue, and what was promoted before its time waited nobody knows how long', async () => {
    program = await own.start(major)
    const [late = '', promoted = ''] = await program.ask<string[]>('add', {
      jobs: [1, 2].map(() => ({ name: 'work', data: {}, opts: { delay: 600_000 } })),
    })
    await program.ask('promote', { id: promoted })
    await program.ask('promote', { id: late })
    // Added earlier, so that it was due two seconds ago.
    await redis.hset(own.base + late, 'timestamp', Date.now() - 602_000)
    await work(2)
    const { jobs, waited } = await server.finishedTimes(own.queue)
    expect(jobs).toBe(2)
    expect(waited).toHaveLength(1)
    expect(waited[0]).toBeGreaterThanOrEqual(2_000)
    expect(waited[0]).toBeLessThan(60_000)
  })

  test('the events of one job are found among those of others, oldest first', async () => {
    program = await own.start(major)
    const [id = ''] = await program.ask<string[]>('add', {
      jobs: [
        { name: 'work', data: { fail: 'mailbox full' }, opts: { attempts: 2, backoff: 10 } },
        ...Array.from({ length: 40 }, () => ({ name: 'work', data: {}, opts: {} })),
      ],
    })
    await work(41)
    const { events, read, since } = await server.eventsOf(own.queue, id)
    const seen = events.map(({ event }) => event).filter(event => event !== 'added' && event !== 'retries-exhausted')
    expect(seen).toEqual(['waiting', 'active', 'delayed', 'waiting', 'active', 'failed'])
    expect(events.find(({ event }) => event === 'failed')).toMatchObject({ error: 'mailbox full' })
    expect(events.find(({ event }) => event === 'delayed')?.dueAt).toBeGreaterThan(since ?? Number.NaN)
    expect(events.map(({ at }) => at)).toEqual(events.map(({ at }) => at).toSorted((a, b) => a - b))
    expect(read).toBeGreaterThan(80)
    expect((await server.job(own.queue, id))?.attemptsBegun).toBe(2)
  })
})

test('after a replay its wait is known again, by the note of the act', async () => {
  program = await own.start(6)
  const [id = ''] = await program.ask<string[]>('add', {
    jobs: [{ name: 'work', data: { fail: 'no' }, opts: { attempts: 1 } }],
  })
  await work(1)
  await redis.hset(own.base + id, 'timestamp', Date.now() - 3_600_000)
  await server.replayChosen(own.queue, 'run', [id])
  await work(1)
  const { waited } = await server.finishedTimes(own.queue)
  expect(waited).toHaveLength(1)
  expect(waited[0]).toBeLessThan(60_000)
})

test('a queue in which nothing finished has no times, and none that are zero', async () => {
  program = await own.start(6)
  await program.ask('add', { jobs: [{ name: 'work', data: {}, opts: {} }] })
  expect(await server.finishedTimes(own.queue)).toEqual({ jobs: 0, waited: [], processed: [], retried: 0 })
})
