import postgres from 'postgres'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { newId } from '../../core/ids.ts'
import { createDatabase as createPool, type PostgresDatabase } from '../database/index.ts'
import { libraryDatabase } from '../testing/library-database.ts'
import { createIdempotency, type PostgresIdempotency } from './index.ts'

let database: Awaited<ReturnType<typeof libraryDatabase>>
let sql: postgres.Sql
let pool: PostgresDatabase
let runs: PostgresIdempotency
let key: string
beforeAll(async () => {
  database = await libraryDatabase('idempotency')
  sql = postgres(database.url, { onnotice: () => {} })
  pool = await createPool({ url: database.url })
  runs = await createIdempotency({}, { sql })
  await sql`create table payment (key text, cents int check (cents > 0))`
})
afterAll(async () => {
  await runs.close()
  await Promise.all([sql.end(), pool.close()])
  await database.drop()
})
beforeEach(() => {
  key = newId()
})

const payments = async () => (await sql`select cents from payment where key = ${key}`).map(row => row.cents)
const pay =
  (cents: number) =>
  async ({ sql: transaction, fence }: { sql: postgres.TransactionSql; fence: number }) => {
    await transaction`insert into payment values (${key}, ${cents})`
    return { fence }
  }

test('the record commits with the writes of the work, and the result is known to run as well', async () => {
  const first = await runs.runInTransaction(sql, key, { body: { cents: 5 } }, pay(5))
  expect(await runs.runInTransaction(sql, key, { body: { cents: 5 } }, pay(5))).toEqual(first)
  expect(await runs.run(key, {}, () => 'no')).toEqual(first)
  expect(await payments()).toEqual([5])
  await expect(runs.runInTransaction(sql, key, { body: { cents: 6 } }, pay(6))).rejects.toMatchObject({
    code: 'CONFLICT',
  })
})

test("an error rolls back both: the work's own, the database's, and a result that is not JSON", async () => {
  const error = new Error('declined')
  await expect(
    runs.runInTransaction(sql, key, {}, async context => {
      await pay(5)(context)
      throw error
    }),
  ).rejects.toBe(error)
  await expect(runs.runInTransaction(sql, key, {}, pay(-1))).rejects.toMatchObject({ code: '23514' })
  await expect(
    runs.runInTransaction(sql, key, {}, async context => {
      await pay(5)(context)
      return 1n
    }),
  ).rejects.toMatchObject({ code: 'VALUE' })
  expect(await runs.lookup(key)).toBeUndefined()
  expect(await payments()).toEqual([])
  await runs.runInTransaction(sql, key, {}, pay(7))
  expect(await payments()).toEqual([7])
})

test('a work that hides an error of its transaction is not recorded as done', async () => {
  await expect(
    runs.runInTransaction(sql, key, {}, async ({ sql: transaction }) => {
      await transaction`insert into payment values (${key}, -1)`.catch(() => {})
    }),
  ).rejects.toMatchObject({ code: 'REFUSED' })
  expect(await runs.lookup(key)).toBeUndefined()
})

test('within a transaction that was passed in, both commit with it, and a failure does not end it', async () => {
  await expect(
    sql.begin(async outer => {
      await runs.runInTransaction(outer, key, {}, pay(1))
      throw new Error('the rest failed')
    }),
  ).rejects.toThrow('the rest failed')
  expect([await payments(), await runs.lookup(key)]).toEqual([[], undefined])
  await sql.begin(async outer => {
    await expect(runs.runInTransaction(outer, key, {}, pay(-1))).rejects.toMatchObject({ code: '23514' })
    await runs.runInTransaction(outer, key, {}, pay(2))
    await expect(runs.run(key, { waitMs: 50 }, () => 'no')).rejects.toMatchObject({ code: 'IN_FLIGHT' })
    await outer`insert into payment values (${key}, 3)`
  })
  expect(await payments()).toEqual([2, 3])
})

test('others wait for the transaction, and get its result', async () => {
  const held = Promise.withResolvers<void>()
  const begun = Promise.withResolvers<void>()
  const first = runs.runInTransaction(sql, key, {}, async ({ fence }) => {
    begun.resolve()
    await held.promise
    return fence
  })
  await begun.promise
  await expect(runs.runInTransaction(sql, key, { waitMs: 0 }, pay(1))).rejects.toMatchObject({ code: 'IN_FLIGHT' })
  await expect(runs.run(key, { waitMs: 0 }, () => 1)).rejects.toMatchObject({ code: 'IN_FLIGHT' })
  const others = [runs.runInTransaction(sql, key, {}, pay(1)), runs.run(key, {}, () => 1)]
  // They have asked before this one gives up.
  await expect(runs.runInTransaction(sql, key, { waitMs: 100 }, pay(1))).rejects.toMatchObject({ code: 'IN_FLIGHT' })
  held.resolve()
  const fence = await first
  expect(await Promise.all(others)).toEqual([fence, fence])
  expect(await payments()).toEqual([])
})

test('aborting rolls back, also when the work does not notice', async () => {
  const giveUp = new AbortController()
  const work = async (context: { sql: postgres.TransactionSql; fence: number }) => {
    await pay(1)(context)
    giveUp.abort(new Error('the request ended'))
  }
  await expect(runs.runInTransaction(sql, key, { signal: giveUp.signal }, work)).rejects.toThrow('the request ended')
  await expect(runs.runInTransaction(sql, key, { signal: giveUp.signal }, work)).rejects.toThrow('the request ended')
  expect([await payments(), await runs.lookup(key)]).toEqual([[], undefined])
})

test("the library's own pool serves as well", async () => {
  const own = await createIdempotency({}, { sql: pool.sql })
  const first = await own.runInTransaction(pool.sql, key, {}, pay(4))
  expect(await own.run(key, {}, () => 'no')).toEqual(first)
  await expect(own.runInTransaction(pool.sql, newId(), {}, pay(-1))).rejects.toMatchObject({
    code: 'DATABASE_CONSTRAINT',
  })
  const work = () => Promise.reject(new Error('declined'))
  await expect(own.runInTransaction(pool.sql, newId(), {}, work)).rejects.toThrow('declined')
  expect(await payments()).toEqual([4])
  await own.close()
  await expect(own.runInTransaction(pool.sql, key, {}, pay(1))).rejects.toMatchObject({ code: 'CLOSED' })
})
