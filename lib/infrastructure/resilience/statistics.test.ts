import { describe, expect, test } from 'vitest'
import type { BreakerOptions } from './port.ts'
import { createBreakerRegistry } from './registry.ts'
import { manualClock } from './resilience.contract.ts'
import { BreakerStatistics } from './statistics.ts'

const OPTIONS = { name: 'payments', policy: { kind: 'consecutive', failures: 1_000 }, halfOpenAfterMs: 1_000 } as const

function setup(options: Partial<BreakerOptions> = {}) {
  const clock = manualClock()
  const registry = createBreakerRegistry({ clock })
  const breaker = registry.create({ ...OPTIONS, ...options })
  const succeed = (tookMs = 0) => breaker.execute(() => clock.advance(tookMs))
  const fail = (error: unknown, tookMs = 0) =>
    breaker
      .execute(() => {
        clock.advance(tookMs)
        throw error
      })
      .catch(() => undefined)
  const stats = () => breaker.report().stats
  return { clock, registry, breaker, succeed, fail, stats }
}

const withCode = (code: string | number, message = 'down') => Object.assign(new Error(message), { code })

describe('statistics of the last minute', () => {
  test('are absent before the first call, and count what its outcome was', async () => {
    const { breaker, succeed, fail, stats } = setup({ isExpected: error => error === 404 })
    expect(stats()).toBeUndefined()
    await succeed()
    await fail(new Error('down'))
    await fail(Object.assign(new Error('too late'), { name: 'TimeoutError' }))
    await fail(404)
    const caller = new AbortController()
    const withdrawn = breaker.execute(
      ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
      { signal: caller.signal },
    )
    caller.abort()
    await expect(withdrawn).rejects.toThrow()
    breaker.force({ id: '1', state: 'open', reason: 'r', by: 'ada' })
    await expect(succeed()).rejects.toThrow()
    expect(stats()).toMatchObject({
      windowMs: 60_000,
      calls: 5,
      failures: 2,
      timeouts: 1,
      rejected: 1,
      ignored: 2,
      slow: 0,
    })
  })

  test('expire in slices of ten seconds, after a minute at the latest', async () => {
    const { clock, succeed, fail, stats } = setup()
    await succeed()
    await fail(new Error('down'))
    clock.advance(45_000)
    await succeed()
    expect(stats()).toMatchObject({ calls: 3, failures: 1 })
    clock.advance(15_000)
    expect(stats()).toMatchObject({ calls: 1, failures: 0, failureClasses: [] })
    clock.advance(60_000)
    expect(stats()).toMatchObject({ calls: 0 })
    expect(stats()?.latencyMs).toBeUndefined()
    clock.advance(86_400_000)
    await succeed()
    expect(stats()).toMatchObject({ calls: 1 })
  })

  test('give percentiles within their bucket, of failed calls, too, and not of those given up by their caller', async () => {
    const { clock, breaker, succeed, fail, stats } = setup()
    for (let i = 0; i < 90; i++) await succeed(3)
    for (let i = 0; i < 10; i++) await fail(new Error('down'), 700)
    const caller = new AbortController()
    const withdrawn = breaker.execute(() => {
      clock.advance(5_000)
      caller.abort()
      throw caller.signal.reason
    }, caller)
    await expect(withdrawn).rejects.toThrow()
    expect(stats()).toMatchObject({ calls: 101, latencyMs: { p50: 3.11, p95: 768, p99: 972.8 } })
  })

  test('percentiles rise with the slow share, up to the last bound', async () => {
    const { succeed, stats } = setup()
    for (let i = 0; i < 98; i++) await succeed(0.2)
    for (let i = 0; i < 2; i++) await succeed(3_000)
    expect(stats()?.latencyMs?.p50).toBeLessThanOrEqual(0.5)
    expect(stats()?.latencyMs?.p99).toBeGreaterThan(2_048)
    expect(stats()?.latencyMs?.p99).toBeLessThanOrEqual(4_096)
    const other = setup()
    await other.succeed(50_000_000)
    expect(other.stats()?.latencyMs).toEqual({ p50: 65_536, p95: 65_536, p99: 65_536 })
  })

  test('at high rates count every call, time a sample, and keep its percentiles', async () => {
    let reads = 0
    const clock = manualClock()
    const counting = {
      ...clock,
      monotonic: () => {
        reads++
        return clock.monotonic()
      },
    }
    const statistics = new BreakerStatistics(counting)
    const call = (tookMs: number) => {
      const began = statistics.begin()
      clock.advance(tookMs)
      return statistics.settled(began)
    }
    reads = 0
    // Every fourth takes 6 ms, the others nothing: a sample in step with that would miss them, or meet nothing else.
    for (let i = 0; i < 5_000; i++) call(i % 4 === 3 ? 6 : 0)
    expect(reads).toBeLessThan(2 * 5_000 * 0.25)
    const { calls, latencyMs } = statistics.report()
    expect(calls).toBe(5_000)
    expect(latencyMs?.p50).toBeLessThanOrEqual(0.5)
    expect(latencyMs?.p95).toBeGreaterThan(4)
    // In the next slice each call is timed again, and the calls that were not keep their place.
    clock.advance(10_000)
    expect(statistics.report().calls).toBe(5_000)
    expect(call(2)).toBe(2)
    expect(statistics.report().calls).toBe(5_001)
  })

  test('with a limit for slow calls every call is timed', async () => {
    const { succeed, stats } = setup({ slowCallMs: 5 })
    for (let i = 0; i < 1_000; i++) await succeed(i % 100 === 0 ? 6 : 0)
    expect(stats()).toMatchObject({ calls: 1_000, slow: 10 })
  })
})

describe('failures by class', () => {
  test('are told apart by name and code, with the latest message and time, the most frequent first', async () => {
    const { clock, fail, stats } = setup()
    await fail(withCode('ECONNREFUSED', 'first'))
    await fail(new TypeError('is not a function'))
    clock.advance(1_000)
    await fail(withCode('ECONNREFUSED', 'second'))
    await fail(withCode(503))
    await fail('a string')
    expect(stats()).toMatchObject({ failures: 5, otherFailures: 0 })
    expect(stats()?.failureClasses[0]).toEqual({
      name: 'Error',
      code: 'ECONNREFUSED',
      count: 2,
      message: 'second',
      at: clock.now(),
    })
    expect(stats()?.failureClasses.map(({ name, code, count }) => [name, code, count])).toEqual(
      expect.arrayContaining([
        ['TypeError', undefined, 1],
        ['Error', '503', 1],
        ['string', undefined, 1],
      ]),
    )
  })

  test('beyond eight are counted as others; frequent ones stay', async () => {
    const { clock, fail, stats } = setup()
    for (let i = 0; i < 5; i++) await fail(withCode('FREQUENT'))
    for (let i = 0; i < 20; i++) {
      clock.advance(1)
      await fail(withCode(`ORDER-${i}`))
    }
    const { failures, failureClasses = [], otherFailures } = stats() ?? {}
    expect(failures).toBe(25)
    expect(failureClasses).toHaveLength(8)
    expect(failureClasses[0]).toMatchObject({ code: 'FREQUENT', count: 5 })
    expect(failureClasses.map(({ code }) => code)).toContain('ORDER-19')
    expect(otherFailures).toBe(13)
    clock.advance(60_000)
    expect(stats()).toMatchObject({ failureClasses: [], otherFailures: 0 })
  })

  test.each([
    [Object.create(null), 'object', 'An error that cannot be shown as text'],
    [Object.assign(new Error(), { message: 7 }), 'Error', '7'],
    [Object.assign(new Error('down'), { name: undefined }), 'undefined', 'down'],
  ])('take whatever was thrown, and pass it on: %#', async (thrown, name, message) => {
    const { breaker, stats } = setup()
    await expect(breaker.execute(() => Promise.reject(thrown))).rejects.toBe(thrown)
    expect(stats()?.failureClasses).toMatchObject([{ name, message, count: 1 }])
    expect(breaker.report().lastFailure?.message).toBe(message)
  })

  test('keep at most 200 characters of a message, and the last failure 1,000', async () => {
    const { breaker, fail, stats } = setup()
    await fail(new Error('x'.repeat(5_000)))
    expect(stats()?.failureClasses[0]?.message).toBe('x'.repeat(200))
    expect(breaker.report().lastFailure?.message).toBe('x'.repeat(1_000))
  })
})

test('the revision grows as calls leave the window, and then no more', async () => {
  const { clock, registry, succeed } = setup()
  await succeed()
  let last = registry.revision
  const grown: number[] = []
  for (let seconds = 2; seconds <= 120; seconds += 2) {
    clock.advance(2_000)
    registry.reports()
    if (registry.revision > last) grown.push(seconds)
    last = registry.revision
  }
  expect(grown.length).toBeGreaterThanOrEqual(6)
  expect(grown.at(-1)).toBeLessThanOrEqual(70)
  expect(grown.at(-1)).toBeGreaterThanOrEqual(60)
})
