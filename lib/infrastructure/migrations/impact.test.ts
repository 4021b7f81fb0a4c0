import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { migrationBench } from '../testing/migration-bench.ts'
import { createDatabase } from '../testing/servers.ts'
import { openConnection } from './adapters/connection.ts'
import { impactReader } from './adapters/impact.ts'
import type { MigrationOutput } from './index.ts'
import type { MigrationBench } from './migrations.contract.ts'

let bench: MigrationBench
beforeEach(async () => {
  bench = await migrationBench('folder', await createDatabase())
  await bench.sql.unsafe(`create table "Sale" (id int primary key, name varchar(20), price numeric(10, 2), at timestamp(3), code char(4), tag varbit(8), body text);
    insert into "Sale" select n, 'n', 1, now(), 'c', b'1', repeat('x', 900) from generate_series(1, 20000) n;
    create index sale_name on "Sale" (name); create table other (id int); analyze "Sale"; select pg_stat_force_next_flush()`)
})
afterEach(() => bench.close())

test('a pending migration: the table with its size and rows, how long at least, and safer ways; what is new is left out', async () => {
  await bench.write(
    '0001_name',
    'alter table "Sale" alter column name set not null;\ncreate table fresh (id int);\ndrop index sale_name;',
  )
  await bench.write('0002_later', 'alter table other add column x int')
  const migrations = await bench.open()
  const [first, second] = await migrations.impact()
  expect(first).toEqual({
    name: '0001_name',
    statements: [
      {
        line: 1,
        verb: 'ALTER TABLE',
        advice: expect.stringContaining('NOT VALID'),
        blockers: [],
        locks: [
          {
            table: 'public.Sale',
            mode: 'ACCESS EXCLUSIVE',
            work: 'scan',
            words: 'Reads and writes wait while every row is read.',
            rows: 20_000,
            bytes: expect.any(Number),
            indexBytes: expect.any(Number),
            writesPerSecond: expect.any(Number),
            atLeastMs: expect.any(Number),
          },
        ],
      },
      expect.objectContaining({ line: 3, locks: [expect.objectContaining({ table: 'public.Sale', work: 'moment' })] }),
    ],
  })
  expect(first?.statements[0]?.locks[0]?.bytes).toBeGreaterThan(15 << 20)
  expect(second?.statements[0]?.locks[0]).not.toHaveProperty('rows')
  expect(await migrations.impact({ to: '0001_name' })).toHaveLength(1)
  await expect(migrations.impact({ to: '0009_none' })).rejects.toMatchObject({ code: 'MIGRATION_UNKNOWN' })
})

describe('a change of a type rewrites only what is stored in another way, and Postgres agrees', () => {
  test.for([
    ['name', 'varchar(40)', 'moment'],
    ['name', 'varchar(10)', 'rewrite'],
    ['name', 'varchar', 'moment'],
    ['name', 'text', 'moment'],
    ['body', 'varchar', 'moment'],
    ['price', 'numeric(12, 2)', 'moment'],
    ['price', 'numeric(12, 4)', 'rewrite'],
    ['price', 'numeric', 'moment'],
    ['at', 'timestamp(6)', 'moment'],
    ['at', 'timestamp(0)', 'rewrite'],
    ['tag', 'varbit(16)', 'moment'],
    ['code', 'char(8)', 'rewrite'],
    ['id', 'bigint', 'rewrite'],
    ['id', 'nowhere', 'rewrite'],
  ] as const)('%s to %s: %s', async ([column, type, work]) => {
    await bench.write('0001_type', `alter table "Sale" alter column ${column} type ${type}`)
    const [impact] = await (await bench.open()).impact()
    const [lock] = impact?.statements[0]?.locks ?? []
    expect(lock?.work).toBe(work)
    expect(lock?.words).toContain(work === 'moment' ? 'for a moment' : 'every row is written again')
    if (type === 'nowhere') return
    const file = async () => (await bench.sql`select pg_relation_filenode('"Sale"') as file`)[0]?.file
    const before = await file()
    // Sizes that lose something are refused or cut; only the way of doing it counts here.
    await bench.sql.unsafe(`alter table "Sale" alter column ${column} type ${type}`)
    expect((await file()) === before).toBe(work === 'moment')
  })
})

test('who would be in the way now: sessions whose locks conflict, and for an index that is built CONCURRENTLY older snapshots', async () => {
  await bench.write('0001_price', 'alter table "Sale" add column extra int')
  await bench.write('0002_index', 'create index concurrently sale_price on "Sale" (price)')
  await bench.write('0003_other', 'alter table other add column x int')
  const migrations = await bench.open()
  await bench.sql.begin(async reader => {
    await reader`set local application_name = 'reports'`
    await reader`set transaction isolation level repeatable read`
    const [{ pid }] = (await reader`select pg_backend_pid() as pid from "Sale" limit 1`) as unknown as [{ pid: number }]
    const found = await vi.waitFor(async () => {
      const impacts = await migrations.impact()
      // A snapshot counts once it is a second old.
      expect(impacts[1]?.statements[0]?.blockers).toHaveLength(1)
      return impacts
    }, 4_000)
    expect(found[0]?.statements[0]?.blockers).toEqual([
      {
        pid,
        application: 'reports',
        account: 'postgres',
        state: 'idle in transaction',
        transactionMs: expect.any(Number),
        holds: 'AccessShareLock',
        table: 'public.Sale',
      },
    ])
    expect(found[1]?.statements[0]?.blockers).toMatchObject([{ pid, holds: 'snapshot' }])
    expect(found[2]?.statements[0]?.blockers).toEqual([])
  })
  expect(
    (await migrations.impact()).flatMap(({ statements }) => statements.flatMap(({ blockers }) => blockers)),
  ).toEqual([])
})

test('writes a second are those since the last reading, once that is old enough', async () => {
  await bench.write('0001_price', 'alter table "Sale" add column extra int')
  const { migrations: plan } = await (await bench.open()).status()
  const connection = await openConnection(bench.url, { application: 'substation-migrations' })
  let now = 0
  const impacts = impactReader(() => now)
  const rate = async () => (await impacts.of(connection, plan))[0]?.statements[0]?.locks[0]?.writesPerSecond
  const counts = (inserted: number, updated: number) =>
    vi.waitFor(async () =>
      expect(
        await bench.sql`select n_tup_ins::int as inserted, n_tup_upd::int as updated from pg_stat_user_tables where relname = 'Sale'`,
      ).toEqual([{ inserted, updated }]),
    )
  await counts(20_000, 0)
  expect(await rate()).toBeGreaterThan(0)
  await bench.sql.begin(async tx => {
    await tx`update "Sale" set price = 2 where id <= 500`
    await tx`select pg_stat_force_next_flush()`
  })
  await counts(20_000, 500)
  now = 5_000
  expect(await rate()).toBe(100)
  now = 10_000
  expect(await rate()).toBe(0)
  now = 10_500
  expect(await rate()).toBeGreaterThan(0)
  await connection.close()
})

test('the progress of a build is reported while it waits for its turn', async () => {
  await bench.write('0001_index', 'create index concurrently sale_price on "Sale" (price)')
  const migrations = await bench.open()
  const heard: MigrationOutput[] = []
  let running: Promise<unknown> | undefined
  await bench.sql.begin(async writer => {
    await writer`update "Sale" set price = 3 where id = 1`
    running = migrations.up({ by: 'ada', createJournal: true, onOutput: output => heard.push(output) })
    await vi.waitFor(() => expect(heard.map(({ kind }) => kind)).toContain('progress'), 5_000)
  })
  await running
  expect(heard.find(({ kind }) => kind === 'progress')).toEqual({
    kind: 'progress',
    migration: '0001_index',
    index: 0,
    of: 1,
    phase: 'waiting for writers before build',
    done: expect.any(Number),
    total: expect.any(Number),
  })
})
