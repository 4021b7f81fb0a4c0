import { afterEach, describe, expect, test, vi } from 'vitest'
import { InfrastructureError } from '../../core/errors.ts'
import {
  BreakerOpenError,
  createBreakerRegistry,
  createPolicyRegistry,
  createRetryBudget,
  type PolicyOptions,
  PolicyOptionsError,
  type PolicyRegistry,
  TimeoutError,
} from './index.ts'
import { manualClock } from './resilience.contract.ts'

const busy = () => new InfrastructureError('busy', { retryable: true })
const FAST = { backoff: 'constant', initialDelayMs: 0 } as const
const BREAKER = { policy: { kind: 'consecutive', failures: 3 }, halfOpenAfterMs: 60_000 } as const
const change = { id: 'change-1', reason: 'the provider asked for less', by: 'ada' }

let registry: PolicyRegistry | undefined
afterEach(() => registry?.close())

function policy(options: Omit<PolicyOptions, 'name'>, clock = manualClock()) {
  registry = createPolicyRegistry({ clock })
  registry.declare({ name: 'mail', ...options })
  return registry.get('mail')
}

describe('a policy', () => {
  test('of nothing passes the call through and counts it', async () => {
    const nothing = policy({ owner: 'team-mail', runbook: 'https://runbooks.test/mail' })
    await expect(nothing.execute(() => 'sent')).resolves.toBe('sent')
    await expect(nothing.execute(() => Promise.reject(new Error('down')))).rejects.toThrow('down')
    expect(nothing.report()).toEqual({
      name: 'mail',
      owner: 'team-mail',
      runbook: 'https://runbooks.test/mail',
      calls: 2,
      failures: 1,
    })
  })

  test('repeats through its breaker, which opens in the middle and ends the attempts', async () => {
    const guarded = policy({ breaker: BREAKER, retry: { ...FAST, attempts: 10 } })
    const fn = vi.fn().mockRejectedValue(busy())
    await expect(guarded.execute(fn)).rejects.toBeInstanceOf(BreakerOpenError)
    expect(fn).toHaveBeenCalledTimes(3)
    expect(guarded.report()).toMatchObject({
      breaker: 'mail',
      calls: 1,
      failures: 1,
      retry: { attempts: 10, backoff: 'constant', retries: 3 },
    })
    expect(guarded.breaker?.state).toBe('open')
  })

  test('limits each attempt in time, with a breaker and without', async () => {
    const hang = ({ signal }: { signal: AbortSignal }) =>
      new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    const plain = policy({ timeoutMs: 5, retry: { ...FAST, attempts: 2 } })
    await expect(plain.execute(hang)).rejects.toBeInstanceOf(TimeoutError)
    expect(plain.report()).toMatchObject({ timeoutMs: 5, retry: { retries: 1 } })
    const guarded = policy({ timeoutMs: 5, breaker: BREAKER })
    await expect(guarded.execute(hang)).rejects.toBeInstanceOf(TimeoutError)
    expect(guarded.breaker?.report()).toMatchObject({ timeoutMs: 5, totals: { timeouts: 1 } })
  })

  test('what is refused here does not count against the dependency', async () => {
    const guarded = policy({
      breaker: { ...BREAKER, policy: { kind: 'consecutive', failures: 1 } },
      bulkhead: { maxConcurrent: 1 },
      rateLimit: { calls: 2, perMs: 3_600_000 },
    })
    let end: () => void = () => {}
    const running = guarded.execute(() => new Promise<void>(resolve => (end = resolve)))
    await vi.waitFor(() => expect(guarded.report().bulkhead?.active).toBe(1))
    await expect(guarded.execute(() => 'sent')).rejects.toMatchObject({ code: 'BULKHEAD_FULL' })
    end()
    await running
    await expect(guarded.execute(() => 'sent')).rejects.toMatchObject({ code: 'RATE_LIMITED' })
    expect(guarded.breaker?.report()).toMatchObject({ effective: 'closed', totals: { failures: 0 } })
  })

  test('falls back by the declaration, or by what the call says', async () => {
    const withFallback = policy({ breaker: BREAKER, fallback: () => 'from the declaration' })
    const fail = () => Promise.reject<string>(new Error('down'))
    await expect(withFallback.execute(fail)).resolves.toBe('from the declaration')
    await expect(withFallback.execute(fail, { fallback: error => `instead of: ${error}` })).resolves.toBe(
      'instead of: Error: down',
    )
    expect(withFallback.report()).toMatchObject({ calls: 2, failures: 2, fallback: { used: 2 } })
    const without = policy({})
    expect(without.report().fallback).toBeUndefined()
    await expect(without.execute(fail, { fallback: () => 'this once' })).resolves.toBe('this once')
    expect(without.report().fallback).toEqual({ used: 1 })
  })

  test('does not fall back for a caller that has given up', async () => {
    const withFallback = policy({ fallback: () => 'fallback' })
    const caller = new AbortController()
    caller.abort(new Error('not wanted any more'))
    await expect(withFallback.execute(() => 'sent', { signal: caller.signal })).rejects.toThrow('not wanted any more')
  })

  test('hedges what may be made twice, and refuses to hedge anything else', async () => {
    const hedged = policy({ idempotent: true, hedge: { afterMs: 5 } })
    const fn = vi.fn(() => new Promise<string>(() => {})).mockReturnValueOnce(new Promise(() => {}))
    fn.mockResolvedValueOnce('from the second')
    await expect(hedged.execute(fn)).resolves.toBe('from the second')
    expect(hedged.report()).toMatchObject({ idempotent: true, hedge: { hedged: 1, won: 1 } })
    expect(() => policy({ hedge: { afterMs: 5 } })).toThrow('hedge needs idempotent: true')
  })

  test('shares a budget with other policies', async () => {
    const budget = createRetryBudget({ ratio: 0, minPerSecond: 0.1 })
    registry = createPolicyRegistry()
    registry.declare({ name: 'a', retry: { ...FAST, budget } })
    registry.declare({ name: 'b', retry: { ...FAST, budget } })
    const fn = vi.fn().mockRejectedValue(busy())
    await expect(registry.get('a').execute(fn)).rejects.toThrow('busy')
    await expect(registry.get('b').execute(fn)).rejects.toThrow('busy')
    expect(fn).toHaveBeenCalledTimes(3)
    expect(registry.get('b').report().retry?.budget).toMatchObject({ calls: 2, retries: 1, exhausted: 2 })
  })
})

describe('limits changed while it runs', () => {
  const limited = {
    bulkhead: { maxConcurrent: 10, maxQueued: 5 },
    rateLimit: { calls: 100, burst: 10 },
    retry: { ...FAST, budget: { ratio: 0.2 } },
  }
  const inForce = ({ bulkhead, rateLimit, retry }: ReturnType<ReturnType<typeof policy>['report']>) => [
    bulkhead?.maxConcurrent,
    bulkhead?.maxQueued,
    rateLimit?.calls,
    rateLimit?.burst,
    retry?.budget?.ratio,
  ]

  test('hold until restored, and the report has who, why and what is declared', () => {
    const clock = manualClock()
    const it = policy(limited, clock)
    it.change({ ...change, limits: { bulkhead: { maxConcurrent: 2 }, retryBudget: { ratio: 0 } } })
    expect(inForce(it.report())).toEqual([2, 5, 100, 10, 0])
    expect(it.report().override).toEqual({
      ...change,
      since: clock.now(),
      limits: { bulkhead: { maxConcurrent: 2 }, retryBudget: { ratio: 0 } },
      declared: {
        bulkhead: { maxConcurrent: 10, maxQueued: 5 },
        rateLimit: { calls: 100, burst: 10 },
        retryBudget: { ratio: 0.2 },
      },
    })
    expect(it.restore('of-another')).toBe(false)
    expect(it.restore('change-1')).toBe(true)
    expect(it.restore()).toBe(false)
    expect(inForce(it.report())).toEqual([10, 5, 100, 10, 0.2])
    expect(it.report().override).toBeUndefined()
  })

  test('expire on the monotonic clock', () => {
    const clock = manualClock()
    const it = policy(limited, clock)
    it.change({ ...change, limits: { rateLimit: { calls: 1 } }, remainingMs: 60_000 })
    expect(it.report().override?.until).toBe(clock.now() + 60_000)
    clock.advance(59_999)
    expect(inForce(it.report())).toEqual([10, 5, 1, 10, 0.2])
    clock.advance(1)
    expect(inForce(it.report())).toEqual([10, 5, 100, 10, 0.2])
  })

  test('a newer change replaces the older one as a whole', () => {
    const it = policy(limited)
    it.change({ ...change, limits: { bulkhead: { maxConcurrent: 1 } } })
    it.change({ ...change, id: 'change-2', limits: { rateLimit: { calls: 7, burst: 0 } } })
    expect(inForce(it.report())).toEqual([10, 5, 7, 0, 0.2])
    expect(it.restore('change-1')).toBe(false)
  })

  test('an impossible one is refused and changes nothing, also over one in force', () => {
    const it = policy(limited)
    it.change({ ...change, limits: { bulkhead: { maxConcurrent: 3 } } })
    expect(() =>
      it.change({ ...change, id: 'change-2', limits: { rateLimit: { calls: 7 }, bulkhead: { maxConcurrent: 0 } } }),
    ).toThrow(PolicyOptionsError)
    expect(inForce(it.report())).toEqual([3, 5, 100, 10, 0.2])
    expect(it.report().override?.id).toBe('change-1')
    expect(() => policy({}).change({ ...change, limits: { bulkhead: { maxConcurrent: 1 } } })).toThrow(
      'mail has no bulkhead',
    )
  })

  test('one that replaces another lets in no more waiting calls than it allows', async () => {
    const it = policy(limited)
    it.change({ ...change, limits: { bulkhead: { maxConcurrent: 1 } } })
    const ends: (() => void)[] = []
    const runs = Array.from({ length: 4 }, () =>
      it.execute(() => new Promise<void>(resolve => void ends.push(resolve))),
    )
    await vi.waitFor(() => expect(it.report().bulkhead).toMatchObject({ active: 1, queued: 3 }))
    it.change({ ...change, id: 'change-2', limits: { bulkhead: { maxConcurrent: 2 } } })
    expect(it.report().bulkhead).toMatchObject({ active: 2, queued: 2 })
    it.restore()
    await vi.waitFor(() => expect(ends).toHaveLength(4))
    for (const end of ends) end()
    await Promise.all(runs)
  })

  test('one that is refused half-way leaves each limit of the one in force', () => {
    const it = policy(limited)
    it.change({ ...change, limits: { bulkhead: { maxConcurrent: 3 } } })
    expect(() =>
      it.change({ ...change, id: 'change-2', limits: { bulkhead: { maxQueued: 0 }, rateLimit: { calls: -1 } } }),
    ).toThrow(PolicyOptionsError)
    expect(inForce(it.report())).toEqual([3, 5, 100, 10, 0.2])
  })

  test('closing the registry puts the declared limits in force', () => {
    const it = policy(limited)
    it.change({ ...change, limits: { bulkhead: { maxConcurrent: 3 } }, remainingMs: 60_000 })
    registry?.close()
    expect(inForce(it.report())).toEqual([10, 5, 100, 10, 0.2])
  })
})

describe('a registry of policies', () => {
  test('opens a policy at its first use, lists what is open, and closes', async () => {
    const breakers = createBreakerRegistry()
    registry = createPolicyRegistry({ breakers })
    registry.declare({ name: 'mail', breaker: BREAKER })
    registry.declare({ name: 'search' })
    expect([registry.names(), registry.list(), registry.reports(), breakers.list()]).toEqual([
      ['mail', 'search'],
      [],
      [],
      [],
    ])
    const mail = registry.get('mail')
    expect(registry.get('mail')).toBe(mail)
    expect(registry.list()).toEqual([mail])
    expect(breakers.get('mail')).toBe(mail.breaker)
    const before = registry.revision
    const sending = mail.execute(() => 'sent')
    const begun = registry.revision
    expect(begun).toBeGreaterThan(before)
    await sending
    expect(registry.revision).toBeGreaterThan(begun)
    expect(registry.reports()).toMatchObject([{ name: 'mail', calls: 1 }])
    registry.close()
    expect(registry.list()).toEqual([])
    expect(registry.get('mail')).not.toBe(mail)
    expect(registry.get('mail').breaker).toBe(mail.breaker)
  })

  test('refuses a name twice, one that is not declared, and an empty one', () => {
    registry = createPolicyRegistry()
    expect(() => registry?.get('mail')).toThrow('No policy named mail is declared; there are: none')
    registry.declare({ name: 'mail' })
    registry.declare({ name: '' })
    expect(() => registry?.declare({ name: 'mail' })).toThrow('A policy named mail is declared already')
    expect(() => registry?.get('post')).toThrow('there are: mail')
    expect(() => registry?.get('')).toThrow('A policy needs a name')
  })
})
