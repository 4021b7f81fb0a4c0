import { createServer } from 'node:net'
import { hostname } from 'node:os'
import { pid } from 'node:process'
import { eq } from 'drizzle-orm'
import { integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { readConfig } from '../config/index.ts'
import { createDatabase as createTestDatabase } from '../testing/servers.ts'
import { databaseContract } from './database.contract.ts'
import { createDatabase, createDatabaseRegistry, DatabaseError, databaseConfig } from './index.ts'

databaseContract('postgres.js', async () => {
  const { url, drop } = await createTestDatabase()
  return { open: max => createDatabase({ url, maxConnections: max }), close: drop }
})

const person = pgTable('person', {
  id: integer().primaryKey(),
  name: text().notNull(),
  at: timestamp({ withTimezone: true }),
})

describe('drizzle on the same pool', () => {
  let server: { url: string; drop(): Promise<void> }
  let db: Awaited<ReturnType<typeof open>>
  const open = (url: string) => createDatabase({ url, statementTimeoutMs: 2_000 }, { schema: { person } })
  beforeAll(async () => {
    server = await createTestDatabase()
    db = await open(server.url)
    await db.sql`create table person (id int primary key, name text not null, at timestamptz)`
  })
  afterAll(async () => {
    await db.close()
    await server.drop()
  })

  test('reads its columns as declared', async () => {
    const at = new Date('2026-05-06T07:08:09Z')
    await db.orm.insert(person).values({ id: 1, name: 'ada', at })
    expect(await db.orm.query.person.findFirst({ where: eq(person.id, 1) })).toEqual({ id: 1, name: 'ada', at })
  })

  test('rejects with a DatabaseError without the parameters, inside nested transactions as well', async () => {
    const clash = { id: 3, name: 'a-secret-value' }
    await db.orm.insert(person).values({ id: 3, name: 'hopper' })
    const tries = [
      () => db.orm.insert(person).values(clash),
      () => db.orm.transaction(async tx => tx.insert(person).values(clash)),
      () => db.orm.transaction(async tx => tx.transaction(async inner => inner.insert(person).values(clash))),
      () => db.transaction(async ({ orm }) => orm.insert(person).values(clash)),
    ]
    for (const attempt of tries) {
      const error: unknown = await attempt().then(
        () => undefined,
        (e: unknown) => e,
      )
      expect(error).toBeInstanceOf(DatabaseError)
      expect(error).toMatchObject({ code: 'DATABASE_CONSTRAINT', constraint: 'person_pkey' })
      expect(String(error)).not.toContain('a-secret-value')
    }
  })

  test('sql and orm share one transaction, counted once', async () => {
    const before = db.stats().queries
    await db.transaction(async ({ sql, orm }) => {
      await (sql as typeof db.sql)`insert into person values (2, 'grace')`
      expect(await orm.select({ name: person.name }).from(person).where(eq(person.id, 2))).toEqual([{ name: 'grace' }])
    })
    expect(db.stats().queries - before).toBe(2)
  })

  test('a query can name columns, be a list of statements, and take JSON as text or as an object', async () => {
    const rows = await db.sql.begin(sql => [
      sql`select ${sql('one')} from (values (1)) as t (one)`,
      sql`select ${'{"a":1}'}::json as text, ${sql.json({ b: 2 })}::jsonb as object`,
    ])
    expect(rows).toEqual([[{ one: 1 }], [{ text: { a: 1 }, object: { b: 2 } }]])
  })

  test('the statement timeout of the configuration is the server’s', async () => {
    expect(await db.sql`show statement_timeout`).toEqual([{ statement_timeout: '2s' }])
  })
})

describe('a server that cannot be reached', () => {
  test('refusing is reported as unreachable, counted, and does not use up the pool', async () => {
    const db = await createDatabase({ url: 'postgres://nobody@127.0.0.1:1/none', maxConnections: 1 })
    for (let i = 0; i < 3; i++)
      await expect(db.sql`select 1`).rejects.toMatchObject({
        code: 'DATABASE_UNREACHABLE',
        retryable: true,
        nextStep: expect.any(String),
      })
    await expect(db.transaction(async () => 1)).rejects.toMatchObject({ code: 'DATABASE_UNREACHABLE' })
    expect(db.stats()).toMatchObject({
      size: 0,
      active: 0,
      waiting: 0,
      errors: 4,
      lastError: { code: 'DATABASE_UNREACHABLE' },
    })
    await db.close()
  })

  test('one that accepts and never answers runs into the connect timeout; pings do not pile up', async () => {
    const mute = createServer(() => undefined)
    await new Promise<void>(resolve => mute.listen(0, '127.0.0.1', resolve))
    const address = mute.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const db = await createDatabase({ url: `postgres://x@127.0.0.1:${port}/x`, connectTimeoutMs: 300 })
    const given = AbortSignal.timeout(20)
    await expect(db.ping(given)).rejects.toThrow('aborted due to timeout')
    const again = db.ping()
    expect(db.stats().waiting + db.stats().active).toBe(1)
    await expect(again).rejects.toMatchObject({ code: 'DATABASE_UNREACHABLE' })
    await db.close({ timeoutMs: 100 })
    mute.close()
  })

  test('wrong credentials are denied, not unreachable', async () => {
    const { url, drop } = await createTestDatabase()
    const wrong = new URL(url)
    wrong.pathname = '/no_such_database'
    const db = await createDatabase({ url: wrong.href })
    await expect(db.ping()).rejects.toMatchObject({ code: 'DATABASE_DENIED', sqlState: '3D000' })
    await db.close()
    await drop()
  })
})

test('a connection that the server ends is reported, and the pool recovers on its own', async () => {
  const { url, drop } = await createTestDatabase()
  const db = await createDatabase({ url, maxConnections: 1 })
  await expect(db.sql`select pg_terminate_backend(pg_backend_pid())`).rejects.toMatchObject({
    code: 'DATABASE_UNREACHABLE',
  })
  // postgres.js may give the old error to one more query.
  await vi.waitFor(async () => expect(await db.sql`select 1 as one`).toEqual([{ one: 1 }]))
  expect(db.stats()).toMatchObject({ size: 1, active: 0, lastError: { code: 'DATABASE_UNREACHABLE' } })
  await db.close()
  await drop()
})

test('a connection that is not used for the configured time is closed', async () => {
  const { url, drop } = await createTestDatabase()
  const db = await createDatabase({ url, idleTimeoutMs: 50 })
  await db.sql`select 1`
  expect(db.stats().size).toBe(1)
  await vi.waitFor(() => expect(db.stats().size).toBe(0))
  expect(await db.sql`select 1 as one`).toEqual([{ one: 1 }])
  await db.close()
  await drop()
})

test('the registry reports its pools, and its revision changes only with them', async () => {
  const { url, drop } = await createTestDatabase()
  const db = await createDatabase({ url, name: 'orders' })
  const registry = createDatabaseRegistry()
  registry.add(db)
  const before = registry.revision
  expect(registry.revision).toBe(before)
  await db.ping()
  expect(registry.revision).toBeGreaterThan(before)
  expect(registry.reports()).toMatchObject([{ name: 'orders', queries: 1 }])
  registry.remove('orders')
  expect(registry.reports()).toEqual([])
  await db.close()
  await drop()
})

test('connections are named after the service and its process, where no name is given', async () => {
  const { url, drop } = await createTestDatabase()
  const process = `${hostname()}:${pid}`
  const nameOf = async (...[settings, options]: Parameters<typeof createDatabase>) => {
    const database = await createDatabase(settings, options)
    const [row] = await database.sql`show application_name`
    await database.close()
    return row?.application_name
  }
  const configured = (env: Record<string, string>) =>
    readConfig({ orders: databaseConfig('DATABASE', 'orders') }, { DATABASE_URL: url, ...env }).orders
  const origin = () => ({ service: 'checkout' })
  expect(await nameOf(configured({ SUBSTATION_SERVICE: 'till', SUBSTATION_INSTANCE: 'till-2' }))).toBe('till-2')
  expect(await nameOf(configured({ SUBSTATION_SERVICE: 'till' }), { origin })).toBe(`till ${process}`.slice(0, 63))
  expect(await nameOf(configured({}), { origin })).toBe(`checkout ${process}`.slice(0, 63))
  expect(await nameOf({ url, name: 'orders' })).toBe(`orders ${process}`.slice(0, 63))
  expect(await nameOf({ url, applicationName: 'mine' }, { origin })).toBe('mine')
  await drop()
})

test('the environment configures it, under any prefix', () => {
  const { orders } = readConfig(
    { orders: databaseConfig('ORDERS', 'orders') },
    {
      ORDERS_URL: 'postgres://u@h:5432,i/d',
      ORDERS_STATEMENT_TIMEOUT: '30s',
      ORDERS_IDLE_TIMEOUT: '1m',
      ORDERS_LOCK_TIMEOUT: '2s',
      ORDERS_IDLE_IN_TRANSACTION_TIMEOUT: '5s',
      ORDERS_REPLICA_URLS: 'postgres://u@r/d, postgres://u@s/d',
    },
  )
  expect(orders).toEqual({
    name: 'orders',
    url: 'postgres://u@h:5432,i/d',
    maxConnections: 10,
    connectTimeoutMs: 5_000,
    statementTimeoutMs: 30_000,
    idleTimeoutMs: 60_000,
    lockTimeoutMs: 2_000,
    idleInTransactionTimeoutMs: 5_000,
    replicaUrls: ['postgres://u@r/d', 'postgres://u@s/d'],
  })
  const { plain } = readConfig({ plain: databaseConfig() }, { DATABASE_URL: 'postgres://u@h/d' })
  expect(plain).not.toHaveProperty('statementTimeoutMs')
  expect(plain).not.toHaveProperty('applicationName')
  expect(plain).not.toHaveProperty('idleTimeoutMs')
  expect(() => readConfig({ orders: databaseConfig('ORDERS') }, { ORDERS_URL: 'mysql://x' })).toThrow('ORDERS_URL')
})
