import { type AddressInfo, connect, createServer } from 'node:net'
import { setTimeout as rest } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { newId } from '../../../core/ids.ts'
import { joinFleet } from '../../../infrastructure/fleet/index.ts'
import { createHealth } from '../../../infrastructure/health/index.ts'
import { createDatabase, redisUrl, startRedis } from '../../../infrastructure/testing/servers.ts'
import { Fleet } from '../../fleet/resources.ts'
import { outages } from '../../platform/part/outages.ts'
import { targetProbe } from '../../servers/probe/create.ts'
import { openTestConsole, testSettings } from '../../testing/open-test-console.ts'
import { healthSource } from './samples.ts'
import { targetSource } from './target-samples.ts'

const signal = new AbortController().signal

test('a check is sampled where it took longest, and not at all where no process reports it', async () => {
  const database = await createDatabase()
  const settings = testSettings({ databaseUrl: database.url, redisUrl: redisUrl() })
  const name = settings.environments[0]?.name ?? ''
  const console = await openTestConsole(settings)
  const fleet = console.environment(name)?.of(Fleet)
  if (!fleet) throw new Error('the test console lacks its environment')
  const source = healthSource(fleet)
  const members = await Promise.all(
    [5, 60].map(async ms => {
      const health = createHealth()
      health.register({ name: 'store', run: () => rest(ms, undefined) })
      health.start()
      const member = joinFleet({
        redisUrl: redisUrl(),
        environment: name,
        service: 'shop',
        instance: `shop-${newId()}`,
        health,
      })
      await member.start()
      return { member, health }
    }),
  )
  await vi.waitFor(
    async () => {
      const point = (await source.sample(signal)).find(({ service }) => service === 'shop')
      expect(point).toMatchObject({ series: 'health_check_seconds{check="store"}' })
      expect(point?.value).toBeGreaterThan(0.05)
      expect(point?.value).toBeLessThan(5)
    },
    { timeout: 10_000, interval: 200 },
  )
  for (const { health } of members) health.stop()
  await Promise.all(members.map(({ member }) => member.stop()))
  await vi.waitFor(async () => expect(await source.sample(signal)).toEqual([]), { timeout: 10_000, interval: 200 })
  await console.close()
  await database.drop()
})

test('a watched server is sampled by how long it takes to answer; one that hangs leaves a gap and delays no other', async () => {
  const database = await createDatabase()
  const server = await startRedis()
  const targets = targetProbe(
    [{ name: 'jobs', url: server.url, prefixes: ['bull'], address: 'redis' }],
    [{ name: 'shop', url: database.url }],
    outages(),
  )
  const source = targetSource(targets)
  const services = async () => (await source.sample(signal)).map(({ service }) => service)
  await vi.waitFor(async () => expect(await services()).toEqual(['redis:jobs', 'postgres:shop']), { timeout: 10_000 })
  for (const { series, value } of await source.sample(signal)) {
    expect(series).toBe('server_answer_seconds')
    expect(value).toBeGreaterThan(0)
    expect(value).toBeLessThan(2.5)
  }
  server.pause()
  expect(await services()).toEqual(['postgres:shop'])
  server.resume()
  await vi.waitFor(async () => expect(await services()).toEqual(['redis:jobs', 'postgres:shop']), { timeout: 10_000 })
  await targets.close()
  await server.close()
  await database.drop()
})

test('the time to connect is not part of the latency of a Postgres, and is shown separately', async () => {
  const database = await createDatabase()
  const { port, hostname } = new URL(database.url)
  const address = new URL(database.url)
  const DELAY = 700
  // Delays each new connection, and passes on everything after that at once.
  const proxy = createServer(socket => {
    const upstream = connect(Number(port), hostname)
    for (const end of [socket, upstream]) end.on('error', () => {})
    setTimeout(() => socket.pipe(upstream).pipe(socket), DELAY)
  })
  await new Promise<void>(resolve => proxy.listen(0, '127.0.0.1', resolve))
  address.hostname = '127.0.0.1'
  address.port = String((proxy.address() as AddressInfo).port)
  const targets = targetProbe([], [{ name: 'shop', url: address.href }], outages())
  const [target] = await targets.read()
  if (target?.report.status !== 'up') throw new Error(target?.report.reason)
  const { latencyMs, facts } = target.report.data
  const connecting = Number(facts.find(({ label }) => label === 'Connecting took')?.value.split(' ')[0])
  expect(connecting).toBeGreaterThanOrEqual(DELAY - 1)
  expect(latencyMs).toBeLessThan(connecting)
  await targets.close()
  proxy.close()
  await database.drop()
})
