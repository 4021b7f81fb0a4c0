import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../testing/embedded-postgres.ts'
import { createDatabase as createTestDatabase } from '../../testing/servers.ts'
import { createDatabase, createTransactions, type DrizzleTransactions, type PostgresDatabase } from '../index.ts'

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
