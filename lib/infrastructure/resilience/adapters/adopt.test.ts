import { createRequire } from 'node:module'
import { ConsecutiveBreaker, CountBreaker, circuitBreaker, handleAll, handleType, SamplingBreaker } from 'cockatiel'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  adoptCockatiel,
  adoptOpossum,
  BreakerOpenError,
  type BreakerTransition,
  createBreakerRegistry,
  type OpossumBreaker,
} from '../index.ts'
import { breakerContract, hold } from '../resilience.contract.ts'

/** opossum ships no types; these are what the tests call. */
interface Opossum extends OpossumBreaker {
  fire(outcome: 'ok' | Error): Promise<unknown>
  shutdown(): void
}
type OpossumAction = (outcome: 'ok' | Error) => Promise<unknown>
const CircuitBreaker = createRequire(import.meta.url)('opossum') as new (
  action: OpossumAction,
  options: object,
) => Opossum

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'setInterval', 'clearTimeout', 'clearInterval'] })
})
afterEach(() => {
  vi.useRealTimers()
})

function cockatiel() {
  const registry = createBreakerRegistry()
  const transitions: BreakerTransition[] = []
  registry.onTransition(t => transitions.push(t))
  const theirs = circuitBreaker(handleAll, { breaker: new ConsecutiveBreaker(3), halfOpenAfter: 1_000 })
  const clock = { now: Date.now, monotonic: Date.now }
  const breaker = adoptCockatiel('theirs', theirs, registry, {
    policy: { kind: 'consecutive', failures: 3 },
    halfOpenAfterMs: 1_000,
    owner: 'team-a',
    clock,
  })
  return { registry, transitions, theirs, breaker }
}

function opossum() {
  const registry = createBreakerRegistry()
  const transitions: BreakerTransition[] = []
  registry.onTransition(t => transitions.push(t))
  const theirs = new CircuitBreaker(async outcome => (outcome === 'ok' ? 1 : Promise.reject(outcome)), {
    volumeThreshold: 3,
    resetTimeout: 1_000,
    timeout: false,
  })
  const breaker = adoptOpossum('theirs', theirs, registry, { clock: { now: Date.now, monotonic: Date.now } })
  return { registry, transitions, theirs, breaker }
}

breakerContract('an adopted cockatiel breaker', () => {
  const { breaker, transitions } = cockatiel()
  return {
    breaker,
    transitions,
    tripsAfter: 3,
    call: outcome => breaker.execute(() => (outcome === 'ok' ? 1 : Promise.reject(outcome))),
    untilProbe: () => void vi.advanceTimersByTime(1_000),
    can: { shadow: false, forceClosed: false, keepsComputed: false, changePolicy: false },
  }
})

breakerContract('an adopted opossum breaker', () => {
  const { breaker, transitions, theirs } = opossum()
  return {
    breaker,
    transitions,
    tripsAfter: 3,
    call: outcome => theirs.fire(outcome),
    untilProbe: () => void vi.advanceTimersByTime(1_000),
    can: { shadow: false, forceClosed: true, keepsComputed: true, changePolicy: false },
    close: () => theirs.shutdown(),
  }
})

describe('adopted breakers in the registry', () => {
  test('appear in reports with owner and window, and their calls change the revision', async () => {
    const { registry, theirs } = cockatiel()
    const before = registry.revision
    expect(registry.revision).toBe(before)
    await theirs.execute(() => Promise.reject(new Error('behind our back'))).catch(() => undefined)
    expect(registry.revision).toBeGreaterThan(before)
    expect(registry.reports()).toMatchObject([{ name: 'theirs', owner: 'team-a', window: { calls: 1, failures: 1 } }])
  })

  test('a name that is taken is refused', () => {
    const { registry } = cockatiel()
    expect(() => registry.adopt({ ...registry.list()[0]! })).toThrow(
      expect.objectContaining({ code: 'BREAKER_EXISTS' }),
    )
  })

  test("a cockatiel breaker reports its library's default minimum when none is given", () => {
    const registry = createBreakerRegistry()
    const theirs = circuitBreaker(handleAll, {
      halfOpenAfter: 1_000,
      breaker: new SamplingBreaker({ threshold: 0.5, duration: 30_000 }),
    })
    const policy = { kind: 'sampling', threshold: 0.5, durationMs: 30_000 } as const
    const breaker = adoptCockatiel('payments', theirs, registry, { policy, halfOpenAfterMs: 1_000 })
    expect(breaker.report().policy).toEqual({ ...policy, minimumRps: 10 })
  })

  test('a cockatiel breaker that is forced open is open for its own callers, and the force expires', async () => {
    const { breaker, theirs, transitions } = cockatiel()
    breaker.force(hold({ remainingMs: 500 }))
    await expect(theirs.execute(() => 1)).rejects.toThrow('circuit breaker is open')
    await expect(breaker.execute(() => 1)).rejects.toBeInstanceOf(BreakerOpenError)
    vi.advanceTimersByTime(500)
    await expect(theirs.execute(() => 1)).resolves.toBe(1)
    expect(transitions.map(t => t.cause)).toEqual(['forced', 'expired'])
  })

  test('a cockatiel breaker counts what its policy does not handle as ignored, and results that it does as failures', async () => {
    const registry = createBreakerRegistry()
    class Unhealthy {}
    const only = handleType(TypeError).orResultType(Unhealthy)
    const breaker = adoptCockatiel(
      'theirs',
      circuitBreaker(only, { halfOpenAfter: 1_000, breaker: new CountBreaker({ threshold: 0.9, size: 10 }) }),
      registry,
      { policy: { kind: 'count', threshold: 0.9, size: 10 }, halfOpenAfterMs: 1_000, runbook: 'https://runbook' },
    )
    await expect(breaker.execute(() => Promise.reject(new RangeError('not handled')))).rejects.toThrow('not handled')
    expect(await breaker.execute(() => new Unhealthy())).toBeInstanceOf(Unhealthy)
    await breaker.execute(() => 1)
    expect(breaker.report()).toMatchObject({
      runbook: 'https://runbook',
      totals: { ignored: 1, failures: 1, successes: 1 },
      window: { calls: 2, failures: 1 },
      lastFailure: { message: 'The result counts as a failure' },
      stats: { calls: 3, ignored: 1, failures: 1 },
    })
  })

  test('a cockatiel breaker that is forced open cannot be reset, and says so', async () => {
    const { breaker } = cockatiel()
    breaker.force(hold())
    expect(breaker.report().unsupported).toContain('reset')
    expect(() => breaker.reset()).toThrow(expect.objectContaining({ code: 'UNSUPPORTED' }))
  })

  test('a listener can stop listening to an adopted breaker', () => {
    for (const { breaker } of [cockatiel(), opossum()]) {
      const heard: string[] = []
      const stop = breaker.onTransition?.(({ cause }) => heard.push(cause))
      breaker.force(hold())
      stop?.()
      breaker.release()
      expect(heard).toEqual(['forced'])
    }
  })

  test('an opossum breaker ignores the errors that are expected, beside those of its own filter', async () => {
    const registry = createBreakerRegistry()
    const theirs = new CircuitBreaker(async outcome => (outcome === 'ok' ? 1 : Promise.reject(outcome)), {
      timeout: false,
      volumeThreshold: 3,
      errorFilter: (error: Error) => error.message === 'not found',
    })
    const breaker = adoptOpossum('theirs', theirs, registry, { expected: ['DECLINED'], owner: 'team-b', runbook: 'r' })
    const declined = Object.assign(new Error('declined'), { code: 'DECLINED' })
    for (const error of [declined, declined, new Error('not found')])
      await expect(theirs.fire(error)).rejects.toBe(error)
    await theirs.fire('ok')
    await expect(theirs.fire(new Error('down'))).rejects.toThrow('down')
    expect(breaker.report()).toMatchObject({
      owner: 'team-b',
      effective: 'closed',
      totals: { ignored: 3, failures: 1, successes: 1 },
      stats: { calls: 5, ignored: 3, failures: 1 },
    })
    theirs.shutdown()
  })

  test('an opossum breaker counts its timeouts', async () => {
    const registry = createBreakerRegistry()
    const theirs = new CircuitBreaker(() => new Promise(() => undefined), { timeout: 50 })
    const breaker = adoptOpossum('theirs', theirs, registry, { clock: { now: Date.now, monotonic: Date.now } })
    const call = theirs.fire('ok').catch((error: unknown) => error)
    vi.advanceTimersByTime(50)
    expect(await call).toMatchObject({ code: 'ETIMEDOUT' })
    expect(breaker.report()).toMatchObject({
      timeoutMs: 50,
      policy: { threshold: 0.5 },
      totals: { timeouts: 1, failures: 1 },
      stats: { calls: 1, timeouts: 1, failures: 1, failureClasses: [{ code: 'ETIMEDOUT' }] },
    })
    theirs.shutdown()
  })

  test("an opossum breaker refuses execute, and reports its thresholds and opossum's window", async () => {
    const { breaker, theirs } = opossum()
    await expect(breaker.execute(() => 1)).rejects.toMatchObject({ code: 'UNSUPPORTED' })
    await theirs.fire('ok')
    expect(breaker.report()).toMatchObject({
      policy: { kind: 'sampling', threshold: 0.5, durationMs: 10_000, minimumRps: 0.3 },
      halfOpenAfterMs: 1_000,
      window: { calls: 1, failures: 0 },
    })
    theirs.shutdown()
  })
})
