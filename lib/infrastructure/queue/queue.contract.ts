import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { newId } from '../../core/ids.ts'
import { attemptsContract } from './attempts.contract.ts'
import type { Setting } from './contract-setting.ts'
import { deadLettersContract } from './dead-letters.contract.ts'
import { deduplicationContract } from './deduplication.contract.ts'
import { endingContract } from './ending.contract.ts'
import { flowContract } from './flow.contract.ts'
import { jobTypeContract } from './job-type.contract.ts'
import { paceContract } from './pace.contract.ts'
import type { Job, JobOptions, Queue, Queues } from './port.ts'
import type { QueueDependencies } from './registry.ts'

/** What every adapter guarantees. `open` makes queues that share nothing with others. */
export function queueContract(name: string, open: (dependencies: QueueDependencies) => Promise<Queues>): void {
  describe(`${name} keeps the queue contract`, () => {
    let queues: Queues
    let queue: Queue
    let opened: Queues[]
    const queueName = () => queue.name
    const openOthers = async (dependencies: QueueDependencies) => {
      const others = await open(dependencies)
      opened.push(others)
      return others
    }
    beforeEach(async () => {
      opened = []
      queues = await openOthers({})
      queue = await queues.queue(`q-${newId()}`)
    })
    afterEach(() => Promise.all(opened.map(each => each.close({ timeoutMs: 500 }))))

    const work: Setting['work'] = (handler, options = {}) => queues.work(queueName(), handler, options)
    const settled = (expected: object) =>
      vi.waitFor(async () => expect(await queue.counts()).toMatchObject(expected), 10_000)
    const setting: Setting = { queue: () => queue, queues: () => queues, open: openOthers, work, settled }

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

    test.each([
      [null],
      [0],
      [''],
      [false],
      [[]],
      [{ text: '\u0000 and \ud83d\ude00', none: null }],
      [{ '\ude00': 'cut \ud83d' }],
    ])('%j reaches its worker as it was added', async data => {
      const seen: unknown[] = []
      const { id } = await queue.add('x', data)
      expect(await queue.find(id)).toMatchObject({ data })
      await work(job => void seen.push(job.data))
      await settled({ completed: 1 })
      expect(seen).toEqual([data])
    })

    test.each([
      ['NUL', '\u0000'],
      ['half of an emoji', '\ud83d'],
    ])('a result, an error, its stack, progress and a line may hold any character: %s', async (_name, character) => {
      await work(async ({ data, progress, log }) => {
        await progress({ at: character })
        await log(character)
        if (data === 'fails') throw new Error(`no ${character} luck`)
        if (data === 'fails below')
          throw Object.assign(new Error('no luck'), { stack: `Error: no luck\n at ${character}` })
        return { text: character }
      })
      const done = await queue.add('x', 'works')
      const dead = await queue.add('x', 'fails')
      const below = await queue.add('x', 'fails below')
      await settled({ completed: 1, failed: 2, active: 0 })
      expect(await queue.find(done.id)).toMatchObject({ result: { text: character }, progress: { at: character } })
      expect((await queue.find(dead.id))?.error).toMatch(/^no . luck$/)
      expect(await queue.find(below.id)).toMatchObject({ state: 'failed', error: 'no luck' })
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

    test('all attempts are used, whatever is thrown; with a fixed backoff the next one waits', async () => {
      const thrown = [new Error('first'), undefined, 'third']
      await work(() => {
        throw thrown.shift()
      })
      await queue.add('x', 1, { attempts: 3 })
      await settled({ failed: 1 })
      expect((await queue.deadLetters()).jobs).toMatchObject([{ error: 'third', attemptsMade: 3 }])
      await queue.add('y', 1, { attempts: 2, backoff: { kind: 'fixed', delayMs: 600_000 } })
      await settled({ delayed: 1, failed: 1, active: 0, waiting: 0 })
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
      [1, { priority: 1.5 }],
      [1, { priority: 2 ** 21 }],
      [1, { attempts: 0 }],
      [1, { attempts: 1.5 }],
      [1, { delayMs: -1 }],
      [1, { delayMs: Number.NaN }],
      [1, { backoff: { kind: 'fixed', delayMs: 1, jitter: 1.5 } }],
      [1, { deadlineMs: 0 }],
      [1, { timeoutMs: Number.POSITIVE_INFINITY }],
      [1, { deduplication: { id: '', mode: 'simple' } }],
      [1, { deduplication: { id: 'a', mode: 'throttle', ttlMs: 0 } }],
      [1, { delayMs: 5, deduplication: { id: 'a', mode: 'debounce', ttlMs: 9 } }],
    ] as [unknown, JobOptions][])('data %s with %o is refused, and nothing is added', async (data, options) => {
      await expect(queue.add('x', data, options)).rejects.toMatchObject({ code: 'QUEUE_VALUE' })
      await expect(
        queue.addBulk([
          { name: 'x', data: 1 },
          { name: 'x', data, options },
        ]),
      ).rejects.toMatchObject({ code: 'QUEUE_VALUE' })
      expect(await queue.counts()).toMatchObject({ waiting: 0, prioritized: 0 })
    })

    attemptsContract(setting)
    deadLettersContract(setting)
    deduplicationContract(setting)
    endingContract(setting)
    flowContract(setting)
    jobTypeContract(setting)
    paceContract(setting)

    test('only the configured number of finished jobs is kept', async () => {
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

    test('closing with a short timeout aborts jobs under way and returns those that do not end', async () => {
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
      const flow = { queue: 'other', name: 'x', data: 1 }
      await expect(queues.addFlow(flow)).rejects.toMatchObject({ code: 'QUEUE_CLOSED' })
      await expect(queues.queue('other')).rejects.toMatchObject({ code: 'QUEUE_CLOSED' })
      await expect(queues.work('other', () => undefined)).rejects.toMatchObject({ code: 'QUEUE_CLOSED' })
    })

    test('invalid names are refused', async () => {
      await expect(queues.queue('')).rejects.toMatchObject({ code: 'QUEUE_VALUE' })
      await expect(queues.queue('a:b')).rejects.toMatchObject({ code: 'QUEUE_VALUE' })
    })
  })
}
