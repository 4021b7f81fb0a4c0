import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { PostgresDatabase } from './index.ts'
import { DatabaseError } from './port.ts'

export { repositoryContract } from './repository/repository.contract.ts'
export { SAMPLE_DEFINITIONS, SAMPLE_TABLES, type SampleDomain } from './repository/sample-domain.contract.ts'

/** What every database adapter guarantees, on a real server. `open` makes a pool of `max` connections to an empty database. */
export function databaseContract(
  name: string,
  setup: () => Promise<{ open(max: number): Promise<PostgresDatabase>; close(): Promise<void> }>,
): void {
  describe(`${name} keeps the database contract`, () => {
    let server: Awaited<ReturnType<typeof setup>>
    let db: PostgresDatabase
    beforeAll(async () => {
      server = await setup()
      db = await server.open(2)
      await db.sql`create table account (id int primary key, name text unique not null, at timestamptz, facts jsonb)`
    })
    afterAll(async () => {
      await db.close()
      await server.close()
    })

    test('reads and writes with sql, dates and JSON included', async () => {
      const at = new Date('2026-01-02T03:04:05.678Z')
      await db.sql`insert into account values (1, 'ada', ${at}, ${db.sql.json({ likes: ['maps'] })})`
      const [row] = await db.sql`select name, at, facts from account where id = 1`
      expect(row).toMatchObject({ name: 'ada', facts: { likes: ['maps'] } })
      expect(new Date(row?.at).getTime()).toBe(at.getTime())
    })

    test('pings with the time it took, and stops with its signal', async () => {
      expect(await db.ping()).toBeGreaterThan(0)
      await expect(db.ping(AbortSignal.abort(new Error('never mind')))).rejects.toThrow('never mind')
    })

    test('a transaction commits whole or not at all, and rejects with the error of its work', async () => {
      await db.transaction(async ({ sql }) => {
        const inner = sql as typeof db.sql
        await inner`insert into account values (10, 'kept')`
      })
      const own = new Error('changed my mind')
      const failing = db.transaction(async ({ sql }) => {
        const inner = sql as typeof db.sql
        await inner`insert into account values (11, 'gone')`
        throw own
      })
      await expect(failing).rejects.toBe(own)
      expect(await db.sql`select id from account where id in (10, 11)`).toEqual([{ id: 10 }])
    })

    test.each([
      ['select * from nowhere', { code: 'DATABASE_REFUSED', sqlState: '42P01', retryable: false }],
      [
        "insert into account values (20, 'grace'), (21, 'grace')",
        { code: 'DATABASE_CONSTRAINT', sqlState: '23505', constraint: 'account_name_key', retryable: false },
      ],
      ['set transaction read only; insert into account values (30)', { code: 'DATABASE_READ_ONLY' }],
      [
        'set statement_timeout = 20; select pg_sleep(5)',
        { code: 'DATABASE_TIMEOUT', sqlState: '57014', retryable: true },
      ],
    ])('%s rejects with a DatabaseError', async (statement, expected) => {
      const other = await server.open(1)
      const error: unknown = await other.sql.unsafe(statement).catch((e: unknown) => e)
      await other.close()
      expect(error).toBeInstanceOf(DatabaseError)
      expect(error).toMatchObject({ ...expected, cause: expect.anything() })
    })

    test('counts what is running, waiting and failed', async () => {
      const other = await server.open(2)
      expect(other.stats()).toMatchObject({ max: 2, size: 0, active: 0, idle: 0, waiting: 0, queries: 0, errors: 0 })
      const sleeping = [
        other.sql`select pg_sleep(0.3)`.execute(),
        other.sql`select pg_sleep(0.3)`.execute(),
        other.sql`select 1`.execute(),
      ]
      await vi.waitFor(() =>
        expect(other.stats()).toMatchObject({ size: 2, active: 2, idle: 0, waiting: 1, queries: 3 }),
      )
      await Promise.all(sleeping)
      expect(other.stats()).toMatchObject({ size: 2, active: 0, idle: 2, waiting: 0 })
      await expect(other.sql`select 1/0`).rejects.toThrow('division by zero')
      expect(other.stats()).toMatchObject({
        queries: 4,
        errors: 1,
        lastError: { code: 'DATABASE_REFUSED', message: expect.stringContaining('division') },
      })
      await other.close()
      expect(other.stats()).toMatchObject({ size: 0, active: 0 })
    })

    test('a transaction occupies one connection however many statements it runs', async () => {
      const other = await server.open(2)
      await other.transaction(async ({ sql }) => {
        const inner = sql as typeof db.sql
        await inner`select 1`
        await Promise.all([inner`select 2`, inner`select 3`])
        expect(other.stats()).toMatchObject({ active: 1, waiting: 0 })
      })
      expect(other.stats()).toMatchObject({ active: 0, queries: 3 })
      await other.close()
    })

    test('a transaction whose connection is ended sends nothing more, and the pool goes on', async () => {
      const other = await server.open(1)
      const { promise: told, resolve: tell } = Promise.withResolvers<void>()
      const failing = other.transaction(async ({ sql }) => {
        const inner = sql as typeof db.sql
        const [own] = await inner`select pg_backend_pid() as pid`
        await db.sql`select pg_terminate_backend(${own?.pid}, 5000)`
        await told
        return inner`select 1`.finally(tell)
      })
      await expect(failing).rejects.toMatchObject({ code: 'DATABASE_UNREACHABLE', retryable: true })
      tell()
      // The first may get the old error.
      await vi.waitFor(async () => expect(await other.sql`select 2 as two`).toEqual([{ two: 2 }]))
      expect(other.stats()).toMatchObject({ active: 0, waiting: 0 })
      await other.close()
    })

    test('a reserved connection is occupied until it is released, whether or not it runs anything', async () => {
      const reserved = await db.sql.reserve()
      await reserved`select 1`
      expect(db.stats()).toMatchObject({ active: 1 })
      reserved.release()
      reserved.release()
      expect(db.stats()).toMatchObject({ active: 0 })
    })

    test('cursors and streams are measured to their end', async () => {
      for await (const rows of db.sql`select generate_series(1, 5) as n`.cursor(2))
        expect(rows.length).toBeGreaterThan(0)
      const seen: number[] = []
      await db.sql`select generate_series(1, 3) as n`.forEach(row => void seen.push(row.n))
      expect(seen).toEqual([1, 2, 3])
      expect(db.stats()).toMatchObject({ active: 0, waiting: 0 })
    })

    test('after closing, every call is refused as closed, and closing again is harmless', async () => {
      const other = await server.open(1)
      await other.ping()
      await other.close()
      await other.close()
      await expect(other.sql`select 1`).rejects.toMatchObject({ code: 'DATABASE_CLOSED', retryable: false })
      await expect(other.transaction(async () => 1)).rejects.toMatchObject({ code: 'DATABASE_CLOSED' })
    })
  })
}
