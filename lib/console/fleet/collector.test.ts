import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { newId } from '../../core/ids.ts'
import { fleetKeys, joinFleet } from '../../infrastructure/fleet/index.ts'
import { createBreakerRegistry } from '../../infrastructure/resilience/index.ts'
import { redisUrl, startRedis } from '../../infrastructure/testing/servers.ts'
import { type LiveEvent, liveHub } from '../platform/live/hub.ts'
import { openViewRedis } from '../servers/view-redis.ts'
import { fleetCollector } from './collector.ts'
import type { FleetSnapshot } from './port.ts'

let redis: Redis
let environment: string
let keys: ReturnType<typeof fleetKeys>
const closing: (() => Promise<unknown>)[] = []

beforeAll(() => {
  redis = new Redis(redisUrl())
})
beforeEach(() => {
  environment = `c-${newId().toLowerCase()}`
  keys = fleetKeys(environment)
})
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})
afterAll(() => redis.disconnect())

function collector(url = redisUrl()) {
  const hub = liveHub()
  const heard: LiveEvent[] = []
  hub.subscribe(event => heard.push(event))
  const fleet = fleetCollector({ environment, redis: openViewRedis(url, 'test'), hub })
  closing.push(() => fleet.close())
  return { fleet, hub, heard, read: (...domains: string[]) => fleet.read(domains, { maxAge: 0 }) }
}

async function snapshotOf(
  reading: Promise<Awaited<ReturnType<ReturnType<typeof collector>['read']>>>,
): Promise<FleetSnapshot> {
  const part = await reading
  if (part.status !== 'up') throw new Error(part.reason)
  return part.data
}

/** Writes what a process would have written, `ago` ms ago. */
async function pretend(options: {
  ago?: number
  beat?: object | string
  service?: string
  instance?: string
  startedAgo?: number
  left?: boolean
}) {
  const id = newId()
  const now = Date.now()
  const at = now - (options.ago ?? 0)
  const identity = {
    v: 1,
    id,
    service: options.service ?? 'checkout',
    instance: options.instance ?? id,
    host: 'h',
    pid: 1,
    startedAt: now - (options.startedAgo ?? 60_000),
    leftAt: options.left ? at : undefined,
    verbs: [],
  }
  const beat = {
    v: 1,
    id,
    seq: 1,
    vitals: { cpu: 0.1, rss: 1_000, heap: 1, heapLimit: 2, lag: 0, uptime: 1 },
    rev: {},
    ...(typeof options.beat === 'object' ? options.beat : {}),
  }
  await redis.zadd(keys.processes, at, id)
  await redis.set(keys.identity(id), JSON.stringify(identity))
  if ((options.ago ?? 0) < 7_000 && !options.left)
    await redis.set(keys.beat(id), typeof options.beat === 'string' ? options.beat : JSON.stringify(beat))
  return id
}

test('states by the age of the last beat: up, late, lost, stopped', async () => {
  const { read } = collector()
  const ids = {
    up: await pretend({}),
    late: await pretend({ ago: 8_000 }),
    lost: await pretend({ ago: 20_000 }),
    left: await pretend({ ago: 20_000, left: true }),
  }
  const { processes } = await snapshotOf(read())
  expect(Object.fromEntries(processes.map(process => [process.id, process.state]))).toEqual({
    [ids.up]: 'up',
    [ids.late]: 'late',
    [ids.lost]: 'lost',
    [ids.left]: 'left',
  })
})

test('readings in quick succession find a new process at once, and a silent one in time', async () => {
  const { fleet, read } = collector()
  const silent = await pretend({})
  const beating = await pretend({})
  const states = async () =>
    Object.fromEntries((await snapshotOf(read())).processes.map(process => [process.id, process.state]))
  expect(await states()).toEqual({ [silent]: 'up', [beating]: 'up' })
  const newcomer = await pretend({})
  expect(await states()).toEqual({ [silent]: 'up', [beating]: 'up', [newcomer]: 'up' })
  await redis.zadd(keys.processes, Date.now() - 20_000, silent)
  await redis.del(keys.beat(silent))
  const expected = { [silent]: 'lost', [beating]: 'up', [newcomer]: 'up' }
  await vi.waitFor(async () => expect(await states()).toEqual(expected), { timeout: 5_500, interval: 200 })
  await fleet.forget([silent])
  expect(await states()).toEqual({ [beating]: 'up', [newcomer]: 'up' })
}, 10_000)

test('a lost process whose place another one fills is replaced; one that started before is no successor', async () => {
  const { read } = collector()
  const lost = await pretend({ ago: 30_000, instance: 'checkout-1', startedAgo: 600_000 })
  await pretend({ instance: 'checkout-1', startedAgo: 5_000 })
  const other = await pretend({ ago: 30_000, instance: 'checkout-2', startedAgo: 5_000 })
  await pretend({ instance: 'checkout-2', startedAgo: 600_000 })
  const { processes } = await snapshotOf(read())
  const stateOf = (id: string) => processes.find(process => process.id === id)?.state
  expect([stateOf(lost), stateOf(other)]).toEqual(['replaced', 'lost'])
})

test('a newer protocol is shown as unsupported, never guessed at; so is invalid text', async () => {
  const { read } = collector()
  const newer = await pretend({ beat: { v: 9 } })
  const rubbish = await pretend({ beat: '{"v":' })
  const { processes } = await snapshotOf(read())
  for (const id of [newer, rubbish])
    expect(processes.find(process => process.id === id)).toMatchObject({
      state: 'up',
      beat: undefined,
      unsupported: expect.any(Number),
    })
})

test('details are read for the domains asked for, and again when their revision moves', async () => {
  const breakers = createBreakerRegistry()
  const breaker = breakers.create({
    name: 'payments',
    policy: { kind: 'consecutive', failures: 1 },
    halfOpenAfterMs: 60_000,
  })
  const member = joinFleet({ redisUrl: redisUrl(), environment, service: 'checkout', instance: newId(), breakers })
  await member.start()
  closing.push(() => member.stop())
  const { read, heard } = collector()
  expect((await snapshotOf(read())).processes[0]?.details.size).toBe(0)
  const itemOf = async () => (await snapshotOf(read('breakers'))).processes[0]?.details.get('breakers')?.items[0]
  expect(await itemOf()).toMatchObject({ name: 'payments', effective: 'closed' })
  heard.length = 0
  await breaker.execute(() => Promise.reject(new Error('x'))).catch(() => {})
  await vi.waitFor(async () => expect(await itemOf()).toMatchObject({ effective: 'open' }), { timeout: 8_000 })
  expect(heard.some(event => event.topics.includes('breakers'))).toBe(true)
})

test('only processes that stopped or were lost can be forgotten, and they can be restored as they were', async () => {
  const { fleet, read } = collector()
  const alive = await pretend({})
  const lost = await pretend({ ago: 20_000 })
  await read()
  const before = (await snapshotOf(read())).processes.find(({ id }) => id === lost)
  await redis.pexpire(keys.identity(lost), 60_000)
  const forgotten = await fleet.forget([alive, lost])
  expect(forgotten.map(({ id }) => id)).toEqual([lost])
  expect((await snapshotOf(read())).processes.map(process => process.id)).toEqual([alive])
  expect(await redis.exists(keys.identity(lost))).toBe(0)
  expect(await fleet.remember(forgotten)).toEqual([lost])
  const again = (await snapshotOf(read())).processes.find(({ id }) => id === lost)
  expect(again).toMatchObject({
    id: lost,
    service: before?.service,
    state: before?.state,
    lastBeatAt: before?.lastBeatAt,
  })
  expect(await redis.pttl(keys.identity(lost))).toBeGreaterThan(0)
  // One that is back is not overwritten.
  expect(await fleet.remember(forgotten)).toEqual([])
})

test('a Redis that was never there is down, with the reason; not an empty fleet', async () => {
  const { read } = collector('redis://127.0.0.1:1')
  const part = await read()
  expect(part).toMatchObject({
    status: 'down',
    reason: 'Redis refuses connections',
    nextStep: expect.stringContaining('Redis'),
  })
})

test('a Redis that hangs: the last reading, its age and since when; every further one at once; recovery on its own', async () => {
  const server = await startRedis()
  closing.push(() => server.close())
  const own = new Redis(server.url)
  const { fleet, read, heard } = collector(server.url)
  const at = Date.now()
  await own.zadd(keys.processes, at, newId())
  expect(await read()).toMatchObject({ status: 'up' })
  server.pause()
  const first = await read()
  expect(first).toMatchObject({ status: 'stale', reason: 'Redis does not answer', data: { processes: [{}] } })
  // From memory: answered in the same turn of the event loop.
  const second = await Promise.race([fleet.read(), new Promise(resolve => setImmediate(resolve))])
  expect(second).toMatchObject({ status: 'stale', since: first.status === 'stale' ? first.since : 0 })
  heard.length = 0
  server.resume()
  await vi.waitFor(async () => expect((await fleet.read()).status).toBe('up'), { timeout: 10_000 })
  expect(heard.some(event => event.topics.includes('fleet') && event.topics.includes('breakers'))).toBe(true)
  own.disconnect()
}, 30_000)

test('where Redis refuses writes, a silent process is not lost: the reading is stale, with the reason', async () => {
  const server = await startRedis()
  const admin = new Redis(server.url)
  const member = joinFleet({
    redisUrl: server.url,
    environment,
    service: 'shop',
    instance: 'shop-1',
    key: 'k'.repeat(40),
  })
  closing.push(
    () => server.close(),
    async () => admin.disconnect(),
    () => member.stop(),
  )
  await member.start()
  const { read } = collector(server.url)
  await vi.waitFor(async () => expect((await snapshotOf(read())).processes).toHaveLength(1), 5_000)
  await admin.config('SET', 'maxmemory', '100kb')
  const seen = new Set<string>()
  const stale = await vi.waitFor(
    async () => {
      const part = await read()
      if (part.status !== 'down') for (const { state } of part.data.processes) seen.add(state)
      if (part.status !== 'stale') throw new Error(`still ${part.status}`)
      return part
    },
    { timeout: 20_000, interval: 200 },
  )
  expect(stale.reason).toContain('Redis refuses writes: its memory is full')
  expect(stale.nextStep).toContain('maxmemory')
  expect([...seen]).not.toContain('lost')
  await admin.config('SET', 'maxmemory', '0')
  await vi.waitFor(async () => expect((await snapshotOf(read())).processes[0]?.state).toBe('up'), {
    timeout: 15_000,
    interval: 200,
  })
}, 60_000)
