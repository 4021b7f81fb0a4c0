import { expect, test, vi } from 'vitest'
import type { Setting } from './contract-setting.ts'
import type { Job } from './port.ts'

const untilAborted = ({ signal }: Job) =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('some other error'))))

/** What every adapter guarantees for what a job reports on its way, and for what ends it before its handler does. */
export function endingContract({ queue, work, settled }: Setting): void {
  test('a job is found in each state, with its progress, its result and its error', async () => {
    const end = Promise.withResolvers<void>()
    await work(async job => {
      await job.log('begins')
      await job.progress({ done: job.attempt, of: 3 })
      if (job.attempt === 1) throw new Error('no luck')
      await end.promise
      return { sent: true }
    })
    expect(await queue().find('nobody')).toBeUndefined()
    const { id } = await queue().add('mail', { to: 'ada' }, { attempts: 2 })
    await vi.waitFor(async () => expect(await queue().find(id)).toMatchObject({ progress: { done: 2, of: 3 } }))
    expect(await queue().find(id)).toMatchObject({
      id,
      name: 'mail',
      data: { to: 'ada' },
      state: 'active',
      attemptsMade: expect.any(Number),
      addedAt: expect.any(Number),
      error: 'no luck',
    })
    end.resolve()
    await settled({ completed: 1 })
    expect(await queue().find(id)).toMatchObject({ state: 'completed', attemptsMade: 2, result: { sent: true } })
  })

  test('a job that has not begun is cancelled by removing it', async () => {
    const waiting = await queue().add('x', 1)
    const delayed = await queue().add('x', 2, { delayMs: 600_000 })
    expect(await queue().cancel(waiting.id)).toBe('removed')
    expect(await queue().cancel(delayed.id)).toBe('removed')
    expect(await queue().counts()).toMatchObject({ waiting: 0, delayed: 0, failed: 0 })
    await expect(queue().cancel(waiting.id)).rejects.toMatchObject({ code: 'QUEUE_JOB_MISSING' })
  })

  test('a job under way that is cancelled gets its signal, and is a dead letter whatever it throws; it can be replayed', async () => {
    const reasons: unknown[] = []
    let cancels = true
    await work(async job => {
      if (!cancels) return 'done'
      await untilAborted(job).catch(() => reasons.push(job.signal.reason))
      throw new Error('some other error')
    })
    const { id } = await queue().add('x', 1, { attempts: 5 })
    await settled({ active: 1 })
    expect(await queue().cancel(id)).toBe('aborting')
    await settled({ failed: 1, active: 0 })
    expect(reasons).toMatchObject([{ code: 'JOB_CANCELLED' }])
    expect((await queue().deadLetters()).jobs).toMatchObject([
      { id, error: 'The job was cancelled', class: 'CancelledError', attemptsMade: 1, attempts: 5 },
    ])
    await expect(queue().cancel(id)).rejects.toMatchObject({ code: 'QUEUE_JOB_STATE' })
    cancels = false
    await queue().replay(id)
    await settled({ completed: 1 })
    await expect(queue().cancel(id)).rejects.toMatchObject({ code: 'QUEUE_JOB_STATE' })
  })

  test.each(['the same worker', 'a later worker'])(
    'a job that was cancelled as it ended is not cancelled again when it is replayed, in %s',
    async which => {
      const end = Promise.withResolvers<string>()
      const aborted = vi.fn()
      let replayed = false
      const start = () =>
        work(
          async job => {
            if (job.data === 'other') return untilAborted(job)
            if (!replayed) {
              await queue().cancel(job.id)
              throw new Error('some other error')
            }
            job.signal.addEventListener('abort', aborted)
            return end.promise
          },
          { concurrency: 2 },
        )
      const first = await start()
      const { id } = await queue().add('x', 'one')
      await settled({ failed: 1, active: 0 })
      if (which === 'a later worker') await first.close()
      replayed = true
      await queue().replay(id)
      if (which === 'a later worker') await start()
      await settled({ active: 1 })
      // Its worker has looked for requests once this one has ended.
      const other = await queue().add('x', 'other')
      await settled({ active: 2 })
      await queue().cancel(other.id)
      await settled({ failed: 1, active: 1 })
      expect(aborted).not.toHaveBeenCalled()
      end.resolve('done')
      await settled({ completed: 1 })
      expect(await queue().find(id)).toMatchObject({ state: 'completed', result: 'done' })
    },
  )

  test('a cancelled job that does not mind its signal is not waited for; one that completes all the same is completed', async () => {
    await work(job => (job.data === 'deaf' ? new Promise(() => {}) : untilAborted(job).catch(() => 'in time')), {
      concurrency: 2,
    })
    const deaf = await queue().add('x', 'deaf', { attempts: 2 })
    const tidy = await queue().add('x', 'tidy')
    await settled({ active: 2 })
    await queue().cancel(deaf.id)
    await queue().cancel(tidy.id)
    await settled({ failed: 1, completed: 1 })
    expect(await queue().find(deaf.id)).toMatchObject({ state: 'failed', error: 'The job was cancelled' })
    expect(await queue().find(tidy.id)).toMatchObject({ state: 'completed', result: 'in time' })
  })

  test('an attempt that takes too long fails, and the next one may succeed', async () => {
    const reasons: unknown[] = []
    await work(job => {
      if (job.attempt === 2) return 'done'
      job.signal.addEventListener('abort', () => reasons.push(job.signal.reason))
      return untilAborted(job)
    })
    const { id } = await queue().add('x', 1, { attempts: 2, timeoutMs: 30 })
    await settled({ completed: 1 })
    expect(reasons).toMatchObject([{ code: 'JOB_TIMEOUT', retryable: true }])
    expect(await queue().find(id)).toMatchObject({ attemptsMade: 2, error: 'This attempt took longer than 30 ms' })
  })

  test('what a handler returns need not be a Promise to be given up: anything with a then', async () => {
    class Query {
      readonly rows: number[] | undefined
      constructor(rows?: number[]) {
        this.rows = rows
      }
      // biome-ignore lint/suspicious/noThenProperty: the test is about handlers that return such an object, as query builders do
      then(resolve: (value: unknown) => void): void {
        if (this.rows) resolve(this.rows)
      }
    }
    await work(({ data }) => new Query(data === 'endless' ? undefined : [1]), { concurrency: 2 })
    const endless = await queue().add('x', 'endless', { timeoutMs: 30 })
    const { id } = await queue().add('x', 'short', { timeoutMs: 60_000 })
    await settled({ failed: 1, completed: 1 })
    expect(await queue().find(endless.id)).toMatchObject({ error: 'This attempt took longer than 30 ms' })
    expect(await queue().find(id)).toMatchObject({ result: [1] })
  })

  test('a job whose deadline passes is a dead letter, whether it has begun or not', async () => {
    const handler = vi.fn(untilAborted)
    await work(handler)
    await queue().add('x', 'begins', { attempts: 5, deadlineMs: 300 })
    await settled({ failed: 1 })
    expect(handler).toHaveBeenCalledTimes(1)
    expect((await queue().deadLetters()).jobs).toMatchObject([
      {
        error: 'Its deadline of 300 ms after it was added has passed',
        class: 'JobDeadlineError',
        attemptsMade: 1,
        attempts: 5,
      },
    ])
    await queue().add('x', 'too late', { delayMs: 50, deadlineMs: 1 })
    await settled({ failed: 2 })
    expect(handler).toHaveBeenCalledTimes(1)
  })
}
