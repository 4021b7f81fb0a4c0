import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  BreakerOpenError,
  type BreakerOptions,
  type BreakerPolicy,
  type BreakerTransition,
  TimeoutError,
} from './port.ts'
import { createBreakerRegistry } from './registry.ts'
import { type BreakerUnderTest, breakerContract, hold, manualClock } from './resilience.contract.ts'

const OPTIONS = { name: 'payments', policy: { kind: 'consecutive', failures: 3 }, halfOpenAfterMs: 1_000 } as const

function setup(options: Partial<BreakerOptions> = {}) {
  const clock = manualClock()
  const registry = createBreakerRegistry({ clock })
  const breaker = registry.create({ ...OPTIONS, ...options })
  const transitions: BreakerTransition[] = []
  registry.onTransition(transition => transitions.push(transition))
  const fail = (message = 'down') => breaker.execute(() => Promise.reject(new Error(message))).catch((e: unknown) => e)
  const trip = async () => {
    while (breaker.state === 'closed') await fail()
  }
  return { clock, registry, breaker, transitions, fail, trip }
}

function underTest(policy: BreakerPolicy, tripsAfter: number): BreakerUnderTest {
  const { clock, breaker, transitions } = setup({ policy })
  return {
    breaker,
    transitions,
    tripsAfter,
    call: outcome => breaker.execute(() => (outcome === 'ok' ? 1 : Promise.reject(outcome))),
    untilProbe: () => clock.advance(1_000),
    can: { shadow: true, forceClosed: true, keepsComputed: true, changePolicy: true },
  }
}

breakerContract('consecutive', () => underTest({ kind: 'consecutive', failures: 3 }, 3))
breakerContract('count', () => underTest({ kind: 'count', threshold: 0.5, size: 10, minimumCalls: 4 }, 4))
breakerContract('sampling', () => underTest({ kind: 'sampling', threshold: 0.5, durationMs: 1_000, minimumRps: 5 }, 5))

describe('half-open', () => {
  test('exactly one probe runs; every other caller is rejected at once', async () => {
    const { clock, breaker, trip } = setup()
    await trip()
    clock.advance(1_000)
    expect(breaker.report()).toMatchObject({ effective: 'open', probeAt: clock.now() })
    const answer = Promise.withResolvers<string>()
    const called = vi.fn(() => answer.promise)
    const probe = breaker.execute(called)
    const others = await Promise.allSettled(Array.from({ length: 20 }, () => breaker.execute(called)))
    expect(others.every(o => o.status === 'rejected' && o.reason instanceof BreakerOpenError)).toBe(true)
    expect(called).toHaveBeenCalledTimes(1)
    expect(breaker.state).toBe('half-open')
    answer.resolve('well again')
    await expect(probe).resolves.toBe('well again')
    expect(breaker.state).toBe('closed')
    await expect(breaker.execute(called)).resolves.toBe('well again')
  })

  test('a rejection says how long to wait', async () => {
    const { clock, breaker, trip } = setup()
    await trip()
    clock.advance(400)
    await expect(breaker.execute(() => 1)).rejects.toMatchObject({
      code: 'BREAKER_OPEN',
      retryAfterMs: 600,
      breaker: 'payments',
    })
  })

  test('a probe whose caller gave up changes nothing: the next call is the probe', async () => {
    const { clock, breaker, trip } = setup()
    await trip()
    clock.advance(1_000)
    const caller = new AbortController()
    const probe = breaker.execute(
      ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
      { signal: caller.signal },
    )
    caller.abort()
    await expect(probe).rejects.toThrow()
    expect(breaker.state).toBe('half-open')
    await breaker.execute(() => 1)
    expect(breaker.state).toBe('closed')
  })

  test('an expected error closes it: the dependency answered', async () => {
    const { clock, breaker, trip, fail } = setup({ isExpected: e => e instanceof Error && e.message === 'not found' })
    await trip()
    clock.advance(1_000)
    await fail('not found')
    expect(breaker.state).toBe('closed')
  })
})

describe('what counts', () => {
  test('expected errors reach the caller, are counted as ignored and never trip', async () => {
    const { breaker, fail } = setup({ isExpected: e => e instanceof Error && e.message === 'not found' })
    for (let i = 0; i < 10; i++) expect(await fail('not found')).toMatchObject({ message: 'not found' })
    expect(breaker.report()).toMatchObject({
      effective: 'closed',
      totals: { ignored: 10, failures: 0 },
      window: { failures: 0 },
    })
  })

  test('a timeout is a failure, aborts the signal, and is inside the breaker', async () => {
    const { breaker } = setup({ timeoutMs: 5, policy: { kind: 'consecutive', failures: 1 } })
    let reason: unknown
    const call = breaker.execute(
      ({ signal }) =>
        new Promise(() =>
          signal.addEventListener('abort', () => {
            reason = signal.reason
          }),
        ),
    )
    await expect(call).rejects.toBeInstanceOf(TimeoutError)
    expect(reason).toBeInstanceOf(TimeoutError)
    expect(breaker.report()).toMatchObject({ effective: 'open', totals: { failures: 1, timeouts: 1 } })
  })

  test("a caller's abort is ignored, but its own timeout counts as a failure", async () => {
    const { breaker } = setup()
    const hang = ({ signal }: { signal: AbortSignal }) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    const caller = new AbortController()
    const withdrawn = breaker.execute(hang, { signal: caller.signal })
    caller.abort()
    await expect(withdrawn).rejects.toThrow()
    expect(breaker.report().totals).toMatchObject({ ignored: 1, failures: 0 })
    await expect(breaker.execute(hang, { signal: AbortSignal.timeout(1) })).rejects.toThrow()
    expect(breaker.report().totals).toMatchObject({ ignored: 1, failures: 1, timeouts: 1 })
  })

  test('a call already aborted is not made', async () => {
    const { breaker } = setup()
    const call = vi.fn()
    await expect(breaker.execute(call, { signal: AbortSignal.abort() })).rejects.toThrow()
    expect(call).not.toHaveBeenCalled()
  })

  test('a late result from before a reset does not count in the new window', async () => {
    const { breaker } = setup({ policy: { kind: 'consecutive', failures: 1 } })
    const late = Promise.withResolvers<never>()
    const call = breaker.execute(() => late.promise)
    breaker.reset()
    late.reject(new Error('from before'))
    await expect(call).rejects.toThrow('from before')
    expect(breaker.report()).toMatchObject({ effective: 'closed', window: { failures: 0 }, totals: { failures: 1 } })
  })

  test('the window shows calls and failures measured against the threshold', async () => {
    const { breaker, fail } = setup({ policy: { kind: 'count', threshold: 0.5, size: 4 } })
    await breaker.execute(() => 1)
    await fail()
    expect(breaker.report().window).toEqual({ calls: 2, failures: 1 })
    for (let i = 0; i < 4; i++) await breaker.execute(() => 1)
    expect(breaker.report().window).toEqual({ calls: 4, failures: 0 })
  })
})

describe('the minimum of calls', () => {
  test('a sampling policy without one opens at ten calls within its time, and reports that', async () => {
    const { breaker, fail } = setup({ policy: { kind: 'sampling', threshold: 0.5, durationMs: 30_000 } })
    for (let i = 0; i < 9; i++) await fail()
    expect(breaker.state).toBe('closed')
    await fail()
    expect(breaker.state).toBe('open')
    const { policy } = breaker.report()
    expect(policy.kind === 'sampling' && (policy.minimumRps ?? 0) * 30).toBeCloseTo(10)
  })

  test.each([1_000, 7_003, 9_999, 10_000, 60_000])('within %d ms it is ten, too', async durationMs => {
    const { breaker, fail } = setup({ policy: { kind: 'sampling', threshold: 0.5, durationMs } })
    for (let i = 0; i < 10; i++) await fail()
    expect(breaker.state).toBe('open')
  })

  test('with a minimum of 0 the first failure opens it', async () => {
    const { breaker, fail } = setup({
      policy: { kind: 'sampling', threshold: 0.5, durationMs: 30_000, minimumRps: 0 },
    })
    await fail()
    expect(breaker.state).toBe('open')
  })

  test('a count policy without one waits until its window is full', async () => {
    const { breaker, fail } = setup({ policy: { kind: 'count', threshold: 0.5, size: 6 } })
    for (let i = 0; i < 5; i++) await fail()
    expect(breaker.report()).toMatchObject({ effective: 'closed', policy: { minimumCalls: 6 } })
    await fail()
    expect(breaker.state).toBe('open')
  })
})

describe('sampling under sparse traffic', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  test('failures older than the window are neither shown nor counted', async () => {
    const { breaker, fail } = setup({
      policy: { kind: 'sampling', threshold: 0.5, durationMs: 10_000, minimumRps: 0.3 },
    })
    await fail()
    await fail()
    expect(breaker.report().window).toEqual({ calls: 2, failures: 2 })
    vi.setSystemTime(Date.now() + 60_000)
    expect(breaker.report().window).toEqual({ calls: 0, failures: 0 })
    await fail()
    expect(breaker.report()).toMatchObject({ effective: 'closed', window: { calls: 1, failures: 1 } })
    await fail()
    await fail()
    expect(breaker.state).toBe('open')
  })

  test('the counts at which it opened stay known while the window empties, until it closes', async () => {
    const { clock, breaker, trip } = setup({ policy: { kind: 'sampling', threshold: 0.5, durationMs: 10_000 } })
    await trip()
    const { tripped } = breaker.report()
    expect(tripped?.failures).toBeGreaterThan(0)
    vi.setSystemTime(Date.now() + 60_000)
    expect(breaker.report()).toMatchObject({ tripped, window: { calls: 0, failures: 0 } })
    clock.advance(1_000)
    await breaker.execute(() => 1)
    expect(breaker.report()).toMatchObject({ effective: 'closed' })
    expect(breaker.report().tripped).toBeUndefined()
  })
})

describe('forced states', () => {
  test('expire on the monotonic clock, with a transition', async () => {
    const { clock, breaker, transitions } = setup()
    breaker.force(hold({ remainingMs: 500 }))
    expect(breaker.report().forced).toMatchObject({ since: clock.now(), until: clock.now() + 500 })
    clock.advance(499)
    await expect(breaker.execute(() => 1)).rejects.toMatchObject({ retryAfterMs: 1 })
    clock.advance(1)
    await expect(breaker.execute(() => 1)).resolves.toBe(1)
    expect(breaker.release('hold-1')).toBe(false)
    expect(transitions.at(-1)).toMatchObject({ from: 'open', to: 'closed', cause: 'expired' })
  })

  test('expire without a call or report', async () => {
    const registry = createBreakerRegistry()
    const breaker = registry.create(OPTIONS)
    const ended = new Promise<BreakerTransition>(resolve =>
      registry.onTransition(t => t.cause === 'expired' && resolve(t)),
    )
    breaker.force(hold({ remainingMs: 20 }))
    await expect(ended).resolves.toMatchObject({ breaker: 'payments', to: 'closed' })
  })

  test('a newer force replaces an older one', () => {
    const { breaker } = setup()
    breaker.force(hold())
    breaker.force(hold({ id: 'hold-2', state: 'closed' }))
    expect(breaker.state).toBe('closed')
    expect(breaker.release('hold-1')).toBe(false)
    expect(breaker.report().forced?.id).toBe('hold-2')
  })

  test('freeze the window and the computed state, open or closed', async () => {
    const { clock, breaker, fail } = setup()
    await fail()
    breaker.force(hold({ state: 'closed' }))
    for (let i = 0; i < 5; i++) await fail()
    clock.advance(5_000)
    expect(breaker.report()).toMatchObject({
      window: { failures: 1 },
      computed: { state: 'closed' },
      totals: { failures: 6 },
    })
    breaker.release()
    await fail()
    expect(breaker.state).toBe('closed')
    await fail()
    expect(breaker.state).toBe('open')
  })

  test('a reset under a forced state closes the computed one and keeps the force', async () => {
    const { breaker, trip } = setup()
    await trip()
    breaker.force(hold())
    breaker.reset()
    expect(breaker.report()).toMatchObject({
      effective: 'open',
      computed: { state: 'closed' },
      forced: { id: 'hold-1' },
    })
  })

  test('a probe in flight when an operator forces the breaker changes nothing', async () => {
    const { clock, breaker, trip } = setup()
    await trip()
    clock.advance(1_000)
    const answer = Promise.withResolvers<number>()
    const probe = breaker.execute(() => answer.promise)
    breaker.force(hold())
    answer.resolve(1)
    await probe
    expect(breaker.report().computed.state).toBe('half-open')
    breaker.release()
    await breaker.execute(() => 1)
    expect(breaker.state).toBe('closed')
  })
})
