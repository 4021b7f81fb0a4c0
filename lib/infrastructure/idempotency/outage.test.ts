import postgres from 'postgres'
import { afterEach, expect, test, vi } from 'vitest'
import { libraryDatabase } from '../testing/library-database.ts'
import { startRedis } from '../testing/servers.ts'
import { createIdempotency, type RunOptions } from './index.ts'

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean()
})

async function onOwnRedis(timeoutMs: number, how?: Parameters<typeof startRedis>[0]) {
  const server = await startRedis(how)
  cleanups.push(() => server.close())
  const open = async () => {
    const runs = await createIdempotency({ url: server.url, timeoutMs })
    cleanups.push(() => runs.close())
    return runs
  }
  return { server, runs: await open(), other: await open() }
}
type Runs = Awaited<ReturnType<typeof onOwnRedis>>['runs']

/** A run that has begun, and ends with what `end` is called with. */
async function begin(runs: Runs, options: RunOptions = {}) {
  const answer = Promise.withResolvers<unknown>()
  const begun = Promise.withResolvers<AbortSignal>()
  const result = runs.run('a', options, ({ signal }) => {
    begun.resolve(signal)
    return answer.promise
  })
  result.catch(() => {})
  return { result, signal: await begun.promise, end: answer.resolve, fail: answer.reject }
}

test('without Redis no work runs, and the call may be repeated', async () => {
  const { server, runs } = await onOwnRedis(1_000)
  await server.stop()
  const work = vi.fn(() => 1)
  await expect(runs.run('a', {}, work)).rejects.toMatchObject({ code: 'UNREACHABLE', retryable: true })
  expect(work).not.toHaveBeenCalled()
  await server.start()
  await expect.poll(() => runs.run('a', {}, work).catch(error => error.code), { timeout: 10_000 }).toBe(1)
  expect(work).toHaveBeenCalledTimes(1)
}, 30_000)

test('a result is recorded although Redis restarts in the middle', async () => {
  const { server, runs, other } = await onOwnRedis(1_000, { persist: true })
  const { result, end } = await begin(runs, { leaseMs: 20_000 })
  await server.stop()
  end('paid')
  await server.start()
  expect(await result).toBe('paid')
  await expect.poll(() => other.run('a', {}, () => 'no').catch(error => error.code), { timeout: 10_000 }).toBe('paid')
}, 30_000)

test('a result that cannot be recorded is reported with the result, and not as done', async () => {
  const { server, runs } = await onOwnRedis(1_000)
  const { result, end } = await begin(runs, { leaseMs: 300 })
  await server.stop()
  end({ id: 7 })
  await expect(result).rejects.toMatchObject({ code: 'UNRECORDED', result: { id: 7 }, retryable: false })
  await server.start()
}, 30_000)

test('a claim that Redis takes only after its caller gave up does not count as a crash', async () => {
  const { server, runs, other } = await onOwnRedis(1_000)
  await other.lookup('a')
  await runs.lookup('a')
  server.pause()
  cleanups.push(async () => server.resume())
  const work = vi.fn(() => 1)
  await expect(runs.run('a', { leaseMs: 100 }, work)).rejects.toMatchObject({ code: 'UNREACHABLE' })
  server.resume()
  await expect
    .poll(() => other.run('a', { waitMs: 0 }, () => 2).catch(error => error.code), { timeout: 10_000 })
    .toBe(2)
  expect(work).not.toHaveBeenCalled()
}, 30_000)

test('an error of the work is passed on although Redis hangs, and the key is released when it answers', async () => {
  const { server, runs, other } = await onOwnRedis(1_000)
  const { result, fail } = await begin(runs, { leaseMs: 60_000 })
  server.pause()
  cleanups.push(async () => server.resume())
  const error = new Error('declined')
  fail(error)
  await expect(result).rejects.toBe(error)
  server.resume()
  await expect
    .poll(() => other.run('a', { waitMs: 0 }, () => 2).catch(error => error.code), { timeout: 10_000 })
    .toBe(2)
}, 30_000)

test('an error of the work is passed on although Redis is down, and the key is released when it is back', async () => {
  const { server, runs, other } = await onOwnRedis(1_000, { persist: true })
  const { result, fail } = await begin(runs, { leaseMs: 600_000 })
  await server.stop()
  const error = new Error('declined')
  fail(error)
  await expect(result).rejects.toBe(error)
  await server.start()
  await expect
    .poll(() => other.run('a', { waitMs: 0 }, () => 2).catch(error => error.code), { timeout: 15_000 })
    .toBe(2)
}, 30_000)

test('with retry, a run that cannot renew its lease is told to stop, since another may take over', async () => {
  const { server, runs } = await onOwnRedis(1_000)
  const { result, signal, fail } = await begin(runs, { leaseMs: 300, onCrash: 'retry' })
  await server.stop()
  await vi.waitFor(() => expect(signal.aborted).toBe(true), { timeout: 10_000 })
  expect(signal.reason).toMatchObject({ code: 'LEASE_LOST' })
  fail(signal.reason)
  await expect(result).rejects.toMatchObject({ code: 'LEASE_LOST' })
  await server.start()
}, 30_000)

test('without retry it goes on: nobody takes over, and its result is recorded', async () => {
  const { server, runs, other } = await onOwnRedis(1_000, { persist: true })
  const { result, signal, end } = await begin(runs, { leaseMs: 2_000 })
  await server.stop()
  await vi.waitFor(() => expect(other.lookup('a')).rejects.toMatchObject({ code: 'UNREACHABLE' }))
  await server.start()
  expect(signal.aborted).toBe(false)
  end('paid')
  expect(await result).toBe('paid')
}, 30_000)

test('a run from whom another took over is told, and does not overwrite the result of the other', async () => {
  const { runs, other, server } = await onOwnRedis(5_000)
  const { result, signal, end } = await begin(runs, { leaseMs: 400, onCrash: 'retry' })
  // As after a failover to a replica that had not heard of the claim yet.
  const { Redis } = await import('ioredis')
  const admin = new Redis(server.url)
  await admin.flushall()
  admin.disconnect()
  expect(await other.run('a', { onCrash: 'retry' }, () => 'other')).toBe('other')
  await vi.waitFor(() => expect(signal.reason).toMatchObject({ code: 'LEASE_LOST' }), { timeout: 10_000 })
  end('late')
  await expect(result).rejects.toMatchObject({ code: 'LEASE_LOST' })
  expect(await other.run('a', {}, () => 'no')).toBe('other')
}, 30_000)

test('a claim that Postgres takes only after its caller gave up does not count as a crash', async () => {
  const database = await libraryDatabase('idempotency')
  cleanups.push(() => database.drop())
  const sql = postgres(database.url, { onnotice: () => {} })
  cleanups.push(() => sql.end())
  const [runs, other] = await Promise.all(
    [500, 15_000].map(timeoutMs => createIdempotency({ url: database.url, timeoutMs })),
  )
  cleanups.push(
    () => runs!.close(),
    () => other!.close(),
  )
  await runs!.lookup('a')
  const work = vi.fn(() => 1)
  await sql.begin(async held => {
    await held`lock table substation_app.idempotency_record in access exclusive mode`
    await expect(runs!.run('a', { leaseMs: 100 }, work)).rejects.toMatchObject({ code: 'UNREACHABLE', retryable: true })
  })
  await expect
    .poll(() => other!.run('a', { waitMs: 0 }, () => 2).catch(error => error.code), { timeout: 15_000 })
    .toBe(2)
  expect(work).not.toHaveBeenCalled()
}, 60_000)
