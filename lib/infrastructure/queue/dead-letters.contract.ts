import { expect, test, vi } from 'vitest'
import type { Setting } from './contract-setting.ts'
import { failureOf } from './failure.ts'
import { type Job, PermanentJobError } from './port.ts'

/** What every adapter guarantees for jobs that failed for good: they are kept, listed, replayed, removed. */
export function deadLettersContract({ queue, queues, work, settled }: Setting): void {
  const failOnce = async (job = 'x', data: unknown = {}, options = {}) => {
    const worker = await work(() => Promise.reject(new Error('no luck')))
    const { id } = await queue().add(job, data, options)
    await settled({ failed: 1 })
    await worker.close()
    return id
  }

  test('repeats a job for all its attempts, with its backoff; then it is a dead letter with all stacks', async () => {
    const at: number[] = []
    const worker = await work(job => {
      at.push(Date.now())
      throw new Error(`attempt ${job.attempt} of ${job.attempts}`)
    })
    const { id } = await queue().add(
      'pay',
      { amount: 7 },
      { attempts: 3, backoff: { kind: 'exponential', delayMs: 100 }, priority: 4 },
    )
    await settled({ failed: 1 })
    expect(at[1]! - at[0]!).toBeGreaterThanOrEqual(95)
    expect(at[2]! - at[1]!).toBeGreaterThanOrEqual(195)
    const { total, jobs } = await queue().deadLetters()
    expect(total).toBe(1)
    expect(jobs).toMatchObject([
      {
        id,
        name: 'pay',
        data: { amount: 7 },
        error: 'attempt 3 of 3',
        class: 'Error',
        fingerprint: failureOf({ name: 'pay', error: 'attempt 1 of 9', stack: jobs[0]?.stacks[0] }).fingerprint,
        attemptsMade: 3,
        attempts: 3,
        priority: 4,
        delayMs: 0,
      },
    ])
    expect(jobs[0]?.stacks.map(stack => stack.split('\n')[0])).toEqual([
      'Error: attempt 1 of 3',
      'Error: attempt 2 of 3',
      'Error: attempt 3 of 3',
    ])
    expect(jobs[0]?.failedAt).toBeGreaterThanOrEqual(at[2]!)
    expect(worker.report()).toMatchObject({
      failed: 3,
      deadLettered: 1,
      lastError: { message: 'attempt 3 of 3', jobId: id },
    })
  })

  test('a permanent error causes no other attempt', async () => {
    const handler = vi.fn(() => Promise.reject(new PermanentJobError('the card is stolen')))
    await work(handler)
    await queue().add('pay', 1, { attempts: 5 })
    await settled({ failed: 1 })
    expect(handler).toHaveBeenCalledTimes(1)
    expect((await queue().deadLetters()).jobs[0]).toMatchObject({ error: 'the card is stolen', attemptsMade: 1 })
  })

  test('are also added to the queue that the worker names, with their error', async () => {
    const name = `${queue().name}-dead`
    await work(() => Promise.reject(new TypeError('no luck')), { deadLetterQueue: name })
    const { id } = await queue().add('pay', { amount: 7 }, { attempts: 2 })
    await settled({ failed: 1 })
    const seen: Job[] = []
    await queues().work(name, job => void seen.push(job))
    await vi.waitFor(() => expect(seen).toHaveLength(1), 10_000)
    const copied = { queue: queue().name, id, name: 'pay', data: { amount: 7 }, error: 'no luck', attemptsMade: 2 }
    expect(seen).toMatchObject([
      { name: 'pay', data: { ...copied, stack: expect.stringContaining('TypeError: no luck') } },
    ])
    expect((await queue().deadLetters()).jobs).toMatchObject([{ id, error: 'no luck' }])
  })

  test('dead letters come newest first, a page at a time', async () => {
    await work(() => Promise.reject(new Error('x')))
    for (const data of [1, 2, 3]) {
      await queue().add('n', data)
      await settled({ failed: data })
    }
    const page = await queue().deadLetters({ offset: 1, limit: 1 })
    expect(page).toMatchObject({ total: 3, jobs: [{ data: 2 }] })
  })

  test('a replayed dead letter has its id, data and priority, and all its attempts again', async () => {
    const id = await failOnce('pay', { amount: 7 }, { priority: 3 })
    await queue().add('pay', 'urgent', { priority: 1 })
    await queue().replay(id)
    expect(await queue().counts()).toMatchObject({ failed: 0, prioritized: 2 })
    const seen: Job[] = []
    await work(job => void seen.push(job))
    await settled({ completed: 2 })
    expect(seen).toMatchObject([{ data: 'urgent' }, { id, data: { amount: 7 }, attempt: 1 }])
  })

  test('a replayed dead letter waits its delay again', async () => {
    const id = await failOnce('later', 1, { delayMs: 200 })
    const replayedAt = Date.now()
    await queue().replay(id)
    expect(await queue().counts()).toMatchObject({ failed: 0, delayed: 1 })
    let ranAt = 0
    await work(() => {
      ranAt = Date.now()
    })
    await settled({ completed: 1 })
    expect(ranAt - replayedAt).toBeGreaterThanOrEqual(195)
  })

  test('a replay wakes an idle worker', async () => {
    let fails = true
    await work(() => {
      if (fails) throw new Error('not yet')
    })
    const { id } = await queue().add('x', 1)
    await settled({ failed: 1 })
    fails = false
    await queue().replay(id)
    // An idle worker of BullMQ checks on its own only every five seconds.
    await vi.waitFor(async () => expect(await queue().counts()).toMatchObject({ completed: 1 }), 2_500)
  })

  test('a replay into a paused queue waits', async () => {
    const id = await failOnce()
    await queue().pause()
    const handler = vi.fn()
    await work(handler)
    await queue().replay(id)
    expect(await queue().counts()).toMatchObject({ waiting: 1, failed: 0 })
    expect(handler).not.toHaveBeenCalled()
    await queue().resume()
    await settled({ completed: 1 })
  })

  test('a job that is not a dead letter cannot be replayed', async () => {
    await expect(queue().replay('no-such-job')).rejects.toMatchObject({ code: 'QUEUE_JOB_MISSING' })
    await queue().pause()
    const { id } = await queue().add('x', 1)
    await expect(queue().replay(id)).rejects.toMatchObject({ code: 'QUEUE_JOB_STATE' })
    expect(await queue().counts()).toMatchObject({ waiting: 1 })
  })

  test('of concurrent replays of the same one, one succeeds', async () => {
    const id = await failOnce()
    const all = await Promise.allSettled(Array.from({ length: 10 }, () => queue().replay(id)))
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await queue().counts()).toMatchObject({ waiting: 1, failed: 0 })
  })

  test('removes a dead letter or a waiting job, but not an active one', async () => {
    const id = await failOnce()
    expect(await queue().remove(id)).toBe(true)
    expect(await queue().remove(id)).toBe(false)
    expect(await queue().counts()).toMatchObject({ failed: 0 })
    const end = Promise.withResolvers<void>()
    await work(() => end.promise)
    const active = await queue().add('x', 1)
    await settled({ active: 1 })
    await expect(queue().remove(active.id)).rejects.toMatchObject({ code: 'QUEUE_JOB_STATE' })
    end.resolve()
    await settled({ completed: 1 })
  })
}
