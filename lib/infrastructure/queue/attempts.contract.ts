import { setTimeout } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { createIdempotency, type Idempotency, IdempotencyError } from '../idempotency/index.ts'
import type { Setting } from './contract-setting.ts'
import type { Job } from './port.ts'

/** What every adapter guarantees for how often, and when, a job is tried. */
export function attemptsContract({ queue, open, work, settled }: Setting): void {
  /** Of this test alone, also where queues are in one database. */
  const own = (what: string) => `${queue().name}-${what}`

  test('a job that is repeated keeps its priority, with a backoff and without', async () => {
    const seen: unknown[] = []
    await queue().add('n', 'urgent', { priority: 1, attempts: 3 })
    await queue().addBulk(['second', 'third'].map(data => ({ name: 'n', data, options: { priority: 2 } })))
    await work(async job => {
      seen.push(job.data)
      if (job.data === 'urgent' && job.attempt < job.attempts) throw new Error('no luck')
      if (job.data === 'longer') await setTimeout(400)
    })
    await settled({ completed: 3 })
    expect(seen).toEqual(['urgent', 'urgent', 'urgent', 'second', 'third'])
    seen.length = 0
    await queue().pause()
    await queue().add('n', 'urgent', { priority: 1, attempts: 2, backoff: { kind: 'fixed', delayMs: 300 } })
    await queue().addBulk(['longer', 'last'].map(data => ({ name: 'n', data, options: { priority: 2 } })))
    await queue().resume()
    await settled({ completed: 6 })
    expect(seen).toEqual(['urgent', 'longer', 'urgent', 'last'])
  })

  test('a jitter spreads the next attempts of jobs that failed together', async () => {
    const first: unknown[] = []
    const second: unknown[] = []
    await work(job => {
      ;(job.attempt === 1 ? first : second).push(job.data)
      if (job.attempt === 1) throw new Error('no luck')
    })
    const options = { attempts: 2, backoff: { kind: 'fixed' as const, delayMs: 500, jitter: 1 } }
    await queue().addBulk(Array.from({ length: 16 }, (_, data) => ({ name: 'n', data, options })))
    await settled({ completed: 16 })
    expect(second).not.toEqual(first)
    expect(new Set(second)).toEqual(new Set(first))
  })

  test("a worker's own backoff decides about the next attempt", async () => {
    const asked: unknown[] = []
    await work(job => Promise.reject(new Error(String(job.data))), {
      backoff(attempt, error) {
        const { message } = error as Error
        asked.push([attempt, message])
        if (message === 'never') return false
        if (message === 'broken') throw new Error('no such rule')
        return message === 'soon' ? 0 : 600_000
      },
    })
    const options = { attempts: 3, backoff: { kind: 'fixed' as const, delayMs: 600_000 } }
    await queue().add('n', 'never', options)
    await settled({ failed: 1, delayed: 0 })
    expect((await queue().deadLetters()).jobs).toMatchObject([{ error: 'never', attemptsMade: 1 }])
    await queue().add('n', 'soon', options)
    await settled({ failed: 2, delayed: 0 })
    await queue().add('n', 'later', { attempts: 3 })
    await settled({ failed: 2, delayed: 1 })
    await queue().add('n', 'broken', options)
    await settled({ failed: 2, delayed: 2 })
    expect(asked).toEqual([
      [1, 'never'],
      [1, 'soon'],
      [2, 'soon'],
      [1, 'later'],
      [1, 'broken'],
    ])
  })

  test('jobs with one key are handled once, and have one result', async () => {
    const idempotency = await createIdempotency()
    const queues = await open({ idempotency })
    const payments = await queues.queue(own('payments'))
    const seen: unknown[] = []
    const options = { concurrency: 2, idempotencyKey: ({ data }: Job<string>) => data }
    await queues.work<string>(
      own('payments'),
      job => {
        seen.push(job.data)
        if (job.data === 'second' && job.attempt === 1) throw new Error('no luck')
        return { paid: job.data, by: job.id }
      },
      options,
    )
    const results: unknown[] = []
    for (const data of ['first', 'first', 'second', 'second']) {
      const { id } = await payments.add('pay', data, { attempts: 2 })
      await vi.waitFor(async () => expect(await payments.find(id)).toMatchObject({ state: 'completed' }), 10_000)
      results.push((await payments.find(id))?.result)
    }
    // An attempt that failed is repeated.
    expect(seen).toEqual(['first', 'second', 'second'])
    expect(results[1]).toEqual(results[0])
    expect(results[3]).toEqual(results[2])
    await idempotency.close()
  })

  test('a job whose key is in flight elsewhere goes back to its queue and loses no attempt', async () => {
    let asked = 0
    const idempotency: Pick<Idempotency, 'run'> = {
      async run(key, _options, of) {
        if (++asked === 1) throw new IdempotencyError('It is in flight', { code: 'IN_FLIGHT', retryable: true })
        if (asked === 2) throw new IdempotencyError(`${key} is too long`, { code: 'KEY' })
        return of({ fence: asked, signal: new AbortController().signal })
      },
    }
    const queues = await open({ idempotency })
    const payments = await queues.queue(own('payments'))
    const attempts: number[] = []
    await queues.work(own('payments'), ({ attempt }) => void attempts.push(attempt), {
      idempotencyKey: ({ name }) => name,
    })
    const { id } = await payments.add('pay', 1, { attempts: 2 })
    await vi.waitFor(async () => expect(await payments.find(id)).toMatchObject({ state: 'completed' }), 10_000)
    expect(asked).toBe(3)
    expect(attempts).toEqual([2])
    expect(await payments.find(id)).toMatchObject({ error: `${own('payments')}:pay is too long`, result: null })
  })

  test('a job whose key is in flight elsewhere leaves its place in the worker to the next one', async () => {
    const idempotency = await createIdempotency()
    const end = Promise.withResolvers<string>()
    const elsewhere = idempotency.run(`${own('payments')}:first`, { onCrash: 'retry' }, () => end.promise)
    const queues = await open({ idempotency })
    const payments = await queues.queue(own('payments'))
    const first = await payments.add('pay', 'first')
    await payments.add('pay', 'second')
    await queues.work<string>(own('payments'), ({ data }) => `paid ${data} here`, {
      idempotencyKey: job => String(job.data),
    })
    const counted = (expected: object) =>
      vi.waitFor(async () => expect(await payments.counts()).toMatchObject(expected), 5_000)
    await counted({ completed: 1, delayed: 1, active: 0, waiting: 0 })
    end.resolve('paid elsewhere')
    await counted({ completed: 2 })
    expect(await payments.find(first.id)).toMatchObject({ attemptsMade: 1, result: 'paid elsewhere' })
    await elsewhere
    await idempotency.close()
  })

  test('without a store for keys, such a worker is refused', async () => {
    await expect(work(() => undefined, { idempotencyKey: ({ id }) => id })).rejects.toMatchObject({
      code: 'QUEUE_VALUE',
      nextStep: 'Pass idempotency to createQueues.',
    })
  })

  test('the trace in which a job is added reaches its handler, beside its data', async () => {
    let trace: string | { traceparent: string; tracestate?: string } | undefined = '00-aa-bb-01'
    const queues = await open({ traceContext: () => trace })
    const traced = await queues.queue(own('traced'))
    const seen: Job[] = []
    await traced.add('x', { a: 1 })
    trace = { traceparent: '00-cc-dd-01', tracestate: 'vendor=1' }
    await queues.addFlow({ queue: own('traced'), name: 'x', data: { a: 2 } })
    trace = undefined
    await traced.add('x', { a: 3 })
    await queues.work(own('traced'), job => void seen.push(job))
    await vi.waitFor(() => expect(seen).toHaveLength(3), 10_000)
    expect(seen.map(({ data, traceparent, tracestate }) => ({ data, traceparent, tracestate }))).toEqual([
      { data: { a: 1 }, traceparent: '00-aa-bb-01' },
      { data: { a: 2 }, traceparent: '00-cc-dd-01', tracestate: 'vendor=1' },
      { data: { a: 3 } },
    ])
  })
}
