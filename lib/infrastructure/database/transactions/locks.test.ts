import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../testing/embedded-postgres.ts'
import { createDatabase as createTestDatabase } from '../../testing/servers.ts'
import { createDatabase, createTransactions, type DrizzleTransactions, type PostgresDatabase } from '../index.ts'

describe('advisory locks', () => {
  let server: { url: string; drop(): Promise<void> }
  let database: PostgresDatabase
  let operator: PostgresDatabase
  let transactions: DrizzleTransactions
  beforeAll(async () => {
    server = await createTestDatabase()
    database = await createDatabase({ url: server.url, maxConnections: 4 })
    operator = await createDatabase({ url: server.url, maxConnections: 1 })
    transactions = await createTransactions(database)
  })
  afterAll(async () => {
    await Promise.all([database.close(), operator.close()])
    await server.drop()
  })

  const isFree = async (key: string) => {
    const [row] = await operator.sql`
      select pg_try_advisory_lock(hashtextextended(${key}, 0)) as free, pg_advisory_unlock(hashtextextended(${key}, 0))`
    return row?.free
  }
  const holder = async () => {
    const [row] = await operator.sql`
      select pid, (select state from pg_stat_activity a where a.pid = l.pid) as state from pg_locks l
      where locktype = 'advisory' and granted and database = (select oid from pg_database where datname = current_database())`
    return row as { pid: number; state: string } | undefined
  }

  test('one of a transaction is held until that ends', async () => {
    await transactions.run(async () => {
      await transactions.locks.inTransaction('stock')
      expect(await isFree('stock')).toBe(false)
      expect(await isFree('stock:2')).toBe(true)
      await transactions.outside(() =>
        transactions.run(async () => {
          expect(await transactions.locks.tryInTransaction('stock')).toBe(false)
          expect(await transactions.locks.tryInTransaction('other')).toBe(true)
        }),
      )
    })
    expect(await isFree('stock')).toBe(true)
    await expect(transactions.locks.inTransaction('stock')).rejects.toMatchObject({ code: 'TRANSACTION_NONE' })
    await expect(transactions.locks.tryInTransaction('stock')).rejects.toMatchObject({ code: 'TRANSACTION_NONE' })
  })

  test('one of a session is held during the work, without a transaction', async () => {
    const result = await transactions.locks.during('report', async () => {
      expect(await isFree('report')).toBe(false)
      expect(await holder()).toMatchObject({ state: 'idle' })
      expect(await transactions.locks.tryDuring('report', async () => 'no')).toEqual({ acquired: false })
      return 'yes'
    })
    expect(result).toBe('yes')
    expect(await transactions.locks.tryDuring('report', async () => 'now')).toEqual({ acquired: true, result: 'now' })
    expect(await isFree('report')).toBe(true)
  })

  test('those who wait come one after the other, and an error of one frees it', async () => {
    let inside = 0
    const most: number[] = []
    const work = async () => {
      most.push(++inside)
      await operator.ping()
      inside--
    }
    const own = new Error('failed')
    const results = await Promise.allSettled([
      transactions.locks.during('turns', work),
      transactions.locks.during('turns', async () => {
        await work()
        throw own
      }),
      transactions.locks.during('turns', work),
    ])
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(results[1]).toMatchObject({ reason: own })
    expect(most).toEqual([1, 1, 1])
  })

  test('the wait ends with its signal', async () => {
    const controller = new AbortController()
    const reason = new Error('enough')
    await transactions.locks.during('busy', async () => {
      const waiting = transactions.locks.during('busy', async () => 'no', { signal: controller.signal })
      const outcome = expect(waiting).rejects.toBe(reason)
      await vi.waitFor(async () => {
        const rows = await operator.sql`select 1 from pg_locks where locktype = 'advisory' and not granted`
        expect(rows).toHaveLength(1)
      }, 10_000)
      controller.abort(reason)
      await outcome
    })
    await expect(transactions.locks.during('busy', async () => 'no', { signal: controller.signal })).rejects.toBe(
      reason,
    )
    expect(await isFree('busy')).toBe(true)
  })

  test('errors of the connection and of the work pass as they are', async () => {
    const own = new Error('failed')
    await expect(transactions.locks.tryDuring('x', () => Promise.reject(own))).rejects.toBe(own)
    const away = await createDatabase({ url: 'postgres://x@127.0.0.1:1/x' })
    const { locks } = await createTransactions(away)
    await expect(locks.during('x', async () => 1)).rejects.toMatchObject({ code: 'DATABASE_UNREACHABLE' })
    await away.close()
  })

  test('when its connection is lost the work is told, and waited for', async () => {
    let isEnded = false
    const failing = transactions.locks.during('fragile', async signal => {
      const aborted = new Promise(resolve => signal.addEventListener('abort', resolve, { once: true }))
      await operator.sql`select pg_terminate_backend(${(await holder())?.pid ?? 0}, 5000)`
      await aborted
      await operator.ping()
      isEnded = true
    })
    await expect(failing).rejects.toMatchObject({ code: 'TRANSACTION_LOCK_LOST', retryable: true })
    expect(isEnded).toBe(true)
    await vi.waitFor(() => database.ping())
  })
})

describe('two-phase commit', () => {
  let folder: string
  let server: EmbeddedPostgres
  let database: PostgresDatabase
  let transactions: DrizzleTransactions
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'substation-two-phase-'))
    server = await startEmbeddedPostgres({ dir: folder, settings: { max_prepared_transactions: '10' } })
    database = await createDatabase({ url: server.url })
    transactions = await createTransactions(database)
    await database.sql`create table entry (id int primary key)`
  })
  afterAll(async () => {
    await database.close()
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  })
  beforeEach(async () => {
    await database.sql`truncate entry`
  })

  const ids = async () => (await database.sql`select id from entry`).map(row => row.id)
  const prepare = (id: string, called: string[] = []) =>
    transactions.twoPhase.prepare(id, async ({ afterCommit, afterRollback }) => {
      afterCommit(() => called.push('committed'))
      afterRollback(({ outcome }) => called.push(outcome))
      await transactions.sql`insert into entry values (1)`
    })

  test('what is prepared waits for its commit, and so do the hooks', async () => {
    const called: string[] = []
    const prepared = await prepare('order-1', called)
    expect(await ids()).toEqual([])
    expect(await transactions.twoPhase.list()).toMatchObject([
      { id: 'order-1', owner: 'postgres', at: expect.any(Date) },
    ])
    expect(called).toEqual([])
    await prepared.commit()
    expect([await ids(), called, await transactions.twoPhase.list()]).toEqual([[1], ['committed'], []])
    await expect(prepared.commit()).rejects.toMatchObject({ code: 'TRANSACTION_NOT_FOUND' })
  })

  test('or for its rollback', async () => {
    const called: string[] = []
    await (await prepare('order-2', called)).rollback()
    expect([await ids(), called]).toEqual([[], ['rolled-back']])
  })

  test('another process can end it by its id', async () => {
    await prepare('order-3')
    const other = await createDatabase({ url: server.url })
    await (await createTransactions(other)).twoPhase.commit('order-3')
    await other.close()
    expect(await ids()).toEqual([1])
    await database.sql`truncate entry`
    await prepare('order-4')
    await transactions.twoPhase.rollback('order-4')
    expect(await ids()).toEqual([])
    await expect(transactions.twoPhase.rollback('order-4')).rejects.toMatchObject({ code: 'TRANSACTION_NOT_FOUND' })
  })

  test('a work that fails prepares nothing', async () => {
    const own = new Error('no')
    await expect(transactions.twoPhase.prepare('order-5', () => Promise.reject(own))).rejects.toBe(own)
    await expect(
      transactions.run(() => transactions.twoPhase.prepare('order-6', async () => undefined)),
    ).rejects.toMatchObject({ code: 'TRANSACTION_OPTIONS' })
    expect(await transactions.twoPhase.list()).toEqual([])
  })

  test.each(["a'; drop table entry; --", '', 'x'.repeat(200), 'ümlaut', 'a b'])('%j is not an id', async id => {
    await expect(prepare(id)).rejects.toMatchObject({ code: 'TRANSACTION_OPTIONS' })
    await expect(transactions.twoPhase.commit(id)).rejects.toMatchObject({ code: 'TRANSACTION_OPTIONS' })
    await database.sql`select 1 from entry`
  })

  test('other errors of ending one pass', async () => {
    await database.sql`drop role if exists stranger`
    await database.sql`create role stranger login password 'stranger'`
    await prepare('order-7')
    const url = new URL(server.url)
    Object.assign(url, { username: 'stranger', password: 'stranger' })
    const other = await createDatabase({ url: url.href })
    await expect((await createTransactions(other)).twoPhase.commit('order-7')).rejects.toMatchObject({
      code: 'DATABASE_DENIED',
    })
    await other.close()
    await transactions.twoPhase.rollback('order-7')
  })
})

test('a server without prepared transactions says what to set', async () => {
  const server = await createTestDatabase()
  const database = await createDatabase({ url: server.url })
  const { twoPhase } = await createTransactions(database)
  await expect(twoPhase.prepare('order', async () => undefined)).rejects.toMatchObject({
    code: 'TRANSACTION_UNSUPPORTED',
    nextStep: expect.stringContaining('max_prepared_transactions'),
  })
  expect(await twoPhase.list()).toEqual([])
  await database.close()
  await server.drop()
})
