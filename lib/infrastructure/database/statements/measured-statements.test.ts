import pg from 'pg'
import postgres from 'postgres'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createDatabase as createTestDatabase } from '../../testing/servers.ts'
import { adoptPgPool, adoptPostgresJs, createDatabase, createDatabaseRegistry, databasePlace } from '../index.ts'

let server: Awaited<ReturnType<typeof createTestDatabase>>
let database: Awaited<ReturnType<typeof createDatabase>>
beforeAll(async () => {
  server = await createTestDatabase()
})
beforeEach(async () => {
  database = await createDatabase(
    { name: 'orders', url: server.url, maxConnections: 1 },
    { origin: () => ({ service: 'checkout' }) },
  )
  return () => database.close()
})
afterAll(() => server.drop())

const callsOf = () => Object.fromEntries(database.statements().map(({ text, calls }) => [text, calls]))

test('statements of sql, of orm, of reads, in transactions and in savepoints are counted; others are not', async () => {
  const { sql, orm, read } = database
  for (const id of [1, 2]) await sql`select ${id}::int as plain`
  await orm.execute('select 1 as by_orm')
  await read.sql`select 2 as by_read`
  await sql.begin(async transaction => {
    await transaction`select 3 as within`
    await transaction.savepoint(nested => nested`select 4 as deeper`)
  })
  await expect(sql`select nowhere`).rejects.toThrow('nowhere')
  await sql`select 5 as described`.describe()
  await sql`select 6 as by_cursor`.cursor(async () => {})
  expect(callsOf()).toEqual({
    'select $1::int as plain': 2,
    'select $0 as by_orm': 1,
    'select $0 as by_read': 1,
    'select $0 as within': 1,
    'select $0 as deeper': 1,
  })
  expect(database.statements()[0]).toMatchObject({ database: 'orders', address: databasePlace(server.url) })
})

test('the time is that of the statement: not of waiting for a connection, or for those sent before it', async () => {
  const { sql } = database
  await Promise.all([sql`select pg_sleep(1)`, sql`select 1 as behind`])
  await sql.begin(transaction => Promise.all([transaction`select pg_sleep(1)`, transaction`select 2 as piped`]))
  const ms = Object.fromEntries(database.statements().map(({ text, totalMs }) => [text, totalMs]))
  expect(ms['select pg_sleep($0)']).toBeGreaterThanOrEqual(2_000)
  // Each waited for a second.
  expect(ms['select $0 as behind']).toBeLessThan(1_000)
  expect(ms['select $0 as piped']).toBeLessThan(1_000)
})

test('of pools that the service has made itself, too', async () => {
  const registry = createDatabaseRegistry()
  const pool = new pg.Pool({ connectionString: server.url, max: 1 })
  const own = postgres(server.url, { max: 1, onnotice: () => {} })
  await adoptPgPool(registry, { name: 'by pg', pool })
  const sql = await adoptPostgresJs(registry, { name: 'by postgres.js', sql: own })
  expect(registry.statements()).toEqual([])
  const before = registry.statementsRevision
  await pool.query('select $1::int as by_pg', [1])
  await pool.query({ text: 'select $1::int as by_pg', values: [2] })
  const client = await pool.connect()
  await new Promise<void>(resolve => client.query('select 7 as called_back', () => resolve()))
  await expect(client.query('select nowhere')).rejects.toThrow('nowhere')
  client.release()
  await sql`select 1 as theirs`
  const counted = registry.statements().map(({ database, text, calls }) => [database, text, calls])
  expect(counted).toHaveLength(3)
  expect(counted).toEqual(
    expect.arrayContaining([
      ['by pg', 'select $1::int as by_pg', 2],
      ['by pg', 'select $0 as called_back', 1],
      ['by postgres.js', 'select $0 as theirs', 1],
    ]),
  )
  expect(registry.statementsRevision).not.toBe(before)
  await pool.end()
  await own.end()
})
