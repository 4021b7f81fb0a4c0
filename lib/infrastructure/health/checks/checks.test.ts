import { expect, test, vi } from 'vitest'
import type { HealthCheck, HealthResult } from '../index.ts'
import { cpuCheck, databaseCheck, diskCheck, eventLoopCheck, memoryCheck, redisCheck } from '../index.ts'

const run = async (check: HealthCheck): Promise<HealthResult | undefined> =>
  (await check.run(new AbortController().signal)) ?? undefined

test.each([
  [databaseCheck, 'database'],
  [redisCheck, 'redis'],
] as const)('%o pings with the signal, is slow above its limit, and passes an error on', async (factory, name) => {
  const time = { ms: 0 }
  let took = 10
  const ping = vi.fn(async (_signal: AbortSignal) => {
    time.ms += took
  })
  const check = factory({ ping, slowAboveMs: 100, owner: 'core', clock: { now: () => 0, monotonic: () => time.ms } })
  expect(check).toMatchObject({ name, group: name, critical: true, owner: 'core', nextStep: expect.any(String) })
  expect(await run(check)).toEqual({ status: 'up' })
  expect(ping.mock.lastCall![0]).toBeInstanceOf(AbortSignal)
  took = 101
  expect(await run(check)).toEqual({ status: 'degraded', message: 'answers, but takes more than 100 ms' })
  ping.mockRejectedValue(new Error('refused'))
  await expect(run(check)).rejects.toThrow('refused')
  expect(factory({ ping, name: 'orders', critical: false })).toMatchObject({ name: 'orders', critical: false })
})

test('memory is judged by the one of heap and resident memory that is nearer its limit', async () => {
  const figures = { heap: { used: 50, limit: 100 }, resident: { used: 10, limit: 100 as number | undefined } }
  const check = memoryCheck({ read: () => figures })
  expect(await run(check)).toMatchObject({ status: 'up', details: { heapUsed: 50, heapLimit: 100 } })
  figures.heap.used = 90
  expect(await run(check)).toMatchObject({ status: 'degraded', message: 'heap is over 85 % of its limit' })
  figures.resident.used = 99
  expect(await run(check)).toMatchObject({ status: 'down', message: 'resident memory is over 97 % of its limit' })
  figures.resident.limit = undefined
  expect(await run(check)).toMatchObject({ status: 'degraded' })
})

test('cpu is the share of all cores since the run before', async () => {
  const time = { ms: 0, cpu: 500 }
  const check = cpuCheck({ cores: 2, read: () => time.cpu, clock: { now: () => 0, monotonic: () => time.ms } })
  time.ms = 1000
  time.cpu += 1000
  expect(await run(check)).toEqual({ status: 'up', details: { share: 0.5, cores: 2 } })
  time.ms = 2000
  time.cpu += 1900
  expect(await run(check)).toMatchObject({ status: 'degraded', message: 'uses more than 90 % of the CPU' })
  expect(await run(check)).toMatchObject({ status: 'up', details: { share: 0 } })
})

test('the event loop check sees a loop that was blocked, once', async () => {
  const check = eventLoopCheck({ degradedAbove: 60, downAbove: 10_000 })
  const turn = () => new Promise(resolve => setTimeout(resolve, 30))
  expect(await run(check)).toEqual({ status: 'up' })
  await turn()
  const until = performance.now() + 120
  while (performance.now() < until);
  await turn()
  const blocked = await run(check)
  expect(blocked).toMatchObject({ status: 'degraded', message: 'is more than 60 ms late' })
  expect(blocked!.details!.maxMs).toBeGreaterThan(80)
  check.close!()
  expect(await run(check)).toEqual({ status: 'up' })
  check.close!()
})

test('disk is judged by the space available to this user', async () => {
  const space = { free: 50, total: 100 }
  const check = diskCheck({ path: '/data', read: async () => space })
  expect(await run(check)).toEqual({ status: 'up', details: { free: 50, total: 100 } })
  space.free = 5
  expect(await run(check)).toMatchObject({ status: 'degraded', message: '/data is more than 90 % full' })
  expect(await run(diskCheck({ path: '/proc', read: async () => ({ free: 0, total: 0 }) }))).toMatchObject({
    status: 'up',
  })
  space.free = 2
  expect(await run(check)).toMatchObject({ status: 'down', message: '/data is more than 97 % full' })
})

test('the real figures of this machine are read', async () => {
  const disk = await run(diskCheck({ path: '/', degradedAbove: 1, downAbove: 1 }))
  expect(disk!.details!.total).toBeGreaterThan(1e6)
  const memory = await run(memoryCheck({ degradedAbove: 1, downAbove: 1 }))
  expect(memory!.details!.heapUsed).toBeGreaterThan(1e6)
  await expect(run(diskCheck({ path: '/does/not/exist' }))).rejects.toThrow('ENOENT')
})
