import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type postgres from 'postgres'
import { describe, expect, test, vi } from 'vitest'
import { entriesBench, entry } from '../../testing/entries-bench.ts'
import type { Transaction } from '../index.ts'

const entries = entriesBench()
const own = new Error('changed my mind')

describe('the transaction that a call is made in', () => {
  test('is joined by sql, orm, relational queries and helpers without being passed', async () => {
    const before = entries.database.stats().queries
    await entries.transactions.run(async () => {
      await entries.add(1)
      await entries.transactions.orm.insert(entry).values({ id: 2, name: 'two' })
      await entries.transactions.sql`insert into entry ${entries.transactions.sql({ id: 3, name: 'three' })}`
      await entries.transactions.sql.unsafe("insert into entry values (4, 'four')")
      expect(await entries.transactions.orm.query.entry.findMany({ columns: { id: true } })).toHaveLength(4)
      expect(await entries.ids()).toEqual([])
      expect(entries.database.stats().active).toBe(1)
    })
    expect(await entries.ids()).toEqual([1, 2, 3, 4])
    expect(entries.database.stats().queries - before).toBe(7)
  })

  test('is the pool outside one, and two that run at once do not see each other', async () => {
    await entries.add(1)
    expect(entries.transactions.current()).toBeUndefined()
    let meet: () => void = () => {}
    const met = new Promise<void>(resolve => {
      meet = resolve
    })
    await Promise.all([
      entries.transactions.run(async () => {
        await entries.add(2)
        await met
      }),
      entries.transactions.run(async () => {
        expect((await entries.transactions.sql`select id from entry order by id`).map(row => row.id)).toEqual([1])
        meet()
      }),
    ])
    expect(await entries.ids()).toEqual([1, 2])
  })

  test('can be left, and passed to what does not know of it', async () => {
    await entries.transactions
      .run(async transaction => {
        await entries.transactions.outside(() => entries.add(1))
        await entries.add(2)
        await entries.transactions.outside(() => transaction.sql`insert into entry values (3, 'three')`)
        await entries.transactions.outside(() => transaction.orm.insert(entry).values({ id: 4, name: 'four' }))
        expect(entries.transactions.current()).toBe(transaction)
        throw own
      })
      .catch(error => expect(error).toBe(own))
    expect(await entries.ids()).toEqual([1])
  })

  test('begin of sql and transaction of orm join it as savepoints, and begin one outside', async () => {
    await entries.transactions.sql.begin(async sql => {
      await sql`insert into entry values (1, 'one')`
      await entries.add(2)
      await entries.transactions.sql.begin(sql => [sql`insert into entry values (3, 'three')`]).then(() => undefined)
      await entries.transactions.orm
        .transaction(async tx => {
          await tx.insert(entry).values({ id: 4, name: 'four' })
          await tx.transaction(inner => inner.insert(entry).values({ id: 5, name: 'five' }))
          tx.rollback()
        })
        .catch(() => undefined)
      expect(await entries.ids()).toEqual([])
    })
    expect(await entries.ids()).toEqual([1, 2, 3])
    await expect(
      entries.transactions.sql.begin(async sql => {
        await sql`insert into entry values (9, 'nine')`
        throw own
      }),
    ).rejects.toBe(own)
    await entries.transactions.sql.begin('isolation level serializable', async sql => {
      expect(await sql`show transaction_isolation`).toEqual([{ transaction_isolation: 'serializable' }])
    })
    expect(await entries.ids()).toEqual([1, 2, 3])
  })

  test('takes no statement once it has ended', async () => {
    let resume: () => void = () => {}
    let forgotten: Promise<unknown> = Promise.resolve()
    const { sql } = await entries.transactions.run(async transaction => {
      const ended = new Promise<void>(resolve => {
        resume = resolve
      })
      forgotten = ended.then(() => entries.add(1))
      forgotten.catch(() => undefined)
      return transaction
    })
    resume()
    await expect(forgotten).rejects.toMatchObject({ code: 'TRANSACTION_ENDED', nextStep: expect.any(String) })
    await expect((async () => sql`select 1`)()).rejects.toMatchObject({ code: 'TRANSACTION_ENDED' })
    expect(await entries.ids()).toEqual([])
  })
})

test('a statement that was made in a transaction and is awaited after it is not sent', async () => {
  let late: PromiseLike<unknown> | undefined
  await entries.transactions.run(async () => {
    late = entries.add(1)
  })
  await expect(Promise.resolve(late)).rejects.toMatchObject({ code: 'DATABASE_CLOSED' })
  expect(await entries.ids()).toEqual([])
})

test('files, notifications and savepoints go where other statements go', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'substation-sql-'))
  const file = join(folder, 'add.sql')
  writeFileSync(file, "insert into entry values (1, 'from a file')")
  const heard: string[] = []
  const listening = await entries.database.sql.listen('entries', text => heard.push(text))
  const joined = entries.transactions.sql as unknown as postgres.TransactionSql
  await entries.transactions
    .run(async () => {
      await entries.transactions.sql.file(file)
      await entries.transactions.sql.notify('entries', 'rolled back')
      throw own
    })
    .catch(() => undefined)
  await entries.transactions.run(async () => {
    await entries.transactions.sql.file(file)
    await entries.transactions.sql.notify('entries', 'committed')
    await joined.savepoint(sql => sql`insert into entry values (2, 'two')`)
  })
  await joined.savepoint(sql => sql`insert into entry values (3, 'three')`)
  expect(await entries.ids()).toEqual([1, 2, 3])
  await vi.waitFor(() => expect(heard).toEqual(['committed']))
  expect([
    'savepoint' in entries.transactions.sql,
    'reserve' in entries.transactions.sql,
    'other' in entries.transactions.sql,
  ]).toEqual([true, true, false])
  await listening.unlisten()
  rmSync(folder, { recursive: true })
})

test('the signal of a transaction that has failed is aborted, whenever it is asked for', async () => {
  let failed: Transaction | undefined
  await entries.transactions
    .run(async transaction => {
      failed = transaction
      expect(transaction.signal.aborted).toBe(false)
      throw own
    })
    .catch(() => undefined)
  expect(failed?.signal.reason).toBe(own)
  await entries.transactions
    .run(async transaction => {
      failed = transaction
      throw own
    })
    .catch(() => undefined)
  expect(failed?.signal.reason).toBe(own)
})
