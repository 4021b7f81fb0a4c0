import { Redis } from 'ioredis'
import { afterEach, expect, test } from 'vitest'
import { startRedis, type TestRedis } from '../testing/servers.ts'
import { createKeyValue, type KeyValueStore } from './index.ts'

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean()
})

async function onOwnRedis(timeoutMs: number, how?: Parameters<typeof startRedis>[0]) {
  const server: TestRedis = await startRedis(how)
  cleanups.push(() => server.close())
  const store: KeyValueStore = await createKeyValue({ url: server.url, timeoutMs })
  cleanups.push(() => store.close())
  return { server, store }
}

test('a Redis that is stopped makes calls fail as retryable; one that comes back is used, without what it lost', async () => {
  const { server, store } = await onOwnRedis(1_000)
  await store.set('a', 1)
  await server.stop()
  await expect(store.set('a', 2)).rejects.toMatchObject({ code: 'KV_UNREACHABLE', retryable: true })
  await expect(store.lock('a', { ttlMs: 1_000, waitMs: 60_000 })).rejects.toMatchObject({ code: 'KV_UNREACHABLE' })
  await server.start()
  await expect.poll(() => store.get('a').catch(error => error.code), { timeout: 10_000 }).toBeUndefined()
  await store.set('a', 3)
  expect(await store.get('a')).toBe(3)
}, 30_000)

test('a call that was given up before there was a connection is not carried out later', async () => {
  const { server, store } = await onOwnRedis(1_000)
  await store.get('a')
  await server.stop()
  await expect(store.set('a', 'late')).rejects.toMatchObject({ code: 'KV_UNREACHABLE' })
  await server.start()
  await expect.poll(() => store.get('b').catch(error => error.code), { timeout: 10_000 }).toBeUndefined()
  expect(await store.get('a')).toBeUndefined()
}, 30_000)

test('a call waits for a Redis that is restarting', async () => {
  const { server, store } = await onOwnRedis(15_000, { persist: true })
  await store.set('a', 1)
  await server.stop()
  const waiting = store.get('a')
  await server.start()
  expect(await waiting).toBe(1)
}, 30_000)

test('fences grow over a restart of a Redis that persists, also of locks that were released or expired', async () => {
  const { server, store } = await onOwnRedis(15_000, { persist: true })
  const first = await store.lock('a', { ttlMs: 60_000 })
  await first.release()
  const held = await store.lock('b', { ttlMs: 60_000 })
  await server.stop()
  await server.start()
  const second = await store.lock('a', { ttlMs: 60_000 })
  expect(second.fence).toBeGreaterThan(held.fence)
  await expect(store.lock('b', { ttlMs: 1_000 })).rejects.toMatchObject({ code: 'KV_LOCKED' })
  await held.renew()
  expect(await held.release()).toBe(true)
}, 30_000)

test('a Redis that hangs makes calls fail after their time, and is used again when it answers', async () => {
  const { server, store } = await onOwnRedis(1_000)
  const lock = await store.lock('a', { ttlMs: 60_000 })
  server.pause()
  cleanups.push(async () => server.resume())
  for (const call of [store.get('a'), store.increment('n'), lock.renew(), lock.release()])
    await expect(call).rejects.toMatchObject({ code: 'KV_UNREACHABLE', retryable: true })
  server.resume()
  await expect.poll(() => store.get('b').catch(error => error.code), { timeout: 10_000 }).toBeUndefined()
  // What was sent while it hung has taken effect: the lock was released.
  expect((await store.lock('a', { ttlMs: 1_000 })).fence).toBeGreaterThan(lock.fence)
}, 30_000)

test('leaving a lock while Redis hangs is no error: it expires', async () => {
  const { server, store } = await onOwnRedis(1_000)
  const lock = await store.lock('a', { ttlMs: 300 })
  server.pause()
  cleanups.push(async () => server.resume())
  // What `await using` does at the end of a block.
  await lock[Symbol.asyncDispose]()
  server.resume()
  await (await store.lock('a', { ttlMs: 1_000, waitMs: 10_000 })).release()
}, 30_000)

test('a refused password is reported as such, and not as retryable', async () => {
  const server = await startRedis()
  cleanups.push(() => server.close())
  const admin = new Redis(server.url)
  await admin.config('SET', 'requirepass', 'secret')
  admin.disconnect()
  const url = server.url.replace(/\/\/([^@]*@)?/, '//:wrong@')
  const store = await createKeyValue({ url, timeoutMs: 500 })
  cleanups.push(() => store.close())
  await expect(store.get('a')).rejects.toMatchObject({ code: 'KV_UNREACHABLE', retryable: false })
}, 30_000)

test('a full Redis refuses writes as retryable, and still reads', async () => {
  const { server, store } = await onOwnRedis(2_000)
  await store.set('a', 1)
  const admin = new Redis(server.url)
  await admin.config('SET', 'maxmemory', '1')
  await expect(store.set('a', 2)).rejects.toMatchObject({ code: 'KV_UNREACHABLE', retryable: true })
  await admin.config('SET', 'maxmemory', '0')
  await store.set('a', 3)
  expect(await store.get('a')).toBe(3)
  admin.disconnect()
}, 30_000)
