import { Redis } from 'ioredis'
import { expect, vi } from 'vitest'
import { newId } from '../../core/ids.ts'
import { FLEET_KEY, force, fleetTest as test } from '../testing/fleet-test.ts'
import { startRedis } from '../testing/servers.ts'
import { seal } from './index.ts'

test('the service keeps serving, and registers again with the overrides then in force', async ({
  environment,
  keys,
  fleetProcess,
}) => {
  const server = await startRedis()
  const own = new Redis(server.url, { maxRetriesPerRequest: null })
  own.on('error', () => {})
  const { member, breaker } = fleetProcess({ redisUrl: server.url })
  await member.start()
  expect(member.state).toBe('registered')
  await server.stop()
  await vi.waitFor(() => expect(member.state).toBe('away'), { timeout: 6_000 })
  expect(await breaker.execute(() => 'served')).toBe('served')
  // Redis comes back empty, as after a failover to a fresh replica.
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
    seal(FLEET_KEY, JSON.stringify({ ...override, args: { ...override.args, override: override.id } })),
  )
  await vi.waitFor(
    async () => {
      expect(member.state).toBe('registered')
      expect(await own.exists(keys.identity(member.id), keys.beat(member.id), keys.detail(member.id, 'breakers'))).toBe(
        3,
      )
    },
    { timeout: 10_000 },
  )
  await vi.waitFor(() => expect(breaker.state).toBe('open'), { timeout: 10_000 })
  await member.stop()
  own.disconnect()
  await server.close()
}, 40_000)

test('a Redis that hangs delays neither the service nor its stop', async ({ fleetProcess }) => {
  const server = await startRedis()
  const { member, breaker, fail } = fleetProcess({ redisUrl: server.url })
  await member.start()
  server.pause()
  await fail()
  await fail()
  expect(breaker.state).toBe('open')
  // It stops while the server still hangs.
  await member.stop()
  server.resume()
  await server.close()
}, 30_000)

test('a service starts without it', async ({ fleetProcess }) => {
  const { member, breaker } = fleetProcess({ redisUrl: 'redis://127.0.0.1:1' })
  await member.start()
  expect(await breaker.execute(() => 'served')).toBe('served')
})
