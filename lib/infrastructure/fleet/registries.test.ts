import { expect, vi } from 'vitest'
import { createCacheRegistry } from '../cache/index.ts'
import { createEvents } from '../events/index.ts'
import { createHealth } from '../health/index.ts'
import { createLogger } from '../logging/index.ts'
import { adoptSchedules, createScheduler } from '../scheduler/index.ts'
import { force, fleetTest as test } from '../testing/fleet-test.ts'

// Each registry of the library that a process passes in is a domain that it reports, or commands that it obeys.

test('a cache is reported, and an entry is invalidated in the process that has it', async ({
  keys,
  fleetProcess,
  readJson,
  command,
}) => {
  const caches = createCacheRegistry()
  const catalog = await caches.create({ name: 'catalog' })
  await catalog.set('a', 1)
  await catalog.set('b', 2)
  const { member } = fleetProcess({ caches })
  await member.start()
  expect(await readJson(keys.detail(member.id, 'caches'))).toMatchObject({ items: [{ name: 'catalog' }] })
  const invalidate = (cache: string) =>
    command('cache.invalidate', { cache, where: { by: 'key', key: 'a' } }, { to: member })
  expect(await invalidate('catalog')).toMatchObject({ status: 'applied' })
  expect([await catalog.get('a'), await catalog.get('b')]).toEqual([undefined, 2])
  expect(await invalidate('prices')).toMatchObject({
    status: 'refused',
    reason: 'there is no cache prices in this process',
  })
  await caches.close()
})

test('the level of its logs is changed while it runs', async ({ fleetProcess, command }) => {
  const logger = await createLogger({ level: 'error', format: 'text' })
  const { member } = fleetProcess({ logger })
  await member.start()
  expect(await command('log.level', { level: 'debug' }, { to: member })).toMatchObject({ status: 'applied' })
  expect(logger.level).toBe('debug')
  expect(await command('log.level', { level: 'loud' }, { to: member })).toMatchObject({ status: 'refused' })
  expect(logger.level).toBe('debug')
})

test('a health check is reported, and a change of it is an event', async ({ redis, keys, fleetProcess, readJson }) => {
  const health = createHealth()
  let status: 'up' | 'down' = 'up'
  health.register({ name: 'orders', cacheMs: 0, run: async () => ({ status }) })
  await health.check()
  const { member } = fleetProcess({ health })
  await member.start()
  expect(await readJson(keys.detail(member.id, 'health'))).toMatchObject({ items: [{ name: 'orders', status: 'up' }] })
  status = 'down'
  await health.check()
  await vi.waitFor(async () => {
    const events = (await redis.xrange(keys.events, '-', '+')).map(([, fields]) => JSON.parse(fields[1] ?? ''))
    expect(events.at(-1)).toMatchObject({ kind: 'health.changed', data: { check: 'orders', status: 'down' } })
  })
})

test('a cache is switched off for a while, on again, and warmed; one without the cache refuses', async ({
  fleetProcess,
  command,
}) => {
  const caches = createCacheRegistry()
  const catalog = await caches.create({ name: 'catalog' })
  catalog.warmer({ name: 'products', run: ({ set }) => set('b', 2) })
  await catalog.set('a', 1)
  const { member } = fleetProcess({ caches })
  await member.start()
  const off = (cache: string, expiresAt = Date.now() + 60_000) =>
    command('cache.switch', { cache, override: 'o1', reason: 'wrong prices', expiresAt, mode: 'off' }, { to: member })
  const on = (override?: string) => command('cache.switch-on', { cache: 'catalog', override }, { to: member })
  expect(await off('catalog')).toMatchObject({ status: 'applied' })
  expect(await catalog.get('a')).toBeUndefined()
  expect(catalog.report().switched).toMatchObject({ mode: 'off', id: 'o1', reason: 'wrong prices' })
  expect(await on('another')).toMatchObject({ status: 'refused', reason: 'that override is not in force here' })
  expect(await on('o1')).toMatchObject({ status: 'applied' })
  expect(await catalog.get('a')).toBe(1)
  expect(await off('prices')).toMatchObject({ status: 'refused', reason: 'there is no cache prices in this process' })
  expect(await off('catalog', 1)).toMatchObject({ status: 'refused', reason: 'it had already expired' })
  const warm = (warmer?: string) => command('cache.warm', { cache: 'catalog', warmer }, { to: member })
  expect(await warm('products')).toMatchObject({ status: 'applied' })
  await vi.waitFor(async () => expect(await catalog.get('b')).toBe(2))
  expect(await warm('prices')).toMatchObject({ status: 'refused', reason: 'catalog has no warmer prices' })
  await caches.close()
})

test('schedules are reported, run, paused and resumed; those of another library are only shown', async ({
  keys,
  fleetProcess,
  readJson,
  command,
}) => {
  const scheduler = await createScheduler({ service: 'shop' })
  const work = vi.fn()
  await scheduler.schedule({ name: 'nightly', when: { cron: '0 2 * * *' } }, work)
  await scheduler.start()
  const adopted = adoptSchedules({ service: 'shop' })
  const nextRun = () => new Date(5)
  adopted.addCroner({ nextRun, previousRun: () => null, getPattern: () => '0 3 * * *' }, { name: 'old' })
  const { member } = fleetProcess({ schedules: [scheduler, adopted] })
  await member.start()
  expect(await readJson(keys.detail(member.id, 'schedules'))).toMatchObject({
    items: [
      { name: 'nightly', cron: '0 2 * * *', shared: false, nextAt: expect.any(Number) },
      { name: 'old', cron: '0 3 * * *', adopted: 'croner', nextAt: 5 },
    ],
  })
  const to = { to: member }
  expect(await command('schedule.run', { schedule: 'nightly' }, to)).toMatchObject({ status: 'applied' })
  await vi.waitFor(() => expect(work).toHaveBeenCalledWith(expect.objectContaining({ trigger: 'manual' })))
  const pause = { schedule: 'nightly', reason: 'month end', until: Date.now() + 60_000 }
  expect(await command('schedule.pause', pause, to)).toMatchObject({ status: 'applied' })
  expect(scheduler.reports()[0]?.paused).toMatchObject({ reason: 'month end', until: pause.until })
  expect(await command('schedule.resume', { schedule: 'nightly' }, to)).toMatchObject({ status: 'applied' })
  expect(scheduler.reports()[0]?.paused).toBeUndefined()
  expect(await command('schedule.run', { schedule: 'old' }, to)).toMatchObject({
    status: 'refused',
    reason: 'the schedule old belongs to another library',
  })
  expect(await command('schedule.run', { schedule: 'none' }, to)).toMatchObject({
    status: 'refused',
    reason: 'there is no schedule none in this process',
  })
  await scheduler.close()
})

test('events are reported, counted, found and replayed by the process whose outbox has them', async ({
  keys,
  fleetProcess,
  readJson,
  command,
}) => {
  const events = await createEvents({ service: 'shop' })
  await events.subscribe({ name: 'receipts', to: ['order.*'] }, () => undefined)
  const replay = vi.fn(async () => 3)
  const find = async (id: string) =>
    id === 'known' ? { type: 'order.paid', version: 1, source: 'shop', publishedAt: 5 } : undefined
  const { member } = fleetProcess({
    events: { ...events, reports: events.reports, count: async () => 3, find, replay },
  })
  await member.start()
  expect(await readJson(keys.detail(member.id, 'events'))).toMatchObject({
    items: [
      { kind: 'events', name: 'shop', published: 0, stores: false },
      { kind: 'subscription', name: 'receipts', to: ['order.*'], partitions: 1, handled: 0 },
    ],
  })
  const to = { to: member }
  const span = { subscription: 'receipts', from: 1, until: 9 }
  expect(await command('events.count', span, to)).toMatchObject({ status: 'applied', reply: { count: 3 } })
  expect(await command('events.find', { id: 'known' }, to)).toMatchObject({ reply: { event: { publishedAt: 5 } } })
  expect(await command('events.find', { id: 'none' }, to)).toMatchObject({ status: 'applied', reply: {} })
  expect(await command('events.replay', { ...span, replay: 'run' }, to)).toMatchObject({ status: 'applied' })
  expect(replay).toHaveBeenCalledWith('receipts', expect.objectContaining({ from: 1, until: 9, id: 'run' }))
  await events.close()
})

test('a count that goes on holds up no command that was issued after it', async ({ fleetProcess, command }) => {
  const events = await createEvents({ service: 'shop' })
  const counted = Promise.withResolvers<number>()
  const { member, breaker } = fleetProcess({
    events: { ...events, reports: events.reports, count: () => counted.promise },
  })
  await member.start()
  const to = { to: member }
  const count = command('events.count', { subscription: 'receipts', from: 1, until: 9 }, to)
  expect(await command('breaker.force', force(), to)).toMatchObject({ status: 'applied' })
  expect(breaker.state).toBe('open')
  counted.resolve(3)
  expect(await count).toMatchObject({ status: 'applied', reply: { count: 3 } })
  await events.close()
})

test('a replay is answered once it has begun, and ends when it is stopped', async ({ fleetProcess, command }) => {
  const events = await createEvents({ service: 'shop' })
  const ended = vi.fn()
  const replay = (_: string, { signal, onBegun }: { signal: AbortSignal; onBegun(): void }) =>
    new Promise<never>((_, reject) => {
      onBegun()
      signal.addEventListener('abort', () => {
        ended(signal.reason)
        reject(signal.reason)
      })
    })
  const { member } = fleetProcess({ events: { ...events, reports: events.reports, replay } })
  await member.start()
  const to = { to: member }
  const span = { subscription: 'receipts', from: 1, until: 9 }
  const stop = (replay: string) => command('events.replay-stop', { replay }, to)
  expect(await command('events.replay', { ...span, replay: 'run' }, to)).toMatchObject({ status: 'applied' })
  expect(await stop('other')).toMatchObject({ status: 'refused' })
  expect(ended).not.toHaveBeenCalled()
  expect(await stop('run')).toMatchObject({ status: 'applied' })
  expect(ended).toHaveBeenCalledWith(expect.objectContaining({ message: 'it was stopped by an operator' }))
  expect(await stop('run')).toMatchObject({ status: 'refused', reason: expect.stringContaining('not under way') })
  await events.close()
})

test('a process without an outbox refuses to replay, with the reason', async ({ fleetProcess, command }) => {
  const events = await createEvents({ service: 'shop' })
  const { member } = fleetProcess({ events })
  await member.start()
  const args = { subscription: 'receipts', from: 1, until: 9, replay: 'run' }
  expect(await command('events.replay', args, { to: member })).toMatchObject({
    status: 'refused',
    reason: 'This needs an outbox, and there is none',
  })
  await events.close()
})
