import { afterEach, describe, expect, test, vi } from 'vitest'
import { InfrastructureError } from '../../core/errors.ts'
import {
  AllProvidersFailedError,
  createFailover,
  createPolicyRegistry,
  type Failover,
  type FailoverOptions,
  type PolicyOptions,
  type Provider,
  TimeoutError,
} from './index.ts'
import { manualClock } from './resilience.contract.ts'

interface Sender {
  send: (mail: string, context: { idempotencyKey?: string; signal: AbortSignal }) => Promise<string>
}
const busy = () => new InfrastructureError('503', { retryable: true })
const malformed = () => new InfrastructureError('422', { retryable: false })
const refusedConnection = () =>
  new InfrastructureError('cannot connect', {
    retryable: true,
    cause: Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }),
  })
const OPENS_AT_ONCE = { breaker: { policy: { kind: 'consecutive', failures: 1 }, halfOpenAfterMs: 60_000 } } as const

let open: Failover<Sender> | undefined
afterEach(() => open?.close())

function mail(
  policy: Omit<PolicyOptions, 'name'> = {},
  more: Partial<FailoverOptions<Sender>> = {},
  ofProvider: Pick<Provider<Sender>, 'quota'> = {},
) {
  const clock = manualClock()
  const policies = createPolicyRegistry({ clock })
  const senders = ['first', 'second', 'third'].map(name => {
    policies.declare({ name, ...policy })
    const send = vi.fn<Sender['send']>(async text => `${text} by ${name}`)
    return { name, port: { send }, policy: policies.get(name), send, ...ofProvider }
  })
  const failover = createFailover<Sender>({ name: 'email', providers: senders, clock, ...more })
  open = failover
  const changes: string[] = []
  failover.onChange(({ from, to, cause, message }) =>
    changes.push(`${from ?? ''} > ${to}: ${cause}${message ? ` (${message})` : ''}`),
  )
  const [first, second, third] = senders.map(({ send }) => send) as [Mock, Mock, Mock]
  const run = (options?: Parameters<typeof failover.run>[1]) =>
    failover.run(({ send }, context) => send('hello', context), options)
  const breakers = senders.map(sender => sender.policy.breaker)
  return { failover, breakers, first, second, third, run, changes, clock }
}
type Mock = ReturnType<typeof vi.fn<Sender['send']>>

describe('failover', () => {
  test('uses the first while it serves', async () => {
    const { run, second, failover, changes } = mail()
    await expect(run()).resolves.toBe('hello by first')
    await run()
    expect(second).not.toHaveBeenCalled()
    expect(changes).toEqual([' > first: first'])
    expect(failover.report()).toMatchObject({
      name: 'email',
      providers: [
        { name: 'first', calls: 2, failures: 0 },
        { name: 'second', calls: 0 },
        { name: 'third', calls: 0 },
      ],
      inUse: { provider: 'first' },
      failedOver: 0,
    })
    expect(failover.report().inUse).not.toHaveProperty('why')
  })

  test('reports the last minute of each provider, and what it says is left of its quota', async () => {
    const quota = { limit: 100, remaining: 99, resetsAt: 5 }
    const { run, failover } = mail(OPENS_AT_ONCE, {}, { quota: () => quota })
    await run()
    expect(failover.report().providers).toMatchObject([
      { name: 'first', lastMinute: { calls: 1, failures: 0, latencyMs: { p50: expect.any(Number) } }, quota },
      { name: 'second', quota },
      { name: 'third', quota },
    ])
    expect(failover.report().providers[1]).not.toHaveProperty('lastMinute')
    expect(failover.report()).not.toHaveProperty('testable')
  })

  test('sends a test with the provider that is asked for, whichever is in use', async () => {
    const { failover, first, second } = mail(
      {},
      { sendTest: ({ send }, to, context) => send(`a test for ${to}`, context) },
    )
    const before = failover.revision
    failover.force({ id: '1', provider: 'first', reason: 'a test', by: 'ada' })
    const test = { provider: 'second', to: 'ada@example.com', idempotencyKey: 'k' }
    await expect(failover.sendTest(test)).resolves.toBe('a test for ada@example.com by second')
    expect(second.mock.calls[0]?.[1]).toMatchObject({ idempotencyKey: 'k', provider: 'second' })
    second.mockRejectedValueOnce(busy())
    await expect(failover.sendTest(test)).rejects.toThrow('503')
    expect(first).not.toHaveBeenCalled()
    expect(failover.report()).toMatchObject({ testable: true })
    expect(failover.report()).not.toHaveProperty('inUse')
    expect(failover.revision).toBeGreaterThan(before)
    await expect(failover.sendTest({ provider: 'fourth', to: 'x' })).rejects.toThrow(
      'email has no provider fourth; it has first, second, third',
    )
    await expect(mail().failover.sendTest({ provider: 'first', to: 'x' })).rejects.toThrow('no way to send a test')
  })

  test('goes on where nothing was sent, and says why', async () => {
    const { run, first, failover, changes } = mail()
    first.mockRejectedValueOnce(refusedConnection())
    await expect(run()).resolves.toBe('hello by second')
    expect(failover.report()).toMatchObject({
      inUse: { provider: 'second', why: 'first: cannot connect' },
      failedOver: 1,
      providers: [{ name: 'first', calls: 1, failures: 1, lastFailure: { message: 'cannot connect' } }, {}, {}],
    })
    await expect(run()).resolves.toBe('hello by first')
    expect(changes).toEqual([' > second: failed-over (first: cannot connect)', 'second > first: came-back'])
  })

  test('makes no call again because a listener fails', async () => {
    const { run, second, failover } = mail()
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
    failover.onChange(() => {
      throw new Error('the listener is broken')
    })
    await expect(run({ idempotencyKey: 'order-7' })).resolves.toBe('hello by first')
    expect(second).not.toHaveBeenCalled()
    expect(failover.report()).toMatchObject({ providers: [{ calls: 1, failures: 0 }, { calls: 0 }, { calls: 0 }] })
    expect(warn).toHaveBeenCalledExactlyOnceWith(expect.any(Error), 'FailoverListenerWarning')
    warn.mockRestore()
  })

  test('does not go on where it may have been sent, unless the call has an idempotency key', async () => {
    const { run, first, second, failover } = mail()
    first.mockRejectedValue(busy())
    await expect(run()).rejects.toThrow('503')
    expect(second).not.toHaveBeenCalled()
    expect(failover.report()).toMatchObject({ heldBack: 1, failedOver: 0 })
    await expect(run({ idempotencyKey: 'order-7' })).resolves.toBe('hello by second')
    expect(first).toHaveBeenLastCalledWith('hello', expect.objectContaining({ idempotencyKey: 'order-7' }))
    expect(second).toHaveBeenCalledWith('hello', expect.objectContaining({ idempotencyKey: 'order-7' }))
  })

  test('does not go on where the message is at fault', async () => {
    const { run, first, second } = mail()
    first.mockRejectedValue(malformed())
    await expect(run({ idempotencyKey: 'order-7' })).rejects.toThrow('422')
    expect(second).not.toHaveBeenCalled()
  })

  test('an attempt that may have been sent counts, though a later one of the same call could not connect', async () => {
    const { run, first, second } = mail({ retry: { attempts: 2, backoff: 'constant', initialDelayMs: 0 } })
    first.mockRejectedValueOnce(busy()).mockRejectedValueOnce(refusedConnection())
    await expect(run()).rejects.toThrow('cannot connect')
    expect(first).toHaveBeenCalledTimes(2)
    expect(second).not.toHaveBeenCalled()
  })

  test('a call that timed out may have been sent', async () => {
    const { run, first, second } = mail({ timeoutMs: 5 })
    first.mockReturnValue(new Promise(() => {}))
    await expect(run()).rejects.toBeInstanceOf(TimeoutError)
    expect(second).not.toHaveBeenCalled()
    await expect(run({ idempotencyKey: 'order-7' })).resolves.toBe('hello by second')
  })

  test('passes over a provider whose breaker is open, and comes back on its own once it has closed', async () => {
    const { run, first, second, failover, changes, clock } = mail(OPENS_AT_ONCE)
    first.mockRejectedValueOnce(busy())
    await expect(run()).rejects.toThrow('503')
    await expect(run()).resolves.toBe('hello by second')
    expect(first).toHaveBeenCalledTimes(1)
    expect(failover.report().providers[0]).toMatchObject({ breaker: 'open', calls: 1 })
    clock.advance(60_000)
    await expect(run()).resolves.toBe('hello by first')
    await run()
    expect(second).toHaveBeenCalledTimes(1)
    expect(changes.map(line => line.split(' (')[0])).toEqual([' > second: failed-over', 'second > first: came-back'])
  })

  test('rejects with every failure when none is left', async () => {
    const { run, first, second, third } = mail()
    for (const send of [first, second, third]) send.mockRejectedValue(refusedConnection())
    const error = await run().catch(thrown => thrown)
    expect(error).toBeInstanceOf(AllProvidersFailedError)
    expect(error).toMatchObject({
      code: 'ALL_PROVIDERS_FAILED',
      retryable: true,
      message:
        'No provider of email took the call (first: cannot connect; second: cannot connect; third: cannot connect)',
      failures: [{ provider: 'first' }, { provider: 'second' }, { provider: 'third' }],
    })
  })

  test('asks no other provider for a caller that has given up', async () => {
    const { run, first, second } = mail()
    const caller = new AbortController()
    first.mockImplementation(async () => {
      caller.abort(new Error('not wanted any more'))
      throw refusedConnection()
    })
    await expect(run({ signal: caller.signal })).rejects.toThrow('not wanted any more')
    expect(second).not.toHaveBeenCalled()
  })

  test('what counts as the fault of the provider, and as no effect, can be said', async () => {
    const { run, first } = mail({}, { isProvidersFault: () => true, hadNoEffect: () => true })
    first.mockRejectedValue(new Error('anything'))
    await expect(run()).resolves.toBe('hello by second')
  })

  test('needs providers of different names', () => {
    expect(() => mail({}, { providers: [] })).toThrow('email needs at least one provider')
    const policies = createPolicyRegistry()
    policies.declare({ name: 'a' })
    const twice = { name: 'a', port: { send: async () => '' }, policy: policies.get('a') }
    expect(() => mail({}, { providers: [twice, twice] })).toThrow('email has two providers of one name')
  })
})

describe('a forced provider', () => {
  const force = { id: 'force-1', provider: 'third', reason: 'the first bills twice', by: 'ada' }

  test('is the only one until released, also where it fails', async () => {
    const { run, first, third, failover, changes, clock } = mail()
    await run()
    failover.force(force)
    await expect(run()).resolves.toBe('hello by third')
    expect(failover.report()).toMatchObject({
      forced: { ...force, since: clock.now() },
      inUse: { provider: 'third', why: 'forced by ada: the first bills twice' },
    })
    third.mockRejectedValueOnce(refusedConnection())
    await expect(run()).rejects.toThrow('No provider of email took the call (third: cannot connect)')
    expect(first).toHaveBeenCalledTimes(1)
    expect(failover.release('of-another')).toBe(false)
    expect(failover.release('force-1')).toBe(true)
    expect(failover.release()).toBe(false)
    await expect(run()).resolves.toBe('hello by first')
    expect(changes).toEqual([
      ' > first: first',
      'first > third: forced (the first bills twice)',
      'third > first: released',
      'third > first: came-back',
    ])
  })

  test('is let go when its time is over', async () => {
    const { run, failover, changes, clock } = mail()
    failover.force({ ...force, remainingMs: 60_000 })
    expect(failover.report().forced?.until).toBe(clock.now() + 60_000)
    clock.advance(60_000)
    await expect(run()).resolves.toBe('hello by first')
    expect(failover.report().forced).toBeUndefined()
    expect(changes).toContain('third > first: expired')
  })

  test('must be one of the set, and a change is seen in the revision', async () => {
    const { failover, run } = mail()
    expect(() => failover.force({ ...force, provider: 'fourth' })).toThrow(
      'email has no provider fourth; it has first, second, third',
    )
    const before = failover.revision
    failover.force(force)
    expect(failover.revision).toBeGreaterThan(before)
    const forced = failover.revision
    await run()
    expect(failover.revision).toBeGreaterThan(forced)
  })
})

test("a change of a provider's breaker without a call of the set is seen in the revision, and its report", () => {
  const { failover, breakers, clock } = mail(OPENS_AT_ONCE)
  const seen = () => [failover.revision, failover.report().providers.map(({ breaker }) => breaker)] as const
  const [before] = seen()
  breakers[1]?.force({ id: 'force-1', state: 'open', reason: 'it bills twice', by: 'ada', remainingMs: 60_000 })
  const [forced, states] = seen()
  expect(states).toEqual(['closed', 'open', 'closed'])
  expect(forced).toBeGreaterThan(before)
  expect(seen()[0]).toBe(forced)
  clock.advance(60_000)
  const [expired, closed] = seen()
  expect(closed).toEqual(['closed', 'closed', 'closed'])
  expect(expired).toBeGreaterThan(forced)
})
