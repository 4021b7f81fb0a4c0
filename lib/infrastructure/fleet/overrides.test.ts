import { expect, vi } from 'vitest'
import { createCacheRegistry } from '../cache/index.ts'
import { FLEET_KEY, fleetTest, force } from '../testing/fleet-test.ts'
import { type OverrideOf, seal } from './index.ts'

type Force = OverrideOf<'breaker.force'>
type Put = (override: Partial<Force> & { args: Force['args'] }, key?: string) => Promise<string>

const test = fleetTest.extend<{ put: Put }>({
  put: async ({ redis, keys, environment }, use) =>
    use(async (override, key = FLEET_KEY) => {
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
    }),
})

test('a process that starts later applies those still in force, with their remaining time', async ({
  fleetProcess,
  put,
}) => {
  await put({ args: force('open') as Force['args'], expiresAt: Date.now() + 30_000 })
  const { member, breaker } = fleetProcess()
  await member.start()
  expect(breaker.state).toBe('open')
  expect((breaker.report().forced?.until ?? 0) - Date.now()).toBeLessThanOrEqual(30_000)
})

test('one that is expired, forged, out of scope or released there is not applied', async ({ fleetProcess, put }) => {
  await put({ args: force() as Force['args'], expiresAt: Date.now() - 1 })
  await put({ args: force() as Force['args'] }, 'some-other-key-that-is-long-enough')
  await put({ args: force() as Force['args'], scope: { service: 'storefront' } })
  await put({ args: force() as Force['args'], except: [{ service: 'checkout' }] })
  const { member, breaker } = fleetProcess()
  await member.start()
  expect(breaker.state).toBe('closed')
})

test('one about a breaker that a process does not have does not keep it from applying the others', async ({
  fleetProcess,
  put,
}) => {
  await put({ args: { ...force('open'), breaker: 'unknown' } as Force['args'], setAt: 1 })
  await put({ args: force('open') as Force['args'] })
  const { member, breaker } = fleetProcess()
  await member.start()
  expect(breaker.state).toBe('open')
})

test('when a newer one expires, the older one is in force again', async ({ fleetProcess, put }) => {
  await put({ args: force('open') as Force['args'], setAt: Date.now() - 1_000 })
  const until = Date.now() + 1_500
  await put({ args: force('closed') as Force['args'], expiresAt: until })
  const { member, breaker } = fleetProcess()
  await member.start()
  expect(breaker.state).toBe('closed')
  await vi.waitFor(() => expect(breaker.report().forced?.state).toBe('open'), { timeout: 6_000 })
  expect(Date.now()).toBeGreaterThanOrEqual(until - 100)
})

test('when a newer one is ended by its id, the older one is in force again', async ({ fleetProcess, put, command }) => {
  const older = force('open')
  const newer = force('closed')
  await put({ args: older as Force['args'], setAt: Date.now() - 1_000 })
  const { member, breaker } = fleetProcess()
  await member.start()
  await command('breaker.force', newer, { to: member })
  expect(breaker.report().forced).toMatchObject({ id: newer.override, state: 'closed' })
  await command('breaker.release', { breaker: 'payments', override: newer.override }, { to: member })
  expect(breaker.report().forced).toMatchObject({ id: older.override, state: 'open' })
})

test('one that is restored does not hide a newer one', async ({ fleetProcess, put, command }) => {
  const older = force('open')
  const newer = force('closed')
  await put({ args: older as Force['args'], setAt: Date.now() - 1_000 })
  await put({ args: newer as Force['args'], scope: { service: 'checkout' } })
  const { member, breaker } = fleetProcess()
  await member.start()
  await command('breaker.force', older, { to: member })
  expect(breaker.report().forced).toMatchObject({ id: newer.override, state: 'closed' })
})

test('a cache that was switched off is off in a process that starts later', async ({
  fleetProcess,
  redis,
  keys,
  environment,
}) => {
  const override: OverrideOf<'cache.switch'> = {
    v: 1,
    id: 'o1',
    env: environment,
    verb: 'cache.switch',
    scope: { all: true },
    except: [],
    args: { cache: 'catalog', override: 'o1', reason: 'wrong prices', mode: 'read-only' },
    issuedBy: 'an operator',
    setAt: Date.now(),
    expiresAt: Date.now() + 30_000,
  }
  await redis.hset(keys.overrides, override.id, seal(FLEET_KEY, JSON.stringify(override)))
  const caches = createCacheRegistry()
  const catalog = await caches.create({ name: 'catalog' })
  const { member } = fleetProcess({ caches })
  await member.start()
  expect(catalog.report().switched).toMatchObject({ mode: 'read-only', id: 'o1', by: 'an operator' })
  await caches.close()
})
