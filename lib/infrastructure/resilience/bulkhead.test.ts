import { describe, expect, test, vi } from 'vitest'
import { createBulkhead, PolicyOptionsError } from './index.ts'

/** Calls that end when the test says so. */
function held() {
  const ends: (() => void)[] = []
  const started = vi.fn()
  return {
    started,
    call: () =>
      new Promise<string>(resolve => {
        started()
        ends.push(() => resolve('done'))
      }),
    endOne: () => ends.shift()?.(),
  }
}
const settled = () => new Promise(resolve => setImmediate(resolve))

describe('a bulkhead', () => {
  test('runs so many calls at a time, lets so many wait in order, and refuses the rest without calling', async () => {
    const bulkhead = createBulkhead({ name: 'reports', maxConcurrent: 2, maxQueued: 1 })
    const { call, started, endOne } = held()
    const runs = [bulkhead.execute(call), bulkhead.execute(call), bulkhead.execute(call)]
    await expect(bulkhead.execute(call)).rejects.toMatchObject({
      code: 'BULKHEAD_FULL',
      retryable: true,
      message: 'reports is not called: 2 calls run and 1 wait already',
    })
    expect(bulkhead.report()).toMatchObject({ active: 2, queued: 1, rejected: 1 })
    expect(started).toHaveBeenCalledTimes(2)
    endOne()
    await settled()
    expect(started).toHaveBeenCalledTimes(3)
    endOne()
    endOne()
    await expect(Promise.all(runs)).resolves.toEqual(['done', 'done', 'done'])
    expect(bulkhead.report()).toMatchObject({ active: 0, queued: 0 })
  })

  test('a failed call gives its place back', async () => {
    const bulkhead = createBulkhead({ name: 'reports', maxConcurrent: 1 })
    await expect(bulkhead.execute(() => Promise.reject(new Error('down')))).rejects.toThrow('down')
    await expect(bulkhead.execute(() => 'up')).resolves.toBe('up')
  })

  test('a call that waits too long is refused, and one that its caller gives up leaves the queue', async () => {
    const bulkhead = createBulkhead({ name: 'reports', maxConcurrent: 1, maxQueued: 2, queueTimeoutMs: 10 })
    const { call, started, endOne } = held()
    const running = bulkhead.execute(call)
    await expect(bulkhead.execute(call)).rejects.toThrow('none of 1 running calls ended within 10 ms')
    expect(bulkhead.report()).toMatchObject({ timedOut: 1, queued: 0, rejected: 0 })
    const caller = new AbortController()
    const waiting = bulkhead.execute(call, { signal: caller.signal })
    caller.abort(new Error('not wanted any more'))
    await expect(waiting).rejects.toThrow('not wanted any more')
    await expect(bulkhead.execute(call, { signal: caller.signal })).rejects.toThrow('not wanted any more')
    expect(bulkhead.report()).toMatchObject({ timedOut: 1, queued: 0, active: 1, queueTimeoutMs: 10 })
    endOne()
    await running
    expect(started).toHaveBeenCalledTimes(1)
  })

  test('keeps the place of a call that goes on after its caller gave up', async () => {
    const bulkhead = createBulkhead({ name: 'reports', maxConcurrent: 1 })
    const { call, endOne } = held()
    const caller = new AbortController()
    const run = bulkhead.execute(call, { signal: caller.signal })
    await settled()
    caller.abort()
    await expect(bulkhead.execute(call)).rejects.toMatchObject({ code: 'BULKHEAD_FULL' })
    endOne()
    await expect(run).resolves.toBe('done')
  })

  test('takes other limits while it runs: more places admit those who wait, fewer hold back new ones', async () => {
    const bulkhead = createBulkhead({ name: 'reports', maxConcurrent: 1, maxQueued: 5 })
    const { call, started, endOne } = held()
    const runs = Array.from({ length: 4 }, () => bulkhead.execute(call))
    await settled()
    expect(started).toHaveBeenCalledTimes(1)
    bulkhead.setLimits({ maxConcurrent: 3 })
    await settled()
    expect(started).toHaveBeenCalledTimes(3)
    bulkhead.setLimits({ maxConcurrent: 1, maxQueued: 0 })
    endOne()
    await settled()
    expect(bulkhead.report()).toMatchObject({ active: 2, queued: 1, maxConcurrent: 1, maxQueued: 0 })
    expect(() => bulkhead.setLimits({ maxConcurrent: 0 })).toThrow(PolicyOptionsError)
    expect(bulkhead.report().maxConcurrent).toBe(1)
    for (let i = 0; i < 4; i++) {
      endOne()
      await settled()
    }
    await Promise.all(runs)
  })

  test.each([
    [{ maxConcurrent: 0 }, 'maxConcurrent must be a whole number, 1 or more, got 0'],
    [{ maxConcurrent: 1.5 }, 'got 1.5'],
    [{ maxConcurrent: 1, maxQueued: -1 }, 'maxQueued must be a whole number, 0 or more, got -1'],
  ])('refuses %j', (options, message) => {
    expect(() => createBulkhead({ name: 'reports', ...options })).toThrow(message)
  })
})
