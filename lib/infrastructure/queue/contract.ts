import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { newId } from '../../core/ids.ts'
import { type Job, type JobHandler, PermanentJobError, type Queue, type Queues, type Worker } from './port.ts'

/** What every adapter promises. `open` gives queues that share nothing with others. */
export function queueContract(name: string, open: () => Promise<Queues>): void {
  describe(`${name} keeps the queue contract`, () => {
    let queues: Queues
    let queue: Queue
    const queueName = () => queue.name
    beforeEach(async () => {
      queues = await open()
      queue = await queues.queue(`q-${newId()}`)
    })
    afterEach(() => queues.close({ timeoutMs: 500 }))

    const work = <T>(handler: JobHandler<T>, options = {}): Promise<Worker> =>
      queues.work(queueName(), handler, options)
    const settled = (expected: object) =>
      vi.waitFor(async () => expect(await queue.counts()).toMatchObject(expected), 10_000)
    const failOnce = async (job = 'x', data: unknown = {}, options = {}) => {
      const worker = await work(() => Promise.reject(new Error('no luck')))
      const { id } = await queue.add(job, data, options)
      await settled({ failed: 1 })
      await worker.close()
      return id
    }

    test('a job reaches a worker with its name and data, and is completed', async () => {
      const seen: Job[] = []
      const worker = await work(job => void seen.push(job))
      const { id } = await queue.add('greet', { to: 'ada', nested: [1, { a: null }] })
      await settled({ completed: 1, waiting: 0, active: 0 })
      expect(seen).toMatchObject([
        { id, name: 'greet', data: { to: 'ada', nested: [1, { a: null }] }, attempt: 1, attempts: 1 },
      ])
      expect(worker.report()).toMatchObject({ queue: queueName(), completed: 1, failed: 0, active: 0, concurrency: 1 })
    })

    test('a bulk is added in order', async () => {
      const seen: unknown[] = []
      const ids = await queue.addBulk([1, 2, 3, 4].map(n => ({ name: 'n', data: n })))
      expect(new Set(ids.map(({ id }) => id)).size).toBe(4)
      expect(await queue.counts()).toMatchObject({ waiting: 4 })
      await work(job => void seen.push(job.data))
      await settled({ completed: 4 })
      expect(seen).toEqual([1, 2, 3, 4])
    })

    test('jobs without a priority come first, then 1 before 2', async () => {
      const seen: unknown[] = []
      await queue.add('n', 'second', { priority: 2 })
      await queue.add('n', 'first', { priority: 1 })
      await queue.add('n', 'none')
      expect(await queue.counts()).toMatchObject({ waiting: 1, prioritized: 2 })
      await work(job => void seen.push(job.data))
      await settled({ completed: 3 })
      expect(seen).toEqual(['none', 'first', 'second'])
    })

    test('a delayed job waits for its time', async () => {
      let ranAt = 0
      await work(() => {
        ranAt = Date.now()
      })
      const addedAt = Date.now()
      await queue.add('later', 1, { delayMs: 300 })
      expect(await queue.counts()).toMatchObject({ delayed: 1 })
      await settled({ completed: 1 })
      expect(ranAt - addedAt).toBeGreaterThanOrEqual(295)
    })

    test('the same id is added once', async () => {
      await queue.pause()
      expect(await queue.add('x', 1, { id: 'order-7' })).toEqual({ id: 'order-7' })
      expect(await queue.add('x', 2, { id: 'order-7' })).toEqual({ id: 'order-7' })
      expect(await queue.counts()).toMatchObject({ waiting: 1 })
    })

    test.each([
      [undefined, {}],
      [1n, {}],
      [1, { id: 'a:b' }],
      [1, { id: '7' }],
      [1, { priority: -1 }],
    ])('data %s with %o is refused, and nothing is added', async (data, options) => {
      await expect(queue.add('x', data, options)).rejects.toMatchObject({ code: 'QUEUE_VALUE' })
      await expect(
        queue.addBulk([
          { name: 'x', data: 1 },
          { name: 'x', data, options },
        ]),
      ).rejects.toMatchObject({ code: 'QUEUE_VALUE' })
      expect(await queue.counts()).toMatchObject({ waiting: 0, prioritized: 0 })
    })

    test('tries again as often as told, with its pauses, then lies among the dead letters with all its stacks', async () => {
      const at: number[] = []
      const worker = await work(job => {
        at.push(Date.now())
        throw new Error(`try ${job.attempt} of ${job.attempts}`)
      })
      const { id } = await queue.add(
        'pay',
        { amount: 7 },
        { attempts: 3, backoff: { kind: 'exponential', delayMs: 100 }, priority: 4 },
      )
      await settled({ failed: 1 })
      expect(at[1]! - at[0]!).toBeGreaterThanOrEqual(95)
      expect(at[2]! - at[1]!).toBeGreaterThanOrEqual(195)
      const { total, jobs } = await queue.deadLetters()
      expect(total).toBe(1)
      expect(jobs).toMatchObject([
        {
          id,
          name: 'pay',
          data: { amount: 7 },
          error: 'try 3 of 3',
          attemptsMade: 3,
          attempts: 3,
          priority: 4,
          delayMs: 0,
        },
      ])
      expect(jobs[0]?.stacks.map(stack => stack.split('\n')[0])).toEqual([
        'Error: try 1 of 3',
        'Error: try 2 of 3',
        'Error: try 3 of 3',
      ])
      expect(jobs[0]?.failedAt).toBeGreaterThanOrEqual(at[2]!)
      expect(worker.report()).toMatchObject({
        failed: 3,
        deadLettered: 1,
        lastError: { message: 'try 3 of 3', jobId: id },
      })
    })

    test('a permanent error is not tried again', async () => {
      const handler = vi.fn(() => Promise.reject(new PermanentJobError('the card is stolen')))
      await work(handler)
      await queue.add('pay', 1, { attempts: 5 })
      await settled({ failed: 1 })
      expect(handler).toHaveBeenCalledTimes(1)
      expect((await queue.deadLetters()).jobs[0]).toMatchObject({ error: 'the card is stolen', attemptsMade: 1 })
    })

    test('dead letters come newest first, a page at a time', async () => {
      await work(() => Promise.reject(new Error('x')))
      for (const data of [1, 2, 3]) {
        await queue.add('n', data)
        await settled({ failed: data })
      }
      const page = await queue.deadLetters({ offset: 1, limit: 1 })
      expect(page).toMatchObject({ total: 3, jobs: [{ data: 2 }] })
    })

    test('a replayed dead letter has its id, data and priority, and all its tries again', async () => {
      const id = await failOnce('pay', { amount: 7 }, { priority: 3 })
      await queue.add('pay', 'urgent', { priority: 1 })
      await queue.replay(id)
      expect(await queue.counts()).toMatchObject({ failed: 0, prioritized: 2 })
      const seen: Job[] = []
      await work(job => void seen.push(job))
      await settled({ completed: 2 })
      expect(seen).toMatchObject([{ data: 'urgent' }, { id, data: { amount: 7 }, attempt: 1 }])
    })

    test('a replayed dead letter waits its delay again', async () => {
      const id = await failOnce('later', 1, { delayMs: 200 })
      const replayedAt = Date.now()
      await queue.replay(id)
      expect(await queue.counts()).toMatchObject({ failed: 0, delayed: 1 })
      let ranAt = 0
      await work(() => {
        ranAt = Date.now()
      })
      await settled({ completed: 1 })
      expect(ranAt - replayedAt).toBeGreaterThanOrEqual(195)
    })

    test('a replay wakes a worker that has nothing to do', async () => {
      let fails = true
      await work(() => {
        if (fails) throw new Error('not yet')
      })
      const { id } = await queue.add('x', 1)
      await settled({ failed: 1 })
      fails = false
      await queue.replay(id)
      // An idle worker of BullMQ looks by itself only every five seconds.
      await vi.waitFor(async () => expect(await queue.counts()).toMatchObject({ completed: 1 }), 2_500)
    })

    test('a replay into a paused queue waits', async () => {
      const id = await failOnce()
      await queue.pause()
      const handler = vi.fn()
      await work(handler)
      await queue.replay(id)
      expect(await queue.counts()).toMatchObject({ waiting: 1, failed: 0 })
      expect(handler).not.toHaveBeenCalled()
      await queue.resume()
      await settled({ completed: 1 })
    })

    test('what is no dead letter cannot be replayed', async () => {
      await expect(queue.replay('no-such-job')).rejects.toMatchObject({ code: 'QUEUE_JOB_MISSING' })
      await queue.pause()
      const { id } = await queue.add('x', 1)
      await expect(queue.replay(id)).rejects.toMatchObject({ code: 'QUEUE_JOB_STATE' })
      expect(await queue.counts()).toMatchObject({ waiting: 1 })
    })

    test('of many who replay the same one, one succeeds', async () => {
      const id = await failOnce()
      const all = await Promise.allSettled(Array.from({ length: 10 }, () => queue.replay(id)))
      expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      expect(await queue.counts()).toMatchObject({ waiting: 1, failed: 0 })
    })

    test('removes a dead letter or a waiting job, but not one being worked on', async () => {
      const id = await failOnce()
      expect(await queue.remove(id)).toBe(true)
      expect(await queue.remove(id)).toBe(false)
      expect(await queue.counts()).toMatchObject({ failed: 0 })
      const end = Promise.withResolvers<void>()
      await work(() => end.promise)
      const active = await queue.add('x', 1)
      await settled({ active: 1 })
      await expect(queue.remove(active.id)).rejects.toMatchObject({ code: 'QUEUE_JOB_STATE' })
      end.resolve()
      await settled({ completed: 1 })
    })

    test('a paused queue keeps its jobs and gives none out; resumed, it gives all', async () => {
      const handler = vi.fn()
      await work(handler)
      await queue.pause()
      expect(await queue.isPaused()).toBe(true)
      await queue.addBulk([1, 2, 3].map(n => ({ name: 'n', data: n })))
      expect(await queue.counts()).toMatchObject({ waiting: 3, active: 0 })
      expect(handler).not.toHaveBeenCalled()
      await queue.resume()
      expect(await queue.isPaused()).toBe(false)
      await settled({ completed: 3 })
    })

    test('a paused worker takes no job until it is resumed, and its report says so', async () => {
      const worker = await work(() => undefined)
      await worker.pause()
      expect(worker.report().paused).toBe(true)
      await queue.add('x', 1)
      expect(await queue.counts()).toMatchObject({ waiting: 1 })
      worker.resume()
      await settled({ completed: 1 })
      expect(worker.report().paused).toBeUndefined()
    })

    test('works on as many at a time as told, and counts them', async () => {
      const end = Promise.withResolvers<void>()
      const worker = await work(() => end.promise, {
        concurrency: 3,
        name: 'three',
        owner: 'team-a',
        runbook: 'https://wiki',
      })
      await queue.addBulk([1, 2, 3, 4, 5].map(n => ({ name: 'n', data: n })))
      await settled({ active: 3, waiting: 2 })
      expect(queues.reports()).toMatchObject([
        { name: 'three', active: 3, concurrency: 3, owner: 'team-a', runbook: 'https://wiki' },
      ])
      const before = queues.revision
      end.resolve()
      await settled({ completed: 5 })
      expect(queues.revision).toBeGreaterThan(before)
      expect(worker.report()).toMatchObject({ active: 0, completed: 5 })
    })

    test('finished jobs are kept only as far as wanted', async () => {
      await work(() => undefined)
      for (let n = 0; n < 5; n++) await queue.add('n', n, { keepCompleted: 2 })
      await settled({ completed: 2, waiting: 0, active: 0 })
    })

    test('closing waits for the job under way', async () => {
      const end = Promise.withResolvers<void>()
      const worker = await work(() => end.promise)
      await queue.add('x', 1)
      await settled({ active: 1 })
      const closed = vi.fn()
      const closing = worker.close().then(closed)
      await queue.add('x', 2)
      expect(closed).not.toHaveBeenCalled()
      end.resolve()
      await closing
      expect(await queue.counts()).toMatchObject({ completed: 1, waiting: 1 })
    })

    test('closing with little patience aborts what is under way and gives back what does not end', async () => {
      const aborted = vi.fn()
      const worker = await work(job => new Promise(() => job.signal.addEventListener('abort', aborted)))
      await queue.add('x', 1)
      await settled({ active: 1 })
      await worker.close({ timeoutMs: 50 })
      expect(aborted).toHaveBeenCalled()
      expect(await queue.counts()).toMatchObject({ active: 0, waiting: 1, failed: 0 })
      const attempts: number[] = []
      await work(job => void attempts.push(job.attempt))
      await settled({ completed: 1 })
      expect(attempts).toEqual([1])
    })

    test('once closed, queues are refused', async () => {
      await queues.close()
      await expect(queues.queue('other')).rejects.toMatchObject({ code: 'QUEUE_CLOSED' })
      await expect(queues.work('other', () => undefined)).rejects.toMatchObject({ code: 'QUEUE_CLOSED' })
    })

    test('names without sense are refused', async () => {
      await expect(queues.queue('')).rejects.toMatchObject({ code: 'QUEUE_VALUE' })
      await expect(queues.queue('a:b')).rejects.toMatchObject({ code: 'QUEUE_VALUE' })
    })
  })
}
