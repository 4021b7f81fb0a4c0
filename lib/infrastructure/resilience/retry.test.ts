import { describe, expect, test, vi } from 'vitest'
import { InfrastructureError } from '../../core/errors.ts'
import { delaysOf } from './adapters/cockatiel-backoff.ts'
import { BulkheadFullError, createRetryBudget, PolicyOptionsError, RateLimitedError, retry } from './index.ts'
import { manualClock } from './resilience.contract.ts'

const busy = () => new InfrastructureError('busy', { retryable: true })
const askingFor = (retryAfterMs: number) => Object.assign(busy(), { retryAfterMs })

describe('delays', () => {
  const delays = (kind: Parameters<typeof delaysOf>[0]['kind'], count = 5) => {
    const next = delaysOf({ kind, initialDelayMs: 100, maxDelayMs: 450 })
    return Array.from({ length: count }, next)
  }

  test.each([
    ['constant', [100, 100, 100, 100, 100]],
    ['linear', [100, 200, 300, 400, 450]],
    ['exponential', [100, 200, 400, 450, 450]],
  ] as const)('%s grow as named, up to the longest', (kind, expected) => {
    expect(delays(kind)).toEqual(expected)
  })

  test('decorrelated jitter differs from call to call and never exceeds the longest', () => {
    const many = Array.from({ length: 50 }, () => delays('decorrelated-jitter'))
    expect(new Set(many.map(([first]) => first)).size).toBeGreaterThan(40)
    for (const delay of many.flat()) expect(delay).toBeLessThanOrEqual(450)
    for (const delay of many.flat()) expect(delay).toBeGreaterThanOrEqual(0)
  })
})

describe('retry', () => {
  const delaysTaken = async (errors: Error[], options: Parameters<typeof retry>[0] = {}) => {
    const taken: number[] = []
    const fn = vi.fn(async () => 'answered')
    for (const error of errors) fn.mockRejectedValueOnce(error)
    vi.useFakeTimers()
    try {
      const run = retry({ backoff: 'constant', initialDelayMs: 10, ...options, onRetry: (_, ms) => taken.push(ms) })
        .execute(fn)
        .then(
          value => value,
          error => error,
        )
      await vi.runAllTimersAsync()
      return { taken, outcome: await run, calls: fn.mock.calls.length }
    } finally {
      vi.useRealTimers()
    }
  }

  test('waits as long as the provider asks, when that is longer than its own delay', async () => {
    expect(await delaysTaken([askingFor(2_000), askingFor(5)])).toEqual({
      taken: [2_000, 10],
      outcome: 'answered',
      calls: 3,
    })
  })

  test('ends with the error of a provider that asks for more than it would wait', async () => {
    const error = askingFor(60_000)
    expect(await delaysTaken([error])).toEqual({ taken: [], outcome: error, calls: 1 })
    expect(await delaysTaken([error], { maxRetryAfterMs: 60_000 })).toMatchObject({ outcome: 'answered', calls: 2 })
  })

  test.each([new BulkheadFullError('mail', { maxConcurrent: 1, maxQueued: 0 }), new RateLimitedError('mail', 100)])(
    'does not repeat a call that was refused here: %s',
    async error => {
      expect(await delaysTaken([error])).toEqual({ taken: [], outcome: error, calls: 1 })
    },
  )

  test('an abort ends it during a call that does not respect the signal', async () => {
    const caller = new AbortController()
    const run = retry().execute(() => new Promise(() => {}), { signal: caller.signal })
    caller.abort(new Error('enough'))
    await expect(run).rejects.toThrow('enough')
    await expect(retry().execute(vi.fn(), { signal: caller.signal })).rejects.toThrow('enough')
  })
})

describe('a retry budget', () => {
  test('allows a share of the calls, and its least a second', async () => {
    const clock = manualClock()
    const budget = createRetryBudget({ ratio: 0.1, minPerSecond: 0, windowMs: 10_000 }, clock)
    const failing = vi.fn().mockRejectedValue(busy())
    const guarded = retry({ attempts: 5, backoff: 'constant', initialDelayMs: 0, budget })
    for (let call = 0; call < 100; call++) await expect(guarded.execute(failing)).rejects.toThrow('busy')
    // Without a budget these would be 500 calls.
    expect(failing).toHaveBeenCalledTimes(110)
    expect(budget.report()).toEqual({
      ratio: 0.1,
      minPerSecond: 0,
      windowMs: 10_000,
      calls: 100,
      retries: 10,
      left: 0,
      exhausted: 100,
    })
  })

  test('forgets what has left its window', () => {
    const clock = manualClock()
    const budget = createRetryBudget({ ratio: 0, minPerSecond: 0.2, windowMs: 10_000 }, clock)
    expect([budget.take(), budget.take(), budget.take()]).toEqual([true, true, false])
    clock.advance(9_000)
    expect(budget.take()).toBe(false)
    clock.advance(1_000)
    expect(budget.report()).toMatchObject({ retries: 0, left: 2, exhausted: 2 })
    expect(budget.take()).toBe(true)
    clock.advance(1_000_000)
    expect(budget.report()).toMatchObject({ retries: 0, left: 2 })
  })

  test('takes another ratio while it runs, and refuses an impossible one', () => {
    const budget = createRetryBudget({ ratio: 0, minPerSecond: 0 })
    for (let call = 0; call < 10; call++) budget.called()
    expect(budget.take()).toBe(false)
    budget.setRatio(0.5)
    expect(budget.report().left).toBe(5)
    expect(budget.take()).toBe(true)
    expect(() => budget.setRatio(-1)).toThrow(PolicyOptionsError)
    expect(budget.report().ratio).toBe(0.5)
    expect(() => createRetryBudget({ minPerSecond: Number.NaN })).toThrow('minPerSecond must be 0 or more')
    expect(() => createRetryBudget({ windowMs: 1 })).toThrow('windowMs must be 10 or more')
  })
})
