import { expect, vi } from 'vitest'
import { FLEET_KEY, force, fleetTest as test } from '../testing/fleet-test.ts'
import { parseBeat, seal } from './index.ts'

// A process whose place in Redis is taken away comes back on its own.

test('a process whose connections are closed registers again, and keeps the override it is under', async ({
  redis,
  environment,
  keys,
  fleetProcess,
}) => {
  const args = force()
  const override = {
    ...{ v: 1, id: args.override, env: environment, verb: 'breaker.force', scope: { all: true }, except: [] },
    ...{ args, issuedBy: 'an operator', setAt: Date.now() },
  }
  await redis.hset(keys.overrides, override.id, seal(FLEET_KEY, JSON.stringify(override)))
  const states: string[] = []
  const instance = `closed-${environment}`
  const { member, breaker } = fleetProcess({ instance, onStateChange: state => states.push(state) })
  await member.start()
  const forcedSince = breaker.report().forced?.since
  expect(breaker.state).toBe('open')
  const sent = async () => parseBeat((await redis.get(keys.beat(member.id))) ?? '')?.seq ?? 0
  // Each registration sends two heartbeats; Redis' time is read with the fifth.
  for (const seq of [4, 6]) {
    const own = String(await redis.client('LIST'))
      .split('\n')
      .filter(line => line.includes(`name=substation:${instance} `))
    const id = /id=(\d+)/.exec(own[0] ?? '')?.[1] ?? ''
    expect(await redis.client('KILL', 'ID', id)).toBe(1)
    await vi.waitFor(async () => expect(await sent()).toBeGreaterThanOrEqual(seq), { timeout: 6_000 })
    await vi.waitFor(() => expect(member.state).toBe('registered'))
  }
  expect(states).toEqual(['registered', 'away', 'registered', 'away', 'registered'])
  expect(breaker.report().forced?.since).toBe(forcedSince)
})

test('one that Redis no longer knows registers again with its next heartbeat, with all its details', async ({
  redis,
  keys,
  fleetProcess,
}) => {
  const { member } = fleetProcess()
  await member.start()
  const own = [keys.identity(member.id), keys.detail(member.id, 'breakers'), keys.processes]
  await redis.del(own)
  await vi.waitFor(async () => expect(await redis.exists(own)).toBe(3), { timeout: 6_000 })
  expect(member.state).toBe('registered')
})

test('one that Redis refuses is away with the reason, and registered as soon as it may', async ({
  redis,
  keys,
  fleetProcess,
}) => {
  await redis.set(keys.processes, 'foreign')
  const reasons: (string | undefined)[] = []
  const { member } = fleetProcess({ onStateChange: (_, reason) => reasons.push(reason) })
  await member.start()
  await vi.waitFor(() => expect(member.state).toBe('away'))
  expect(reasons).toEqual([expect.stringContaining('WRONGTYPE')])
  await redis.del(keys.processes)
  await vi.waitFor(() => expect(member.state).toBe('registered'), { timeout: 6_000 })
})

test('of the events before it could register the newest are kept, in their order, and the others counted', async ({
  redis,
  keys,
  fleetProcess,
}) => {
  const { member } = fleetProcess()
  for (let at = 1; at <= 250; at++) member.publish('demo.counted', { at })
  await member.start()
  const events = (await redis.xrange(keys.events, '-', '+')).map(([, fields]) => JSON.parse(fields[1] ?? ''))
  expect(events.map(event => event.data.at ?? event.kind)).toEqual([
    ...Array.from({ length: 199 }, (_, at) => at + 52),
    'process.registered',
  ])
  expect(parseBeat((await redis.get(keys.beat(member.id))) ?? '')?.dropped).toBe(51)
})
