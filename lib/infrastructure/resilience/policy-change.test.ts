import { describe, expect, test } from 'vitest'
import type { BreakerOptions, PolicyChange } from './port.ts'
import { createBreakerRegistry } from './registry.ts'
import { hold, manualClock } from './resilience.contract.ts'

const DECLARED = { policy: { kind: 'consecutive', failures: 3 }, halfOpenAfterMs: 1_000 } as const
const STRICTER = { kind: 'consecutive', failures: 1 } as const

function setup(options: Partial<BreakerOptions> = {}) {
  const clock = manualClock()
  const registry = createBreakerRegistry({ clock })
  const breaker = registry.create({ name: 'payments', ...DECLARED, ...options })
  const fail = () => breaker.execute(() => Promise.reject(new Error('down'))).catch(() => undefined)
  const trip = async () => {
    while (breaker.state === 'closed') await fail()
  }
  return { clock, registry, breaker, fail, trip }
}
const change = (rules: Partial<PolicyChange>): PolicyChange => ({
  id: 'change-1',
  reason: 'it fails too often',
  by: 'ada',
  ...rules,
})

describe('a policy changed at run time', () => {
  test('is in force at once, and reported with who, why and what is declared', async () => {
    const { clock, registry, breaker, fail } = setup({ timeoutMs: 500 })
    const before = registry.revision
    breaker.changePolicy(change({ policy: STRICTER, remainingMs: 60_000 }))
    expect(registry.revision).toBeGreaterThan(before)
    expect(breaker.report()).toMatchObject({ policy: STRICTER, halfOpenAfterMs: 1_000, timeoutMs: 500 })
    expect(breaker.report().policyOverride).toEqual({
      id: 'change-1',
      reason: 'it fails too often',
      by: 'ada',
      since: clock.now(),
      until: clock.now() + 60_000,
      declared: { ...DECLARED, timeoutMs: 500 },
    })
    await fail()
    expect(breaker.state).toBe('open')
  })

  test('clears the window, and so does restoring the declared one', async () => {
    const { breaker, fail } = setup()
    await fail()
    await fail()
    breaker.changePolicy(change({ policy: { kind: 'consecutive', failures: 2 } }))
    expect(breaker.report().window).toEqual({ calls: 0, failures: 0 })
    await fail()
    expect(breaker.restorePolicy('change-1')).toBe(true)
    expect(breaker.report()).toMatchObject({ ...DECLARED, window: { failures: 0 } })
    expect(breaker.report().policyOverride).toBeUndefined()
    await fail()
    await fail()
    expect(breaker.state).toBe('closed')
    await fail()
    expect(breaker.state).toBe('open')
  })

  test('a call from before it does not count in the new window', async () => {
    const { breaker } = setup()
    const late = Promise.withResolvers<never>()
    const call = breaker.execute(() => late.promise)
    breaker.changePolicy(change({ policy: STRICTER }))
    late.reject(new Error('from before'))
    await expect(call).rejects.toThrow('from before')
    expect(breaker.report()).toMatchObject({ effective: 'closed', totals: { failures: 1 } })
  })

  test('expires on the monotonic clock, with or without a call', async () => {
    const { clock, breaker, fail } = setup()
    breaker.changePolicy(change({ policy: STRICTER, remainingMs: 500 }))
    clock.advance(500)
    await fail()
    expect(breaker.state).toBe('closed')
    expect(breaker.report().policyOverride).toBeUndefined()
    expect(breaker.restorePolicy('change-1')).toBe(false)

    const registry = createBreakerRegistry()
    const real = registry.create({ name: 'search', ...DECLARED })
    real.changePolicy(change({ policy: STRICTER, remainingMs: 20 }))
    const before = registry.revision
    await expect.poll(() => registry.revision).toBeGreaterThan(before)
    expect(real.report().policy).toEqual(DECLARED.policy)
  })

  test('a newer one replaces an older one, from what is declared', () => {
    const { breaker } = setup()
    breaker.changePolicy(change({ policy: STRICTER, timeoutMs: 100 }))
    breaker.changePolicy(change({ id: 'change-2', halfOpenAfterMs: 5_000 }))
    expect(breaker.report()).toMatchObject({ policy: DECLARED.policy, halfOpenAfterMs: 5_000 })
    expect(breaker.report().timeoutMs).toBeUndefined()
    expect(breaker.restorePolicy('change-1')).toBe(false)
    expect(breaker.restorePolicy()).toBe(true)
    expect(breaker.restorePolicy()).toBe(false)
  })

  test('does not close an open breaker, but changes when its probe is due', async () => {
    const { clock, breaker, trip } = setup()
    await trip()
    breaker.changePolicy(change({ policy: { kind: 'consecutive', failures: 100 }, halfOpenAfterMs: 5_000 }))
    expect(breaker.report()).toMatchObject({ effective: 'open', probeAt: clock.now() + 5_000 })
    clock.advance(4_999)
    await expect(breaker.execute(() => 1)).rejects.toMatchObject({ retryAfterMs: 1 })
    clock.advance(1)
    expect(await breaker.execute(() => 1)).toBe(1)
    expect(breaker.state).toBe('closed')
  })

  test('lets the probe in flight decide', async () => {
    const { clock, breaker, trip } = setup()
    await trip()
    clock.advance(1_000)
    const answer = Promise.withResolvers<number>()
    const probe = breaker.execute(() => answer.promise)
    breaker.changePolicy(change({ policy: STRICTER }))
    await expect(breaker.execute(() => 1)).rejects.toMatchObject({ code: 'BREAKER_OPEN' })
    answer.resolve(1)
    await probe
    expect(breaker.state).toBe('closed')
  })

  test('changes the timeout of the next calls', async () => {
    const { breaker } = setup()
    breaker.changePolicy(change({ timeoutMs: 1 }))
    await expect(breaker.execute(() => new Promise(() => undefined))).rejects.toMatchObject({ code: 'TIMEOUT' })
  })

  test('stays under a forced state, and outlives it', async () => {
    const { breaker, fail } = setup()
    breaker.force(hold())
    breaker.changePolicy(change({ policy: STRICTER }))
    expect(breaker.state).toBe('open')
    breaker.release()
    await fail()
    expect(breaker.state).toBe('open')
  })

  test.each([
    {},
    { policy: { kind: 'consecutive', failures: 0 } },
    { policy: { kind: 'count', threshold: 2, size: 5 } },
    { halfOpenAfterMs: -1 },
    { timeoutMs: 0 },
  ] as const)('that is impossible is refused and changes nothing: %o', async rules => {
    const { breaker, fail } = setup()
    await fail()
    expect(() => breaker.changePolicy(change(rules))).toThrow(expect.objectContaining({ code: 'BREAKER_OPTIONS' }))
    expect(breaker.report()).toMatchObject({ ...DECLARED, window: { failures: 1 } })
    expect(breaker.report().policyOverride).toBeUndefined()
  })
})
