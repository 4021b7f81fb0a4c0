import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type EmbeddedPostgres, embeddedPostgresHome, startEmbeddedPostgres } from '../../testing/embedded-postgres.ts'
import { insightBench } from '../../testing/insight-bench.ts'
import { activityQuestion, figuresQuestion, replicationQuestion, serverQuestion } from '../index.ts'

let folder: string
let primary: EmbeddedPostgres
let standby: EmbeddedPostgres
let first: Awaited<ReturnType<typeof insightBench>>
let second: Awaited<ReturnType<typeof insightBench>>

// A primary and its standby, made from a copy of the stopped primary.
beforeAll(async () => {
  folder = mkdtempSync('/var/tmp/substation-replication-')
  execFileSync('chmod', ['755', folder])
  const settings = { max_prepared_transactions: '5' }
  const of = (name: string) => join(folder, name)
  const made = await startEmbeddedPostgres({ dir: of('primary'), settings })
  await made.stop()
  execFileSync('cp', ['-a', embeddedPostgresHome(of('primary')), embeddedPostgresHome(of('standby'))])
  writeFileSync(join(embeddedPostgresHome(of('standby')), 'data', 'standby.signal'), '')
  primary = await startEmbeddedPostgres({ dir: of('primary'), settings })
  const { username, password } = new URL(primary.url)
  const primary_conninfo = `host=127.0.0.1 port=${primary.port} user=${username} password=${password} application_name=spare`
  standby = await startEmbeddedPostgres({
    dir: of('standby'),
    settings: { ...settings, primary_conninfo, wal_receiver_status_interval: '1' },
  })
  first = await insightBench(primary.url)
  second = await insightBench(standby.url)
}, 60_000)
afterAll(async () => {
  await first?.close()
  await second?.close()
  await standby?.stop()
  await primary?.stop()
  rmSync(folder, { recursive: true, force: true })
})

test('a primary names who follows it and how far behind', async () => {
  await first.sql.unsafe("select pg_create_physical_replication_slot('kept', true)")
  await vi.waitFor(
    async () =>
      expect(await first.ask(replicationQuestion)).toEqual({
        followers: [
          expect.objectContaining({
            name: 'spare',
            address: '127.0.0.1',
            state: 'streaming',
            sync: 'async',
            behindBytes: expect.any(Number),
          }),
        ],
        slots: [{ name: 'kept', kind: 'physical', active: false, state: 'reserved', keepsBytes: expect.any(Number) }],
      }),
    10_000,
  )
})

test('a standby says whether it receives, and how far behind it is', async () => {
  expect(await second.ask(serverQuestion)).toMatchObject({ role: 'standby' })
  await vi.waitFor(
    async () =>
      expect(await second.ask(replicationQuestion)).toMatchObject({
        followers: [],
        standby: { receiving: true, behindBytes: expect.any(Number) },
      }),
    10_000,
  )
  expect((await second.ask(figuresQuestion('x'))).writeAheadBytes).toBeUndefined()
  await first.sql.unsafe('create table early (id int)')
  await vi.waitFor(async () => await second.sql`select from early`, 10_000)
  await second.sql.unsafe('select pg_wal_replay_pause()')
  await first.sql.unsafe('create table late (id int)')
  await vi.waitFor(async () => {
    const { standby } = await second.ask(replicationQuestion)
    expect(standby?.behindBytes).toBeGreaterThan(0)
    expect(standby?.behindMs).toBeGreaterThan(0)
  }, 10_000)
  await second.sql.unsafe('select pg_wal_replay_resume()')
})

test('a transaction that was prepared and forgotten is a blocker without a connection', async () => {
  await first.sql.unsafe('create table stock (id int)')
  const holder = await first.idleInTransaction('two-phase', 'lock table stock in access exclusive mode')
  await holder.sql.unsafe("prepare transaction 'forgotten'")
  const waiter = await first.waiting('waits', 'select count(*) from stock')
  const { sessions } = await first.ask(activityQuestion)
  expect(sessions.find(({ pid }) => pid === waiter.pid)?.blockedBy).toEqual([0])
  expect(sessions.find(({ pid }) => pid === 0)).toMatchObject({
    kind: 'prepared transaction',
    writes: true,
    query: "PREPARE TRANSACTION 'forgotten'",
    transactionMs: expect.any(Number),
  })
  await first.sql.unsafe("rollback prepared 'forgotten'")
  expect(await waiter.ended).toBe('done')
})
