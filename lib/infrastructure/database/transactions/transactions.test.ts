import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { integer, pgTable, text } from 'drizzle-orm/pg-core'
import type postgres from 'postgres'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { createDatabase as createTestDatabase } from '../../testing/servers.ts'
import {
  createDatabase,
  createTransactions,
  DatabaseError,
  type DrizzleTransactions,
  type PostgresDatabase,
  type Transaction,
} from '../index.ts'

const entry = pgTable('entry', { id: integer().primaryKey(), name: text().notNull() })

let server: { url: string; drop(): Promise<void> }
let database: PostgresDatabase<{ entry: typeof entry }>
let transactions: DrizzleTransactions<{ entry: typeof entry }>
const errors: unknown[] = []
beforeAll(async () => {
  server = await createTestDatabase()
  database = await createDatabase({ url: server.url, maxConnections: 4 }, { schema: { entry } })
  transactions = await createTransactions(database, { onError: error => errors.push(error) })
  await database.sql`create table entry (id int primary key, name text not null unique)`
})
afterAll(async () => {
  await database.close()
  await server.drop()
})
beforeEach(async () => {
  errors.length = 0
  await database.sql`truncate entry`
})

const add = (id: number) => transactions.sql`insert into entry values (${id}, ${`name ${id}`})`
const ids = async () => (await database.sql`select id from entry order by id`).map(row => row.id)
const own = new Error('changed my mind')

describe('the transaction that a call is made in', () => {
  test('is joined by sql, orm, relational queries and helpers without being passed', async () => {
    const before = database.stats().queries
    await transactions.run(async () => {
      await add(1)
      await transactions.orm.insert(entry).values({ id: 2, name: 'two' })
      await transactions.sql`insert into entry ${transactions.sql({ id: 3, name: 'three' })}`
      await transactions.sql.unsafe("insert into entry values (4, 'four')")
      expect(await transactions.orm.query.entry.findMany({ columns: { id: true } })).toHaveLength(4)
      expect(await ids()).toEqual([])
      expect(database.stats().active).toBe(1)
    })
    expect(await ids()).toEqual([1, 2, 3, 4])
    expect(database.stats().queries - before).toBe(7)
  })

  test('is the pool outside one, and two that run at once do not see each other', async () => {
    await add(1)
    expect(transactions.current()).toBeUndefined()
    let meet: () => void = () => {}
    const met = new Promise<void>(resolve => {
      meet = resolve
    })
    await Promise.all([
      transactions.run(async () => {
        await add(2)
        await met
      }),
      transactions.run(async () => {
        expect((await transactions.sql`select id from entry order by id`).map(row => row.id)).toEqual([1])
        meet()
      }),
    ])
    expect(await ids()).toEqual([1, 2])
  })

  test('can be left, and passed to what does not know of it', async () => {
    await transactions
      .run(async transaction => {
        await transactions.outside(() => add(1))
        await add(2)
        await transactions.outside(() => transaction.sql`insert into entry values (3, 'three')`)
        await transactions.outside(() => transaction.orm.insert(entry).values({ id: 4, name: 'four' }))
        expect(transactions.current()).toBe(transaction)
        throw own
      })
      .catch(error => expect(error).toBe(own))
    expect(await ids()).toEqual([1])
  })

  test('begin of sql and transaction of orm join it as savepoints, and begin one outside', async () => {
    await transactions.sql.begin(async sql => {
      await sql`insert into entry values (1, 'one')`
      await add(2)
      await transactions.sql.begin(sql => [sql`insert into entry values (3, 'three')`]).then(() => undefined)
      await transactions.orm
        .transaction(async tx => {
          await tx.insert(entry).values({ id: 4, name: 'four' })
          await tx.transaction(inner => inner.insert(entry).values({ id: 5, name: 'five' }))
          tx.rollback()
        })
        .catch(() => undefined)
      expect(await ids()).toEqual([])
    })
    expect(await ids()).toEqual([1, 2, 3])
    await expect(
      transactions.sql.begin(async sql => {
        await sql`insert into entry values (9, 'nine')`
        throw own
      }),
    ).rejects.toBe(own)
    await transactions.sql.begin('isolation level serializable', async sql => {
      expect(await sql`show transaction_isolation`).toEqual([{ transaction_isolation: 'serializable' }])
    })
    expect(await ids()).toEqual([1, 2, 3])
  })

  test('takes no statement once it has ended', async () => {
    let resume: () => void = () => {}
    let forgotten: Promise<unknown> = Promise.resolve()
    const { sql } = await transactions.run(async transaction => {
      const ended = new Promise<void>(resolve => {
        resume = resolve
      })
      forgotten = ended.then(() => add(1))
      forgotten.catch(() => undefined)
      return transaction
    })
    resume()
    await expect(forgotten).rejects.toMatchObject({ code: 'TRANSACTION_ENDED', nextStep: expect.any(String) })
    await expect((async () => sql`select 1`)()).rejects.toMatchObject({ code: 'TRANSACTION_ENDED' })
    expect(await ids()).toEqual([])
  })
})

describe('modes', () => {
  test.each(['read committed', 'repeatable read', 'serializable'] as const)(
    '%s is what the server runs',
    async isolation => {
      await transactions.run(
        async () => {
          const rows = await transactions.sql`
          select current_setting('transaction_isolation') as level, current_setting('transaction_read_only') as ro,
            current_setting('transaction_deferrable') as deferrable`
          expect(rows).toEqual([{ level: isolation, ro: 'on', deferrable: 'on' }])
        },
        { isolation, readOnly: true, deferrable: true },
      )
    },
  )

  test('a write in a read-only one is refused', async () => {
    await expect(transactions.run(() => add(1), { readOnly: true })).rejects.toMatchObject({
      code: 'DATABASE_READ_ONLY',
    })
    await transactions.run(() => add(1), { readOnly: false, deferrable: false })
    expect(await ids()).toEqual([1])
  })

  test('one within another cannot be of another mode; the same is joined', async () => {
    await transactions.run(
      async () => {
        await transactions.run(() => add(1), { isolation: 'serializable' })
        for (const begin of [
          () => transactions.run(() => add(2), { isolation: 'repeatable read' }),
          () => transactions.sql.begin('isolation level read committed', () => []),
        ])
          await expect(begin()).rejects.toMatchObject({ code: 'TRANSACTION_OPTIONS' })
      },
      { isolation: 'serializable' },
    )
    expect(await ids()).toEqual([1])
  })

  test.each([
    { isolation: 'serializable; drop table entry' as 'serializable' },
    { attempts: 0 },
    { attempts: 1.5 },
    { deadlineMs: 0 },
    { deadlineMs: Number.NaN },
  ])('%j is refused before anything is sent', async options => {
    await expect(transactions.run(() => add(1), options)).rejects.toMatchObject({ code: 'TRANSACTION_OPTIONS' })
    expect(await ids()).toEqual([])
  })
})

describe('savepoints', () => {
  test('one that fails takes only its own changes with it, also those within it', async () => {
    await transactions.run(async () => {
      await add(1)
      await expect(
        transactions.run(async () => {
          await add(2)
          await transactions.run(() => add(3))
          await add(1)
        }),
      ).rejects.toMatchObject({ code: 'DATABASE_CONSTRAINT' })
      await transactions.run(async () => {
        await add(4)
        await transactions
          .run(async () => {
            await add(5)
            throw own
          })
          .catch(error => expect(error).toBe(own))
      })
    })
    expect(await ids()).toEqual([1, 4])
  })

  test('those begun at once run one after the other', async () => {
    await transactions.run(async () => {
      const results = await Promise.allSettled(
        [1, 2, 2, 3].map(id =>
          transactions.run(async () => {
            await add(id)
            await transactions.sql`select 1`
          }),
        ),
      )
      expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
    })
    expect(await ids()).toEqual([1, 2, 3])
  })

  test('a part that is joined fails with the whole', async () => {
    await expect(
      transactions.run(async outer => {
        await transactions.run(
          async inner => {
            expect(inner).toBe(outer)
            await add(1)
          },
          { nested: 'join' },
        )
        await expect(transactions.run(() => add(2), { nested: 'join', deadlineMs: 1_000 })).rejects.toMatchObject({
          code: 'TRANSACTION_OPTIONS',
        })
        throw own
      }),
    ).rejects.toBe(own)
    expect(await ids()).toEqual([])
  })

  test('an error that the work hides does not let the rest be committed', async () => {
    await expect(
      transactions.run(async () => {
        await add(1)
        await add(1).catch(() => undefined)
      }),
    ).rejects.toBeInstanceOf(DatabaseError)
    expect(await ids()).toEqual([])
  })
})

describe('hooks', () => {
  test('run once all can see the changes, in order and outside the transaction', async () => {
    const called: unknown[] = []
    const result = await transactions.run(async ({ afterCommit, afterRollback }) => {
      await add(1)
      afterCommit(async () => called.push(['first', await ids(), transactions.current()]))
      transactions.afterCommit(() => called.push('second'))
      afterRollback(() => called.push('rolled back'))
      await transactions.run(async () => transactions.afterCommit(() => called.push('of the savepoint')))
      expect(called).toEqual([])
      return 'result'
    })
    expect(result).toBe('result')
    expect(called).toEqual([['first', [1], undefined], 'second', 'of the savepoint'])
  })

  test('a rollback calls the others, with why', async () => {
    const called: unknown[] = []
    const failing = transactions.run(async () => {
      transactions.afterCommit(() => called.push('committed'))
      transactions.afterRollback(async reason => called.push(reason, await ids()))
      await add(1)
      throw own
    })
    await expect(failing).rejects.toBe(own)
    expect(called).toEqual([{ outcome: 'rolled-back', error: own }, []])
  })

  test('those of a savepoint that is rolled back are called with it, and never committed', async () => {
    const called: unknown[] = []
    await transactions.run(async () => {
      await transactions
        .run(async () => {
          transactions.afterCommit(() => called.push('committed'))
          transactions.afterRollback(({ outcome }) => called.push(outcome, transactions.current()))
          throw own
        })
        .catch(() => undefined)
      expect(called).toEqual(['rolled-back', undefined])
      transactions.afterCommit(() => called.push('outer'))
    })
    expect(called).toEqual(['rolled-back', undefined, 'outer'])
  })

  test('what they reject with is told, and changes nothing', async () => {
    let isLastCalled = false
    await transactions.sql.begin(async () => {
      await add(1)
      transactions.afterCommit(() => Promise.reject(own))
      transactions.afterCommit(() => {
        isLastCalled = true
      })
    })
    expect([await ids(), errors, isLastCalled]).toEqual([[1], [own], true])
    const quiet = await createTransactions(database)
    await quiet.run(async ({ afterCommit }) => afterCommit(() => Promise.reject(own)))
  })

  test('need a transaction', () => {
    expect(() => transactions.afterCommit(() => undefined)).toThrow(/outside/)
    expect(() => transactions.afterRollback(() => undefined)).toThrow(/outside/)
  })
})

test('a statement that was made in a transaction and is awaited after it is not sent', async () => {
  let late: PromiseLike<unknown> | undefined
  await transactions.run(async () => {
    late = add(1)
  })
  await expect(Promise.resolve(late)).rejects.toMatchObject({ code: 'DATABASE_CLOSED' })
  expect(await ids()).toEqual([])
})

test('files, notifications and savepoints go where other statements go', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'substation-sql-'))
  const file = join(folder, 'add.sql')
  writeFileSync(file, "insert into entry values (1, 'from a file')")
  const heard: string[] = []
  const listening = await database.sql.listen('entries', text => heard.push(text))
  const joined = transactions.sql as unknown as postgres.TransactionSql
  await transactions
    .run(async () => {
      await transactions.sql.file(file)
      await transactions.sql.notify('entries', 'rolled back')
      throw own
    })
    .catch(() => undefined)
  await transactions.run(async () => {
    await transactions.sql.file(file)
    await transactions.sql.notify('entries', 'committed')
    await joined.savepoint(sql => sql`insert into entry values (2, 'two')`)
  })
  await joined.savepoint(sql => sql`insert into entry values (3, 'three')`)
  expect(await ids()).toEqual([1, 2, 3])
  await vi.waitFor(() => expect(heard).toEqual(['committed']))
  expect(['savepoint' in transactions.sql, 'reserve' in transactions.sql, 'other' in transactions.sql]).toEqual([
    true,
    true,
    false,
  ])
  await listening.unlisten()
  rmSync(folder, { recursive: true })
})

test('the signal of a transaction that has failed is aborted, whenever it is asked for', async () => {
  let failed: Transaction | undefined
  await transactions
    .run(async transaction => {
      failed = transaction
      expect(transaction.signal.aborted).toBe(false)
      throw own
    })
    .catch(() => undefined)
  expect(failed?.signal.reason).toBe(own)
  await transactions
    .run(async transaction => {
      failed = transaction
      throw own
    })
    .catch(() => undefined)
  expect(failed?.signal.reason).toBe(own)
})
