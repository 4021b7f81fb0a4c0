import { expect, vi } from 'vitest'
import { newId } from '../../core/ids.ts'
import { FLEET_KEY, force, fleetTest as test } from '../testing/fleet-test.ts'
import { seal } from './index.ts'

test('a signed one is carried out before it is acknowledged', async ({ fleetProcess, command }) => {
  const { member, breaker } = fleetProcess()
  await member.start()
  expect(await command('breaker.force', force(), { to: member })).toMatchObject({ status: 'applied' })
  expect(breaker.state).toBe('open')
})

test('an unsigned one, or one with another key or for another environment, is neither carried out nor answered', async ({
  redis,
  keys,
  fleetProcess,
  command,
}) => {
  const { member, breaker } = fleetProcess()
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
  // The one after them is carried out: they were read, and skipped.
  expect(await command('breaker.reset', { breaker: 'payments' }, { to: member })).toMatchObject({ status: 'applied' })
  expect(breaker.state).toBe('closed')
})

test('one that is too late, malformed, about nothing in this process or of a newer protocol is answered with the reason', async ({
  fleetProcess,
  command,
}) => {
  const { member, breaker } = fleetProcess()
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

test('what is no command in the stream is skipped: the ones after it are carried out', async ({
  redis,
  keys,
  fleetProcess,
  command,
}) => {
  const { member, breaker } = fleetProcess()
  await member.start()
  await redis.xadd(keys.commands, '*', 'other', 'x')
  await redis.xadd(keys.commands, '*', 'c', 'no signature at all')
  await redis.xadd(keys.commands, '*', 'c', seal(FLEET_KEY, 'not json'))
  expect(await command('breaker.force', force(), { to: member })).toMatchObject({ status: 'applied' })
  expect(breaker.state).toBe('open')
})

test('an override that has expired already is refused; one in force is released by its own id only', async ({
  fleetProcess,
  command,
}) => {
  const { member, breaker } = fleetProcess()
  await member.start()
  expect(
    await command('breaker.force', force('open', { expiresAt: Date.now() - 5_000 }), { to: member }),
  ).toMatchObject({
    status: 'refused',
    reason: 'it had already expired',
  })
  expect(breaker.state).toBe('closed')
  const args = force('open', { expiresAt: Date.now() + 60_000 })
  await command('breaker.force', args, { to: member })
  expect(breaker.state).toBe('open')
  const release = (override: string) => command('breaker.release', { breaker: 'payments', override }, { to: member })
  expect(await release(newId())).toMatchObject({ status: 'refused', reason: 'that override is not in force here' })
  expect(breaker.state).toBe('open')
  expect(await release(args.override)).toMatchObject({ status: 'applied' })
  expect(breaker.state).toBe('closed')
})

test('only processes in scope obey', async ({ fleetProcess, command }) => {
  const one = fleetProcess()
  const other = fleetProcess()
  await Promise.all([one.member.start(), other.member.start()])
  await command('breaker.force', force(), { to: one.member, scope: { processes: [one.member.id] } })
  expect([one.breaker.state, other.breaker.state]).toEqual(['open', 'closed'])
})

test('without a key a process reports, but obeys no command', async ({ keys, fleetProcess, readJson, command }) => {
  const { member, breaker } = fleetProcess({ key: undefined })
  await member.start()
  expect((await readJson(keys.identity(member.id))).verbs).toEqual([])
  expect(await command('breaker.force', force(), { to: member, wait: 300 })).toBeUndefined()
  expect(breaker.state).toBe('closed')
})

test('a verb that a process opts out of is unsupported there', async ({ fleetProcess, command }) => {
  const { member } = fleetProcess({ refuse: ['breaker.force'] })
  await member.start()
  expect(await command('breaker.force', force(), { to: member })).toMatchObject({ status: 'unsupported' })
})

test('a lost nudge delays a command by one heartbeat at most', async ({ redis, environment, keys, fleetProcess }) => {
  const { member, breaker } = fleetProcess()
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
  await redis.multi().xadd(keys.commands, '*', 'c', seal(FLEET_KEY, text)).set(keys.lastCommand, newId()).exec()
  await vi.waitFor(() => expect(breaker.state).toBe('open'), { timeout: 6_000 })
})

test('one that was issued before a process started is skipped', async ({ fleetProcess, command }) => {
  const first = fleetProcess()
  await first.member.start()
  await command('breaker.force', force(), { to: first.member })
  const later = fleetProcess()
  await later.member.start()
  expect(later.breaker.state).toBe('closed')
})
