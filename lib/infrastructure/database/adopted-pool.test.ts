import pg from 'pg'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createDatabase as createTestDatabase } from '../testing/servers.ts'
import { adoptPgPool, adoptPostgresJs, createDatabaseRegistry, DatabaseError, databasePlace } from './index.ts'

let server: Awaited<ReturnType<typeof createTestDatabase>>
beforeAll(async () => {
  server = await createTestDatabase()
})
afterAll(() => server.drop())

test('a pool of pg that the service has made is in the reports, and works as before', async () => {
  const registry = createDatabaseRegistry()
  const pool = new pg.Pool({ connectionString: server.url, max: 2 })
  const end = await adoptPgPool(registry, { name: 'theirs', pool })
  expect(registry.reports()).toEqual([
    {
      name: 'theirs',
      address: databasePlace(server.url),
      max: 2,
      size: 0,
      active: 0,
      idle: 0,
      waiting: 0,
      queries: 0,
      errors: 0,
    },
  ])
  const client = await pool.connect()
  expect((await client.query('select 1 as one')).rows).toEqual([{ one: 1 }])
  const other = await pool.connect()
  const waiting = pool.query('select 2 as two')
  await vi.waitFor(() => expect(registry.reports()[0]).toMatchObject({ size: 2, active: 2, idle: 0, waiting: 1 }))
  client.release()
  expect((await waiting).rows).toEqual([{ two: 2 }])
  await expect(other.query('select nowhere')).rejects.toThrow('nowhere')
  await new Promise<void>(resolve =>
    other.query('select nothing', error => resolve(expect(error?.message).toContain('nothing'))),
  )
  other.release()
  expect(registry.reports()[0]).toMatchObject({
    queries: 4,
    errors: 2,
    idle: 2,
    lastError: { code: expect.stringMatching(/^DATABASE_/), message: expect.stringContaining('nothing') },
  })
  end()
  expect(registry.reports()).toEqual([])
  await pool.end()
})

test('a pool of postgres.js counts and translates through the sql that is returned', async () => {
  const registry = createDatabaseRegistry()
  const own = postgres(server.url, { max: 1, onnotice: () => {} })
  const sql = await adoptPostgresJs(registry, { name: 'theirs', sql: own })
  expect(await sql`select 1 as one`).toEqual([{ one: 1 }])
  await expect(sql`select nowhere`).rejects.toBeInstanceOf(DatabaseError)
  const held = sql.begin(async tx => {
    await tx`select 1`
    await vi.waitFor(() => expect(registry.reports()[0]).toMatchObject({ active: 1, waiting: 1 }))
  })
  await vi.waitFor(() => expect(registry.reports()[0]?.active).toBe(1))
  await Promise.all([held, sql`select 3`])
  expect(registry.reports()[0]).toMatchObject({
    name: 'theirs',
    address: databasePlace(server.url),
    max: 1,
    active: 0,
    waiting: 0,
    errors: 1,
  })
  await own.end()
})

test('where a pool of pg leads is read from its options as well; without any, its defaults count', async () => {
  const registry = createDatabaseRegistry()
  const { hostname, port, pathname } = new URL(server.url)
  const named = new pg.Pool({ host: hostname, port: Number(port), database: pathname.slice(1), max: 3 })
  const plain = new pg.Pool()
  await adoptPgPool(registry, { name: 'named', pool: named })
  await adoptPgPool(registry, { name: 'plain', pool: plain })
  expect(registry.reports().map(({ name, address, max }) => [name, address, max])).toEqual([
    ['named', databasePlace(server.url), 3],
    ['plain', '127.0.0.1:5432/', 10],
  ])
  await Promise.all([named.end(), plain.end()])
})
