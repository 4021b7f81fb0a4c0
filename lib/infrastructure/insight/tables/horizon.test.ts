import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { describe, expect, test } from 'vitest'
import { startEmbeddedPostgres } from '../../testing/embedded-postgres.ts'
import { insightDatabase } from '../../testing/insight-database.ts'
import { createInsight, horizonQuestion } from '../index.ts'

const database = insightDatabase()

describe('the horizon of vacuum', () => {
  test('is held by the oldest transaction, which is named', async () => {
    const holder = postgres(database.url, { max: 1, connection: { application_name: 'nightly report' } })
    await holder.begin('isolation level repeatable read', async transaction => {
      await transaction`select 1`
      await database.sql`create table moves_on ()`
      const { holders, wraparound } = await database.insight.ask(horizonQuestion)
      const held = holders.find(({ name }) => name === 'nightly report')
      expect(held).toMatchObject({
        kind: 'session',
        since: expect.any(Number),
        statement: `SELECT pg_terminate_backend(${held?.pid});`,
      })
      expect(held?.age).toBeGreaterThan(0)
      expect(wraparound.left).toBeGreaterThan(2_000_000_000)
      expect(wraparound.multixactsLeft).toBeGreaterThan(2_000_000_000)
      expect(wraparound.freezeAt).toBe(200_000_000)
    })
    await holder.end()
    const { holders } = await database.insight.ask(horizonQuestion)
    expect(holders.filter(({ name }) => name === 'nightly report')).toEqual([])
  })

  test('is held by replication slots and prepared transactions', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'substation-horizon-'))
    chmodSync(dir, 0o755)
    const settings = { wal_level: 'logical', max_prepared_transactions: '2', fsync: 'off' }
    const server = await startEmbeddedPostgres({ dir, settings })
    const sql = postgres(server.url, { max: 1 })
    const insight = createInsight({ name: 'own', url: server.url, application: 'test' })
    await sql`select pg_create_logical_replication_slot('cdc', 'pgoutput')`
    await sql`create table moves_on ()`
    await sql.unsafe("begin; create table half_done (); prepare transaction 'left behind'")
    const { holders } = await insight.ask(horizonQuestion)
    expect(holders).toMatchObject([
      { kind: 'slot', name: 'cdc', pid: null, since: null, statement: "SELECT pg_drop_replication_slot('cdc');" },
      {
        kind: 'prepared',
        name: 'left behind',
        since: expect.any(Number),
        statement: "ROLLBACK PREPARED 'left behind';",
      },
    ])
    await sql.end()
    await insight.close()
    await server.stop()
    rmSync(dir, { recursive: true, force: true })
  })
})
