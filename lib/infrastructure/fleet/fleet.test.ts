import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { newId } from '../../core/ids.ts'
import { createBreakerRegistry } from '../resilience/index.ts'
import { redisUrl, startRedis } from '../testing/servers.ts'
import {
  type FleetMember,
  FleetRegistrationError,
  fleetKeys,
  type JoinFleetOptions,
  joinFleet,
  limits,
  type Override,
  parseBeat,
  seal,
  type Verb,
} from './index.ts'

const KEY = 'a-key-that-is-long-enough-to-sign-with'
let redis: Redis
let environment: string
let keys: ReturnType<typeof fleetKeys>
const members: FleetMember[] = []

beforeAll(() => {
  redis = new Redis(redisUrl())
})
beforeEach(() => {
  environment = `f-${newId().toLowerCase()}`
  keys = fleetKeys(environment)
})
afterEach(async () => {
  await Promise.all(members.splice(0).map(member => member.stop()))
})
afterAll(() => redis.disconnect())

function station(options: Partial<JoinFleetOptions> = {}) {
  const breakers = createBreakerRegistry()
  const breaker = breakers.create({
    name: 'payments',
    policy: { kind: 'consecutive', failures: 2 },
    halfOpenAfterMs: 60_000,
  })
  const member = joinFleet({
    redisUrl: redisUrl(),
    environment,
    service: 'checkout',
    instance: `checkout-${newId()}`,
    key: KEY,
    breakers,
    ...options,
  })
  members.push(member)
  const fail = () => breaker.execute(() => Promise.reject(new Error('ECONNREFUSED'))).catch(() => {})
  return { member, breakers, breaker, fail }
}

const readJson = async (key: string) => JSON.parse((await redis.get(key)) ?? 'null')

/** Issues a command as a console would, and waits for the answer of one process. */
async function command(
  verb: Verb | string,
  args: unknown,
  options: {
    key?: string
    env?: string
    notAfter?: number
    scope?: object
    v?: number
    to: FleetMember
    wait?: number
  },
) {
  const id = newId()
  const body = {
    v: options.v ?? 1,
    id,
    env: options.env ?? environment,
    verb,
    scope: options.scope ?? { all: true },
    args,
    issuedBy: 'an operator',
    notAfter: options.notAfter ?? Date.now() + 10_000,
  }
  await redis
    .multi()
    .xadd(keys.commands, '*', 'c', seal(options.key ?? KEY, JSON.stringify(body)))
    .publish(keys.commandsNudge, id)
    .exec()
  const deadline = performance.now() + (options.wait ?? 3_000)
  while (performance.now() < deadline) {
    const text = await redis.hget(keys.answers(id), options.to.id)
    if (text) return JSON.parse(text) as { status: string; reason?: string }
    await new Promise(resolve => setTimeout(resolve, 10))
  }
  return undefined
}

const force = (state = 'open', more: object = {}) => ({
  breaker: 'payments',
  override: newId(),
  state,
  reason: 'a test',
  ...more,
})

describe('registration', () => {
  test('identity, beat and details are there, each with an expiry', async () => {
    const { member } = station({ version: '2.1.0', owner: 'payments' })
    await member.start()
    expect(await readJson(keys.identity(member.id))).toMatchObject({
      v: 1,
      id: member.id,
      service: 'checkout',
      version: '2.1.0',
      owner: 'payments',
      pid: process.pid,
      verbs: ['breaker.force', 'breaker.release', 'breaker.reset'],
    })
    const beat = parseBeat((await redis.get(keys.beat(member.id))) ?? '')
    expect(beat).toMatchObject({ id: member.id, rev: { breakers: 1 } })
    expect(beat?.vitals.rss).toBeGreaterThan(1_000_000)
    expect(await readJson(keys.detail(member.id, 'breakers'))).toMatchObject({
      rev: 1,
      total: 1,
      items: [{ name: 'payments', effective: 'closed' }],
    })
    expect(await redis.zscore(keys.processes, member.id)).not.toBeNull()
    for (const key of [keys.identity(member.id), keys.beat(member.id), keys.detail(member.id, 'breakers')])
      expect(await redis.pttl(key)).toBeGreaterThan(0)
    expect(await redis.pttl(keys.beat(member.id))).toBeLessThanOrEqual(limits.BEAT_EXPIRY)
  })

  test('a transition is an event with the breaker as it then was, and the detail follows', async () => {
    const { member, fail } = station()
    await member.start()
    await fail()
    await fail()
    const events = await vi.waitFor(async () => {
      const found = (await redis.xrange(keys.events, '-', '+')).map(([, fields]) => JSON.parse(fields[1] ?? ''))
      expect(found.map(event => event.kind)).toEqual(['process.registered', 'breaker.transition'])
      return found
    })
    expect(events[1]).toMatchObject({
      process: member.id,
      data: {
        breaker: 'payments',
        from: 'closed',
        to: 'open',
        cause: 'threshold',
        report: { effective: 'open', lastFailure: { message: 'ECONNREFUSED' } },
      },
    })
    await vi.waitFor(
      async () =>
        expect(await readJson(keys.detail(member.id, 'breakers'))).toMatchObject({ items: [{ effective: 'open' }] }),
      { timeout: 5_000 },
    )
  })

  test('a goodbye is told, and the beat is gone with it', async () => {
    const { member } = station()
    await member.start()
    await member.stop()
    expect((await readJson(keys.identity(member.id))).leftAt).toBeGreaterThan(0)
    expect(await redis.exists(keys.beat(member.id))).toBe(0)
  })

  test('one registration a process and place', async () => {
    const { member } = station({ instance: 'checkout-1' })
    await member.start()
    const second = station({ instance: 'checkout-1' })
    await expect(second.member.start()).rejects.toBeInstanceOf(FleetRegistrationError)
  })

  test('details beyond 64 KB are cut, and say how many there were', async () => {
    const items = Array.from({ length: 2_000 }, (_, index) => ({ name: `item-${index}`, text: 'x'.repeat(80) }))
    const { member } = station({ sources: [{ domain: 'things', revision: () => 1, items: () => items }] })
    await member.start()
    const text = (await redis.get(keys.detail(member.id, 'things'))) ?? ''
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(limits.DETAIL_BYTES)
    const detail = JSON.parse(text)
    expect(detail.total).toBe(2_000)
    expect(detail.items.length).toBeGreaterThan(500)
    expect(detail.items.length).toBeLessThan(2_000)
  })
})

describe('commands', () => {
  test('a signed one is obeyed before it is acknowledged', async () => {
    const { member, breaker } = station()
    await member.start()
    expect(await command('breaker.force', force(), { to: member })).toMatchObject({ status: 'applied' })
    expect(breaker.state).toBe('open')
  })

  test('an unsigned one, or one with another key or for another environment, is neither obeyed nor answered', async () => {
    const { member, breaker } = station()
    await member.start()
    await redis
      .multi()
      .xadd(keys.commands, '*', 'c', JSON.stringify({ verb: 'breaker.force' }))
      .publish(keys.commandsNudge, 'x')
      .exec()
    const [wrongKey, wrongEnvironment] = await Promise.all([
      command('breaker.force', force(), { to: member, key: 'some-other-key-that-is-long-enough', wait: 400 }),
      command('breaker.force', force(), { to: member, env: 'elsewhere', wait: 400 }),
    ])
    expect([wrongKey, wrongEnvironment]).toEqual([undefined, undefined])
    // The one after them is obeyed: they were read, and passed over.
    expect(await command('breaker.reset', { breaker: 'payments' }, { to: member })).toMatchObject({ status: 'applied' })
    expect(breaker.state).toBe('closed')
  })

  test('one that comes too late, is malformed, names nothing here or is from a newer protocol says why not', async () => {
    const { member, breaker } = station()
    await member.start()
    expect(await command('breaker.force', force(), { to: member, notAfter: Date.now() - 5_000 })).toMatchObject({
      status: 'refused',
      reason: 'the command came too late',
    })
    expect(await command('breaker.force', { breaker: 'payments' }, { to: member })).toMatchObject({
      status: 'refused',
      reason: expect.stringContaining('not understood'),
    })
    expect(await command('breaker.reset', { breaker: 'nothing' }, { to: member })).toMatchObject({
      status: 'refused',
      reason: 'there is no breaker nothing in this process',
    })
    expect(await command('process.explode', {}, { to: member })).toMatchObject({ status: 'unsupported' })
    expect(await command('breaker.force', force(), { to: member, v: 2 })).toMatchObject({ status: 'unsupported' })
    expect(breaker.state).toBe('closed')
  })

  test('only those in scope obey', async () => {
    const one = station()
    const other = station()
    await Promise.all([one.member.start(), other.member.start()])
    await command('breaker.force', force(), { to: one.member, scope: { processes: [one.member.id] } })
    expect([one.breaker.state, other.breaker.state]).toEqual(['open', 'closed'])
  })

  test('without a key a process reports and obeys nobody', async () => {
    const { member, breaker } = station({ key: undefined })
    await member.start()
    expect((await readJson(keys.identity(member.id))).verbs).toEqual([])
    expect(await command('breaker.force', force(), { to: member, wait: 300 })).toBeUndefined()
    expect(breaker.state).toBe('closed')
  })

  test('a verb that a process opts out of is unsupported there', async () => {
    const { member } = station({ refuse: ['breaker.force'] })
    await member.start()
    expect(await command('breaker.force', force(), { to: member })).toMatchObject({ status: 'unsupported' })
  })

  test('a lost nudge costs one beat at most', async () => {
    const { member, breaker } = station()
    await member.start()
    const text = JSON.stringify({
      v: 1,
      id: newId(),
      env: environment,
      verb: 'breaker.force',
      scope: { all: true },
      args: force(),
      issuedBy: 'x',
      notAfter: Date.now() + 10_000,
    })
    await redis.multi().xadd(keys.commands, '*', 'c', seal(KEY, text)).set(keys.lastCommand, newId()).exec()
    await vi.waitFor(() => expect(breaker.state).toBe('open'), { timeout: 6_000 })
  })

  test('one that was issued before a process started is none of its business', async () => {
    const first = station()
    await first.member.start()
    await command('breaker.force', force(), { to: first.member })
    const later = station()
    await later.member.start()
    expect(later.breaker.state).toBe('closed')
  })
})

describe('overrides', () => {
  const put = async (override: Partial<Override> & { args: Override['args'] }, key = KEY) => {
    const whole = {
      v: 1,
      env: environment,
      verb: 'breaker.force',
      scope: { all: true },
      except: [],
      issuedBy: 'an operator',
      setAt: Date.now(),
      id: override.args.override,
      ...override,
    }
    await redis.hset(keys.overrides, whole.id, seal(key, JSON.stringify(whole)))
    return whole.id
  }

  test('a process that starts later finds those still in force, with the time they have left', async () => {
    await put({ args: force('open') as Override['args'], expiresAt: Date.now() + 30_000 })
    const { member, breaker } = station()
    await member.start()
    expect(breaker.state).toBe('open')
    expect((breaker.report().forced?.until ?? 0) - Date.now()).toBeLessThanOrEqual(30_000)
  })

  test('one that is over, forged, out of scope or released there is not applied', async () => {
    await put({ args: force() as Override['args'], expiresAt: Date.now() - 1 })
    await put({ args: force() as Override['args'] }, 'some-other-key-that-is-long-enough')
    await put({ args: force() as Override['args'], scope: { service: 'storefront' } })
    await put({ args: force() as Override['args'], except: [{ service: 'checkout' }] })
    const { member, breaker } = station()
    await member.start()
    expect(breaker.state).toBe('closed')
  })

  test('where a newer one runs out, the older one beneath it holds again', async () => {
    await put({ args: force('open') as Override['args'], setAt: Date.now() - 1_000 })
    const until = Date.now() + 1_500
    await put({ args: force('closed') as Override['args'], expiresAt: until })
    const { member, breaker } = station()
    await member.start()
    expect(breaker.state).toBe('closed')
    await vi.waitFor(() => expect(breaker.report().forced?.state).toBe('open'), { timeout: 6_000 })
    expect(Date.now()).toBeGreaterThanOrEqual(until - 100)
  })
})

describe('a Redis that fails', () => {
  test('the service keeps serving, and registers again with what is in force by then', async () => {
    const server = await startRedis()
    const own = new Redis(server.url, { maxRetriesPerRequest: null })
    own.on('error', () => {})
    const { member, breaker } = station({ redisUrl: server.url })
    await member.start()
    expect(member.state).toBe('registered')
    await server.stop()
    await vi.waitFor(() => expect(member.state).toBe('away'), { timeout: 6_000 })
    expect(await breaker.execute(() => 'served')).toBe('served')
    // An empty Redis comes back, as after a failover to a fresh replica.
    await server.start()
    const override = {
      v: 1,
      id: newId(),
      env: environment,
      verb: 'breaker.force',
      scope: { all: true },
      except: [],
      args: force(),
      issuedBy: 'an operator',
      setAt: Date.now(),
    }
    await own.hset(
      keys.overrides,
      override.id,
      seal(KEY, JSON.stringify({ ...override, args: { ...override.args, override: override.id } })),
    )
    await vi.waitFor(
      async () => {
        expect(member.state).toBe('registered')
        expect(
          await own.exists(keys.identity(member.id), keys.beat(member.id), keys.detail(member.id, 'breakers')),
        ).toBe(3)
      },
      { timeout: 10_000 },
    )
    await vi.waitFor(() => expect(breaker.state).toBe('open'), { timeout: 10_000 })
    await member.stop()
    own.disconnect()
    await server.close()
  }, 40_000)

  test('one that hangs does not hold up the service or its end', async () => {
    const server = await startRedis()
    const { member, breaker, fail } = station({ redisUrl: server.url })
    await member.start()
    server.pause()
    await fail()
    await fail()
    expect(breaker.state).toBe('open')
    const began = performance.now()
    await member.stop()
    expect(performance.now() - began).toBeLessThan(3_000)
    server.resume()
    await server.close()
  }, 30_000)

  test('a service starts without it', async () => {
    const { member, breaker } = station({ redisUrl: 'redis://127.0.0.1:1' })
    const began = performance.now()
    await member.start()
    expect(performance.now() - began).toBeLessThan(4_000)
    expect(await breaker.execute(() => 'served')).toBe('served')
  })
})

test('recorded beats of every version are read as they were meant', () => {
  const v1 =
    '{"v":1,"id":"01M7YZ0WP0VH1W0Q631CGQRR6X","seq":7,"vitals":{"cpu":0.01,"rss":80000000,"heap":20000000,"heapLimit":4000000000,"lag":1.2,"uptime":12000},"rev":{"breakers":3,"health":1},"skew":-2}'
  expect(parseBeat(v1)).toMatchObject({ v: 1, seq: 7, rev: { breakers: 3 }, skew: -2 })
  expect(parseBeat('{"v":1}')).toBeUndefined()
  expect(parseBeat('not json')).toBeUndefined()
  expect(parseBeat('null')).toBeUndefined()
})
