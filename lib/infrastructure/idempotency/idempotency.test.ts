import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../core/ids.ts'
import { readConfig } from '../config/index.ts'
import { postgresAccess, redisAccess } from '../kv/index.ts'
import { libraryDatabase } from '../testing/library-database.ts'
import { createDatabase, redisUrl } from '../testing/servers.ts'
import { memoryRecords } from './adapters/memory.ts'
import { postgresRecords } from './adapters/postgres.ts'
import { redisRecords } from './adapters/redis.ts'
import { type IdempotencyUnderTest, idempotencyContract } from './idempotency.contract.ts'
import { createIdempotency, idempotencyConfig } from './index.ts'
import type { RecordStore } from './record-store.ts'
import { IdempotentRuns } from './runs.ts'

const maxResultBytes = 1_000
const timeoutMs = 5_000
let database: Awaited<ReturnType<typeof createDatabase>>
beforeAll(async () => {
  database = await libraryDatabase('idempotency')
})
afterAll(() => database.drop())

const crashIn =
  (store: RecordStore): IdempotencyUnderTest['crash'] =>
  async (key, { leaseMs, onCrash, fingerprint }) => {
    const retry = onCrash === 'retry'
    const owner = newId()
    await store.claim(key, {
      ...{ owner, leaseMs, retry },
      ...(fingerprint ? { fingerprint } : {}),
      ...(retry ? { keepMs: 60_000 } : {}),
    })
  }

idempotencyContract('memory', async () => {
  let passed = 0
  // Leases are renewed in real time, so time passes for the records as well.
  const clock = { now: () => Date.now(), monotonic: () => performance.now() + passed }
  const store = memoryRecords(clock)
  const runs = new IdempotentRuns(store, maxResultBytes)
  return {
    ...{ runs, other: runs, crash: crashIn(store), close: () => runs.close() },
    pass: async ms => {
      passed += ms
    },
  }
})

async function beside(config: { url: string; namespace: string }, store: RecordStore): Promise<IdempotencyUnderTest> {
  const [runs, other] = await Promise.all([
    createIdempotency({ ...config, maxResultBytes }),
    createIdempotency({ ...config, maxResultBytes }),
  ])
  const close = async () => {
    await Promise.all([runs.close(), other.close(), store.close()])
  }
  return { runs, other, crash: crashIn(store), pass: ms => sleep(ms), close }
}

idempotencyContract('Redis', async () => {
  const config = { url: redisUrl(), namespace: newId() }
  return beside(config, redisRecords(await redisAccess(config, timeoutMs), config.namespace))
})

idempotencyContract('Postgres', async () => {
  const config = { url: database.url, namespace: newId() }
  return beside(config, postgresRecords(await postgresAccess(config, { timeoutMs, name: 'test' }), config.namespace))
})

test('connections that are passed in are used and stay open; a body is kept as a fingerprint only', async () => {
  const redis = new Redis(redisUrl())
  const sql = postgres(database.url, { fetch_types: false, onnotice: () => {} })
  for (const given of [{ redis }, { sql }]) {
    const namespace = newId()
    const runs = await createIdempotency({ namespace }, given)
    expect(await runs.run('a', { body: { card: '4242424242424242' } }, () => 'paid')).toBe('paid')
    await runs.close()
    const kept =
      'redis' in given
        ? await redis.hgetall(`{${namespace}}:r:a`)
        : await sql`select * from substation_app.idempotency_record where namespace = ${namespace}`
    expect(JSON.stringify(kept)).toContain('paid')
    expect(JSON.stringify(kept)).not.toContain('4242')
  }
  expect(await redis.ping()).toBe('PONG')
  expect(await sql`select 1 as one`).toEqual([{ one: 1 }])
  redis.disconnect()
  await sql.end()
  const prefixed = new Redis(redisUrl(), { keyPrefix: 'x:', lazyConnect: true })
  await expect(createIdempotency({}, { redis: prefixed })).rejects.toMatchObject({ code: 'OPTIONS' })
  await expect(createIdempotency({ namespace: 'a:b' })).rejects.toMatchObject({ code: 'OPTIONS' })
})

test('expired records are removed in bounded pieces: by claims in memory, by removeExpired in Postgres', async () => {
  const sql = postgres(database.url, { onnotice: () => {} })
  const namespace = newId()
  const runs = await createIdempotency({ namespace }, { sql })
  const rows = () => sql`select key from substation_app.idempotency_record where namespace = ${namespace} order by key`
  for (let n = 0; n < 5; n++) await runs.run(`old:${n}`, { ttlMs: 1 }, () => n)
  await runs.run('kept', {}, () => 1)
  expect(await rows()).toHaveLength(6)
  expect([await runs.removeExpired({ limit: 2 }), await runs.removeExpired(), await runs.removeExpired()]).toEqual([
    2, 3, 0,
  ])
  expect(await rows()).toEqual([{ key: 'kept' }])
  await runs.close()
  await sql.end()
  let passed = 0
  const memory = await createIdempotency({}, { clock: { now: () => 0, monotonic: () => passed } })
  for (let n = 0; n < 5; n++) await memory.run(`old:${n}`, { ttlMs: 100 }, () => n)
  passed = 101
  await memory.run('new', {}, () => 1)
  expect(await memory.removeExpired()).toBe(3)
  await memory.close()
})

test('a database without the table says what to run', async () => {
  const empty = await createDatabase()
  const runs = await createIdempotency({ url: empty.url })
  await expect(runs.run('a', {}, () => 1)).rejects.toMatchObject({
    code: 'REFUSED',
    nextStep: expect.stringContaining("libraryMigrations('idempotency')"),
  })
  await runs.close()
  await empty.drop()
})

test('the environment configures it', () => {
  const { runs } = readConfig({ runs: idempotencyConfig }, { IDEMPOTENCY_URL: 'redis://h', IDEMPOTENCY_TIMEOUT: '2s' })
  expect(runs).toEqual({ url: 'redis://h', namespace: 'idempotency', timeoutMs: 2_000, maxResultBytes: 1_048_576 })
})
