import { describe, expect, test, vi } from 'vitest'
import { InfrastructureError } from '../../core/errors.ts'
import {
  BreakerOpenError,
  compose,
  createBreakerRegistry,
  retry,
  timeout,
  withBreaker,
  withRetry,
  withTimeout,
} from './index.ts'

const passing = () => new InfrastructureError('busy', { retryable: true })
const FAST = { initialDelayMs: 1, maxDelayMs: 2 }
const breakerOf = (failures: number, halfOpenAfterMs = 60_000) =>
  createBreakerRegistry().create({ name: 'b', policy: { kind: 'consecutive', failures }, halfOpenAfterMs })

describe('retry', () => {
  test('repeats a call with a retryable error until it succeeds', async () => {
    const fn = vi
      .fn(async (id: number) => `found ${id}`)
      .mockRejectedValueOnce(passing())
      .mockRejectedValueOnce(passing())
    await expect(withRetry(FAST, fn)(7)).resolves.toBe('found 7')
    expect(fn).toHaveBeenCalledTimes(3)
  })

  test('gives up after `attempts` calls with the last error', async () => {
    const fn = vi.fn().mockRejectedValue(passing())
    await expect(withRetry({ ...FAST, attempts: 4 }, fn)()).rejects.toThrow('busy')
    expect(fn).toHaveBeenCalledTimes(4)
  })

  test.each([new InfrastructureError('refused'), new Error('a bug'), new BreakerOpenError('b')])(
    'does not repeat %s',
    async error => {
      const fn = vi.fn().mockRejectedValue(error)
      await expect(withRetry(FAST, fn)()).rejects.toBe(error)
      expect(fn).toHaveBeenCalledTimes(1)
    },
  )

  test('an abort ends it at once, also between two attempts, and nothing is called after', async () => {
    const caller = new AbortController()
    const fn = vi.fn().mockRejectedValue(passing())
    const run = retry({ attempts: 5, initialDelayMs: 30, maxDelayMs: 40 }).execute(fn, { signal: caller.signal })
    await vi.waitFor(() => expect(fn).toHaveBeenCalledTimes(1))
    caller.abort(new Error('not wanted any more'))
    await expect(run).rejects.toThrow('not wanted any more')
    await new Promise(resolve => setTimeout(resolve, 60))
    expect(fn).toHaveBeenCalledTimes(1)
  })
})

describe('timeout', () => {
  test('rejects when the budget is spent and aborts the call', async () => {
    const aborted = vi.fn()
    const run = timeout('Search', 5).execute(
      ({ signal }) => new Promise(() => signal.addEventListener('abort', aborted)),
    )
    await expect(run).rejects.toThrow('Search took longer than 5 ms')
    expect(aborted).toHaveBeenCalled()
  })

  test('does not affect quick calls, including errors thrown at once', async () => {
    await expect(withTimeout(1_000, async (a: number) => a + 1)(1)).resolves.toBe(2)
    const thrower = withTimeout(1_000, () => {
      throw new Error('at once')
    })
    await expect(thrower()).rejects.toThrow('at once')
  })

  test("passes the caller's abort on", async () => {
    const caller = new AbortController()
    const run = timeout('x', 1_000).execute(
      ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
      { signal: caller.signal },
    )
    caller.abort(new Error('stop'))
    await expect(run).rejects.toThrow('stop')
  })
})

test('withBreaker keeps the signature and stops calling once open', async () => {
  const fn = vi.fn(async (_id: string) => Promise.reject(new Error('down')))
  const load = withBreaker(breakerOf(2), fn)
  await expect(load('a')).rejects.toThrow('down')
  await expect(load('b')).rejects.toThrow('down')
  await expect(load('c')).rejects.toBeInstanceOf(BreakerOpenError)
  expect(fn.mock.calls).toEqual([['a'], ['b']])
})

test('compose runs outermost first: each attempt is a call of the breaker, each with its own budget', async () => {
  const breaker = breakerOf(2)
  const fn = vi.fn(() => new Promise(() => undefined))
  const run = compose(retry({ ...FAST, attempts: 5 }), breaker, timeout('slow', 5)).execute(fn)
  await expect(run).rejects.toBeInstanceOf(BreakerOpenError)
  expect(fn).toHaveBeenCalledTimes(2)
  expect(breaker.report().totals).toMatchObject({ failures: 2, timeouts: 2, rejected: 1 })
})
