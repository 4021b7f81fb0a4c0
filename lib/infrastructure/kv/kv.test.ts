import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { newId } from '../../core/ids.ts'
import { readConfig } from '../config/index.ts'
import { createMigrations, libraryMigrations } from '../migrations/index.ts'
import { libraryDatabase } from '../testing/library-database.ts'
import { createDatabase, redisUrl } from '../testing/servers.ts'
import { createKeyValue, kvConfig } from './index.ts'
import { kvContract } from './kv.contract.ts'

const maxValueBytes = 10_000
const unique = () => newId()
let database: Awaited<ReturnType<typeof createDatabase>>
beforeAll(async () => {
  database = await libraryDatabase('kv')
})
afterAll(() => database.drop())

kvContract('memory', async () => {
  let passed = 0
  const clock = { now: () => Date.now(), monotonic: () => passed }
  const store = await createKeyValue({ maxValueBytes }, { clock })
  return {
    store,
    pass: async ms => {
      passed += ms
    },
    close: () => store.close(),
  }
})

kvContract('Redis', async () => {
  const store = await createKeyValue({ url: redisUrl(), namespace: unique(), maxValueBytes })
  return { store, pass: ms => sleep(ms), close: () => store.close() }
})

kvContract('Postgres', async () => {
  const store = await createKeyValue({ url: database.url, namespace: unique(), maxValueBytes })
  return { store, pass: ms => sleep(ms), close: () => store.close() }
})

test('connections that are passed in are used and stay open', async () => {
  const redis = new Redis(redisUrl())
  const sql = postgres(database.url, { fetch_types: false, onnotice: () => {} })
  for (const given of [{ redis }, { sql }]) {
    const store = await createKeyValue({ namespace: unique() }, given)
    await store.push('l', ['{"a,b}', 2])
    await store.set('a', { n: 1 })
    expect([await store.range('l'), await store.getMany(['a'])]).toEqual([['{"a,b}', 2], new Map([['a', { n: 1 }]])])
    await store.close()
  }
  expect(await redis.ping()).toBe('PONG')
  expect(await sql`select 1 as one`).toEqual([{ one: 1 }])
  redis.disconnect()
  await sql.end()
  const prefixed = new Redis(redisUrl(), { keyPrefix: 'x:', lazyConnect: true })
  await expect(createKeyValue({}, { redis: prefixed })).rejects.toMatchObject({ code: 'KV_OPTIONS' })
})

test('expired keys leave the names that Redis keeps, with later writes', async () => {
  const namespace = unique()
  const redis = new Redis(redisUrl())
  const store = await createKeyValue({ namespace }, { redis })
  for (let n = 0; n < 6; n++) await store.set(`old:${n}`, n, { ttlMs: 50 })
  await vi.waitFor(async () => expect(await store.getMany(['old:5'])).toEqual(new Map()))
  await store.set('a', 1)
  await store.set('b', 1)
  expect(await redis.zrange(`{${namespace}}:index`, 0, -1)).toEqual([`${namespace}:a`, `${namespace}:b`])
  expect(await redis.zcard(`{${namespace}}:expiry`)).toBe(0)
  redis.disconnect()
})

test('a started store frees expired rows of Postgres regularly, until it is closed', async () => {
  const namespace = unique()
  const sql = postgres(database.url, { onnotice: () => {} })
  const store = await createKeyValue({ namespace }, { sql })
  const rows = async () => (await sql`select key from substation_app.kv_entry where namespace = ${namespace}`).length
  for (let n = 0; n < 5; n++) await store.set(`old:${n}`, n, { ttlMs: 1 })
  await (await store.lock('old', { ttlMs: 1 })).release()
  expect(await rows()).toBe(5)
  expect(await store.removeExpired({ limit: 2 })).toBe(2)
  expect(await rows()).toBe(3)
  store.startCleaning({ everyMs: 5, limit: 2 })
  await vi.waitFor(async () => {
    expect(await rows()).toBe(0)
    expect(await sql`select from substation_app.kv_lock where namespace = ${namespace}`).toHaveLength(0)
  })
  await store.close()
  await sql.end()
})

test('pops that wait for the same row of Postgres take different items', async () => {
  const sql = postgres(database.url, { onnotice: () => {} })
  const store = await createKeyValue({ namespace: unique() }, { sql })
  await store.push('l', [1, 2, 3, 4])
  const waiting = () =>
    sql`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
  let pops: Promise<unknown>[] = []
  await sql.begin(async held => {
    await held`select from substation_app.kv_entry where namespace = ${store.name} for update`
    pops = [store.pop('l'), store.pop('l'), store.pop('l', 'tail')]
    await vi.waitFor(async () => expect((await waiting()).length).toBeGreaterThanOrEqual(3), { timeout: 10_000 })
  })
  const items = await Promise.all(pops)
  expect([...items, ...(await store.range('l'))].sort()).toEqual([1, 2, 3, 4])
  await store.close()
  await sql.end()
})

describe('the tables', () => {
  test('a database without them says what to run', async () => {
    const empty = await createDatabase()
    const store = await createKeyValue({ url: empty.url })
    await expect(store.get('a')).rejects.toMatchObject({
      code: 'KV_REFUSED',
      nextStep: expect.stringContaining("libraryMigrations('kv')"),
    })
    await store.close()
    await empty.drop()
  })

  test('are removed by rolling back', async () => {
    const own = await libraryDatabase('kv')
    const migrations = await createMigrations({ url: own.url, source: libraryMigrations('kv') })
    await migrations.down({ by: 'test', to: null })
    const sql = postgres(own.url)
    const left = await sql`select relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'substation_app' and relkind in ('r', 'S')`
    expect(left).toEqual([{ relname: 'migration' }])
    await sql.end()
    await migrations.close()
    await own.drop()
  })
})

test('the environment configures it', () => {
  expect(readConfig({ kv: kvConfig }, { KV_URL: 'postgres://h/d', KV_NAMESPACE: 'shop' }).kv).toEqual({
    url: 'postgres://h/d',
    namespace: 'shop',
    timeoutMs: 5_000,
    maxValueBytes: 1_048_576,
  })
  expect(() => readConfig({ kv: kvConfig }, { KV_NAMESPACE: 'a:b' })).toThrow('KV_NAMESPACE')
})
