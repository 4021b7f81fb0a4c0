import { createRequire } from 'node:module'
import { ConsecutiveBreaker, circuitBreaker, handleAll, SamplingBreaker } from 'cockatiel'
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
    can: { shadow: false, forceClosed: false, keepsComputed: false },
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
    can: { shadow: false, forceClosed: true, keepsComputed: true },
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
