import { expect, test, vi } from 'vitest'
import type { Setting } from './contract-setting.ts'

/** What every adapter guarantees for when jobs begin: paused queues and workers, and limits on how many. */
export function paceContract({ queue, queues, work, settled }: Setting): void {
  test('a paused queue keeps its jobs and starts none; resumed, it runs all', async () => {
    const handler = vi.fn()
    await work(handler)
    await queue().pause()
    expect(await queue().isPaused()).toBe(true)
    await queue().addBulk([1, 2, 3].map(n => ({ name: 'n', data: n })))
    expect(await queue().counts()).toMatchObject({ waiting: 3, active: 0 })
    expect(handler).not.toHaveBeenCalled()
    await queue().resume()
    expect(await queue().isPaused()).toBe(false)
    await settled({ completed: 3 })
  })

  test('a paused worker takes no job until it is resumed, and its report says so', async () => {
    const worker = await work(() => undefined)
    await worker.pause()
    expect(worker.report().paused).toBe(true)
    await queue().add('x', 1)
    expect(await queue().counts()).toMatchObject({ waiting: 1 })
    worker.resume()
    await settled({ completed: 1 })
    expect(worker.report().paused).toBeUndefined()
  })

  test('runs as many jobs at a time as configured, and counts them', async () => {
    const end = Promise.withResolvers<void>()
    const worker = await work(() => end.promise, {
      concurrency: 3,
      name: 'three',
      owner: 'team-a',
      runbook: 'https://wiki',
    })
    await queue().addBulk([1, 2, 3, 4, 5].map(n => ({ name: 'n', data: n })))
    await settled({ active: 3, waiting: 2 })
    expect(queues().reports()).toMatchObject([
      { name: 'three', active: 3, concurrency: 3, owner: 'team-a', runbook: 'https://wiki' },
    ])
    const before = queues().revision
    end.resolve()
    await settled({ completed: 5 })
    expect(queues().revision).toBeGreaterThan(before)
    // The worker counts a job once the store has answered, which the store's own figures do not wait for.
    await vi.waitFor(() => expect(worker.report()).toMatchObject({ active: 0, completed: 5 }), 10_000)
  })

  test('over all workers of a queue runs as many jobs at a time as configured', async () => {
    let running = 0
    let most = 0
    let done = 0
    const handler = async () => {
      most = Math.max(most, ++running)
      await new Promise(resolve => setTimeout(resolve, 20))
      running--
      done++
    }
    await Promise.all([1, 2].map(() => work(handler, { concurrency: 5, globalConcurrency: 2 })))
    for (let at = 0; at < 10; at++) await queue().add('x', { at })
    await vi.waitFor(() => expect(done).toBe(10), 10_000)
    expect(most).toBe(2)
  })

  test('over all workers of a queue begins no more jobs within a time than configured', async () => {
    const at: number[] = []
    const handler = () => void at.push(Date.now())
    await Promise.all([1, 2].map(() => work(handler, { rateLimit: { max: 2, perMs: 400 } })))
    const before = Date.now()
    await queue().addBulk([1, 2, 3, 4, 5].map(data => ({ name: 'x', data })))
    await settled({ completed: 5 })
    // Counted from before the first: a handler that is late itself shortens nothing.
    const [, , third = 0, , fifth = 0] = at
    expect(third - before).toBeGreaterThanOrEqual(350)
    expect(fifth - before).toBeGreaterThanOrEqual(750)
  })
}
