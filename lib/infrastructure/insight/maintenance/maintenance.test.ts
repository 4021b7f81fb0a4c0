import { beforeAll, describe, expect, test, vi } from 'vitest'
import { insightDatabase } from '../../testing/insight-database.ts'
import {
  analyzeStatement,
  concurrently,
  createIndexStatement,
  dropIndexStatement,
  indexName,
  type Maintenance,
  type MaintenanceProgress,
  maintenanceQuestion,
  reindexStatement,
  runMaintenance,
  vacuumStatement,
} from '../index.ts'

const database = insightDatabase()
const table = { schema: 'public', table: 'big' }

beforeAll(async () => {
  await database.sql`create table big (id int, c int)`
  await database.sql`insert into big select i, i % 100 from generate_series(1, 1000) i`
})

const run = (
  what: Maintenance,
  more: { signal?: AbortSignal; onProgress?: (progress: MaintenanceProgress) => void } = {},
) => runMaintenance(what, { url: database.url, application: 'maintenance', ...more })
const create = (name: string): Maintenance => ({
  statement: createIndexStatement(table, name, ['c']),
  lockTimeoutMs: 10_000,
  builds: { schema: 'public', name },
})
const indexes = async () =>
  (
    await database.sql`select indexrelid::regclass::text as name, indisvalid as valid from pg_index where indrelid = 'big'::regclass order by 1`
  ).map(({ name, valid }) => `${name} ${valid}`)

/** A transaction that saw the table, for which whatever works concurrently has to wait. */
async function olderTransaction() {
  const session = await database.sql.reserve()
  await session`begin isolation level repeatable read`
  await session`select count(*) from big`
  return {
    async end() {
      await session`rollback`
      session.release()
    },
  }
}

describe('maintenance', () => {
  test('builds an index, vacuums, analyzes, reindexes and drops outside a transaction', async () => {
    expect(await run(create('big_c'))).toEqual({ dropped: [], left: [], notices: [] })
    expect(await indexes()).toContain('big_c true')
    const { failed, notices } = await run({ statement: vacuumStatement(table), lockTimeoutMs: 1_000 })
    expect([failed, notices]).toEqual([undefined, []])
    await run({ statement: analyzeStatement(table), lockTimeoutMs: 1_000 })
    expect(await database.sql`select from pg_stats where tablename = 'big'`).toHaveLength(2)
    await run({
      statement: reindexStatement('public', 'big_c'),
      lockTimeoutMs: 1_000,
      copies: { schema: 'public', name: 'big_c' },
    })
    await run({ statement: dropIndexStatement('public', 'big_c'), lockTimeoutMs: 1_000 })
    expect((await indexes()).join()).not.toMatch(/\bbig_c\b/)
  })

  test('says how far it is and for whom it waits', async () => {
    const older = await olderTransaction()
    const seen: MaintenanceProgress[] = []
    const done = run(create('big_waits'), { onProgress: progress => seen.push(progress) })
    await vi.waitFor(() => expect(seen.length).toBeGreaterThan(0), { timeout: 10_000 })
    expect(seen[0]).toMatchObject({
      phase: expect.stringContaining('waiting for'),
      waiting: expect.stringMatching(/pid \d+/),
    })
    await older.end()
    expect((await done).failed).toBeUndefined()
  })

  test('that waits longer than it may leaves nothing INVALID', async () => {
    const older = await olderTransaction()
    // The cleanup waits for the same transaction, so it has to end first.
    const done = run({ ...create('big_late'), lockTimeoutMs: 100 })
    await vi.waitFor(
      async () =>
        expect(
          await database.sql`select from pg_stat_activity where application_name = 'maintenance' and query like 'drop index%'`,
        ).toHaveLength(1),
      { timeout: 10_000 },
    )
    await older.end()
    expect(await done).toMatchObject({ dropped: ['big_late'], left: [], failed: { code: 'DATABASE_CONFLICT' } })
    expect((await indexes()).join()).not.toContain('big_late')
  })

  test('that is aborted is cancelled on the server', async () => {
    const older = await olderTransaction()
    const abort = new AbortController()
    const done = run(create('big_aborted'), { signal: abort.signal, onProgress: () => abort.abort() })
    await vi.waitFor(async () => expect(abort.signal.aborted).toBe(true), { timeout: 10_000 })
    // Before what it waits for ends, or the build may be over before it is cancelled.
    await vi.waitFor(
      async () =>
        expect(
          await database.sql`select from pg_stat_activity where query like 'CREATE INDEX%big_aborted%' and state = 'active'`,
        ).toHaveLength(0),
      { timeout: 10_000 },
    )
    await older.end()
    expect(await done).toMatchObject({ failed: { sqlState: '57014' } })
    expect((await indexes()).join()).not.toContain('big_aborted')
  })

  test('that was aborted before sends nothing', async () => {
    await expect(run(create('big_never'), { signal: AbortSignal.abort(new Error('not wanted')) })).rejects.toThrow(
      /not wanted/,
    )
    expect((await indexes()).join()).not.toContain('big_never')
  })

  test('whose connections break after it was sent is uncertain, not unreachable', async () => {
    const older = await olderTransaction()
    const done = run(create('big_lost'))
    const application = 'maintenance'
    const building = () =>
      database.sql`select from pg_stat_activity where application_name = ${application} and query like 'CREATE INDEX%big_lost%' and wait_event_type = 'Lock'`
    await vi.waitFor(async () => expect(await building()).toHaveLength(1), { timeout: 10_000 })
    await database.sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = ${application} and datname = current_database()`
    await older.end()
    expect(await done).toMatchObject({ uncertain: true, left: [], failed: { code: 'DATABASE_UNREACHABLE' } })
    await database.sql`drop index if exists big_lost`
  })

  test('first drops what an earlier attempt left, and nothing else', async () => {
    const { sql } = database
    await sql`create table twice (id int)`
    await sql`insert into twice values (1), (1)`
    await expect(sql`create unique index concurrently twice_id on twice (id)`).rejects.toThrow()
    await sql`create index twice_id_ccnew_mine on twice (id)`
    await sql`delete from twice`
    const statement = 'CREATE UNIQUE INDEX CONCURRENTLY twice_id ON twice (id)'
    expect(
      await run({ statement, lockTimeoutMs: 1_000, builds: { schema: 'public', name: 'twice_id' } }),
    ).toMatchObject({ dropped: ['twice_id'] })
    expect(await sql`select from pg_indexes where tablename = 'twice'`).toHaveLength(2)
  })

  test('that rebuilds an index never drops it, only the copies that failed', async () => {
    const { sql } = database
    await sql`create table thrice (id int)`
    await sql`insert into thrice values (1), (1)`
    await expect(sql`create unique index concurrently thrice_id on thrice (id)`).rejects.toThrow()
    const done = await run({
      statement: reindexStatement('public', 'thrice_id'),
      lockTimeoutMs: 1_000,
      copies: { schema: 'public', name: 'thrice_id' },
    })
    expect(done).toMatchObject({ dropped: ['thrice_id_ccnew'], failed: { sqlState: '23505' } })
    expect(await sql`select indexname from pg_indexes where tablename = 'thrice'`).toMatchObject([
      { indexname: 'thrice_id' },
    ])
  })

  test('of a server that is not there is rejected', async () => {
    const url = new URL(database.url)
    url.port = '1'
    await expect(runMaintenance(create('x'), { url: url.href, application: 'maintenance' })).rejects.toMatchObject({
      code: 'DATABASE_UNREACHABLE',
    })
  })
})

describe('before something is done to a table', () => {
  test('its size, rights and the oldest transaction are known', async () => {
    const older = await olderTransaction()
    const found = await database.insight.ask(maintenanceQuestion('public', 'big'))
    expect(found).toMatchObject({
      columns: ['id', 'c'],
      mayChange: true,
      owner: 'postgres',
      account: 'postgres',
      partitioned: false,
      oldest: { pid: expect.any(Number), ageMs: expect.any(Number) },
    })
    expect(found?.tableBytes).toBeGreaterThan(0)
    expect(found?.taken).toContain('big')
    await older.end()
    expect(await database.insight.ask(maintenanceQuestion('public', 'none'))).toBeUndefined()
  })

  test('a new index gets a free name of at most 63 bytes', () => {
    expect(indexName('orders', ['a', 'b'], [])).toBe('orders_a_b_idx')
    expect(indexName('orders', ['a'], ['orders_a_idx', 'orders_a_idx1'])).toBe('orders_a_idx2')
    const long = indexName('ö'.repeat(40), ['a'], [])
    expect(Buffer.byteLength(long)).toBeLessThanOrEqual(63)
    expect(long).toMatch(/_idx$/)
  })

  test('a definition is built again without blocking writes', () => {
    expect(concurrently('CREATE UNIQUE INDEX a ON public.b USING btree (c)')).toBe(
      'CREATE UNIQUE INDEX CONCURRENTLY a ON public.b USING btree (c)',
    )
    expect(concurrently('CREATE INDEX a ON public.b USING gin (c)')).toBe(
      'CREATE INDEX CONCURRENTLY a ON public.b USING gin (c)',
    )
  })
})
