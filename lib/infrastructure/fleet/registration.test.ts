import { hostname } from 'node:os'
import { expect, vi } from 'vitest'
import { fleetTest as test } from '../testing/fleet-test.ts'
import { FleetRegistrationError, limits, parseBeat } from './index.ts'

test('identity, heartbeat and details are written, each with an expiry', async ({
  redis,
  keys,
  fleetProcess,
  readJson,
}) => {
  const { member } = fleetProcess({ version: '2.1.0', owner: 'payments' })
  await member.start()
  expect(await readJson(keys.identity(member.id))).toMatchObject({
    v: 1,
    id: member.id,
    service: 'checkout',
    version: '2.1.0',
    owner: 'payments',
    pid: process.pid,
    verbs: [
      ...['breaker.force', 'breaker.release', 'breaker.reset', 'breaker.change-policy', 'breaker.restore-policy'],
    ],
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

test('a transition is an event with the report of the breaker at that time, and the detail follows', async ({
  redis,
  keys,
  fleetProcess,
  readJson,
}) => {
  const { member, fail } = fleetProcess()
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

test('a process that stops says so, and its heartbeat is removed', async ({ redis, keys, fleetProcess, readJson }) => {
  const { member } = fleetProcess()
  await member.start()
  await member.stop()
  expect((await readJson(keys.identity(member.id))).leftAt).toBeGreaterThan(0)
  expect(await redis.exists(keys.beat(member.id))).toBe(0)
})

test('one registration per process and instance', async ({ fleetProcess }) => {
  const { member } = fleetProcess({ instance: 'checkout-1' })
  await member.start()
  const second = fleetProcess({ instance: 'checkout-1' })
  await expect(second.member.start()).rejects.toBeInstanceOf(FleetRegistrationError)
})

test('without a name an instance is its host and pid', async ({ keys, fleetProcess, readJson }) => {
  const { member } = fleetProcess({ instance: undefined })
  await member.start()
  expect((await readJson(keys.identity(member.id))).instance).toBe(`${hostname()}:${process.pid}`)
})

test('the revisions of more domains than fit into a heartbeat are left out of it, not its vitals', async ({
  redis,
  keys,
  fleetProcess,
}) => {
  const sources = Array.from({ length: 120 }, (_, at) => ({
    domain: `a-domain-with-a-long-name-${at}`,
    revision: () => 1,
    items: () => [at],
  }))
  const { member } = fleetProcess({ sources })
  await member.start()
  const text = (await redis.get(keys.beat(member.id))) ?? ''
  expect(text.length).toBeLessThanOrEqual(limits.BEAT_BYTES)
  expect(parseBeat(text)).toMatchObject({ rev: {}, vitals: { rss: expect.any(Number) } })
  expect(await redis.exists(keys.detail(member.id, 'a-domain-with-a-long-name-119'))).toBe(1)
})

test('details beyond 64 KB are cut, and say how many there were', async ({ redis, keys, fleetProcess }) => {
  const items = Array.from({ length: 2_000 }, (_, index) => ({ name: `item-${index}`, text: 'x'.repeat(80) }))
  const { member } = fleetProcess({ sources: [{ domain: 'things', revision: () => 1, items: () => items }] })
  await member.start()
  const text = (await redis.get(keys.detail(member.id, 'things'))) ?? ''
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(limits.DETAIL_BYTES)
  const detail = JSON.parse(text)
  expect(detail.total).toBe(2_000)
  expect(detail.items.length).toBeGreaterThan(500)
  expect(detail.items.length).toBeLessThan(2_000)
})

test('recorded heartbeats of every version are read correctly', () => {
  const v1 =
    '{"v":1,"id":"01M7YZ0WP0VH1W0Q631CGQRR6X","seq":7,"vitals":{"cpu":0.01,"rss":80000000,"heap":20000000,"heapLimit":4000000000,"lag":1.2,"uptime":12000},"rev":{"breakers":3,"health":1},"skew":-2}'
  expect(parseBeat(v1)).toMatchObject({ v: 1, seq: 7, rev: { breakers: 3 }, skew: -2 })
  expect(parseBeat('{"v":1}')).toBeUndefined()
  expect(parseBeat('not json')).toBeUndefined()
  expect(parseBeat('null')).toBeUndefined()
})
