import { afterAll, beforeAll, expect, test } from 'vitest'
import { asMajor, insightBench } from '../../testing/insight-bench.ts'
import {
  adviceOn,
  connectionsQuestion,
  figuresQuestion,
  type Question,
  replicationQuestion,
  serverQuestion,
  settingsQuestion,
  sizeQuestion,
  writeAheadQuestion,
} from '../index.ts'

let bench: Awaited<ReturnType<typeof insightBench>>

beforeAll(async () => {
  bench = await insightBench()
})
afterAll(() => bench?.close())

const figures = figuresQuestion('substation')

test('figures count what the database did, and name what is open longest', async () => {
  const holder = await bench.idleInTransaction('left-open', 'create table kept (id int)')
  const before = await bench.ask(figures)
  expect(before).toMatchObject({
    longestIdleInTransaction: { pid: expect.any(Number), here: expect.any(Boolean) },
    longestTransactionMs: expect.any(Number),
    maxConnections: 200,
    reserved: 3,
    freezeAt: 200_000_000,
    oldestAge: { transactions: expect.any(Number), database: expect.any(String) },
    writeAheadBytes: expect.any(Number),
  })
  await holder.sql.unsafe('commit')
  await bench.sql.unsafe('insert into kept select generate_series(1, 1000)')
  // A session reports its counts when it has nothing to do, or ends.
  const counting = bench.connect('counting')
  await counting.unsafe('select count(*) from kept')
  await counting.unsafe('select pg_stat_force_next_flush()')
  await counting.unsafe('select 1')
  const after = await bench.ask(figures)
  expect(after.transactions).toBeGreaterThan(before.transactions)
  expect(after.writeAheadBytes).toBeGreaterThan(before.writeAheadBytes ?? 0)
  expect(after.blocksHit).toBeGreaterThan(before.blocksHit)
})

test('the transactions of the console itself are not the longest', async () => {
  const [row] = await bench.sql`select current_database() as name`
  const own = await bench.idleInTransaction('substation-jobs', 'select 1')
  const { longestIdleInTransaction } = await bench.ask(figures)
  expect(longestIdleInTransaction?.pid).not.toBe(own.pid)
  await own.sql.unsafe('rollback')
  expect(row?.name).toBeDefined()
})

test('connections are counted by database, user, application and state', async () => {
  await bench.idleInTransaction('till-1', 'select 1')
  const [row] = await bench.sql`select current_database() as name`
  const groups = await bench.ask(connectionsQuestion)
  expect(groups).toContainEqual({
    database: row?.name,
    user: 'postgres',
    application: 'till-1',
    state: 'idle in transaction',
    count: 1,
    longestTransactionMs: expect.any(Number),
  })
})

test('the rights of the account are listed, with the grant of those that it lacks', async () => {
  const stranger = await bench.stranger()
  expect((await bench.ask(serverQuestion)).rights.filter(({ allowed }) => !allowed)).toEqual([])
  const { rights } = await bench.askAs(stranger.url, serverQuestion)
  expect(rights.map(({ allowed, grant }) => [allowed, grant])).toEqual([
    [false, `GRANT pg_read_all_stats TO ${stranger.name};`],
    [false, `GRANT pg_signal_backend TO ${stranger.name};`],
    [false, `GRANT pg_read_all_settings TO ${stranger.name};`],
  ])
  // All the others answer such an account, too.
  for (const question of [figures, connectionsQuestion, replicationQuestion, sizeQuestion, writeAheadQuestion])
    expect(await bench.askAs(stranger.url, question as Question<unknown>)).toBeDefined()
  expect((await bench.askAs(stranger.url, settingsQuestion)).evidence.plainConnections).toBeUndefined()
})

test('two databases of one server are known to be of one', async () => {
  const other = await insightBench()
  expect((await other.ask(serverQuestion)).server).toBe((await bench.ask(serverQuestion)).server)
  await other.close()
})

test('sizes are measured', async () => {
  const { database, all } = await bench.ask(sizeQuestion)
  expect(database).toBeGreaterThan(1_000_000)
  expect(all).toBeGreaterThan(database)
})

test('write-ahead log, checkpoints and archive are read', async () => {
  await bench.sql.unsafe('checkpoint')
  expect(await bench.ask(writeAheadQuestion)).toMatchObject({
    written: { bytes: expect.any(Number), fullPages: expect.any(Number) },
    checkpoints: { requested: expect.any(Number), writeMs: expect.any(Number) },
    archive: { mode: 'off', failing: false },
    settings: { maxWalSize: '1GB', checkpointTimeout: '5min', walLevel: 'replica' },
  })
})

test('servers before 14 and 17 keep them in other views', async () => {
  await bench.sql.unsafe(`create schema old; create view old.pg_stat_bgwriter as
    select 7::bigint as checkpoints_timed, 3::bigint as checkpoints_req, 1.5::float8 as checkpoint_write_time,
      0.5::float8 as checkpoint_sync_time, now() as stats_reset`)
  const old = await bench.ask(asMajor(13, writeAheadQuestion))
  expect(old.checkpoints).toMatchObject({ timed: 7, requested: 3, writeMs: 1.5, syncMs: 0.5 })
  expect(old.written).toBeUndefined()
  expect((await bench.ask(asMajor(16, settingsQuestion))).evidence).toMatchObject({
    checkpointsTimed: 7,
    checkpointsRequested: 3,
  })
  expect(await bench.ask(asMajor(12, replicationQuestion))).toMatchObject({ followers: [] })
})

test('settings are those of the server and not those of the session that asks', async () => {
  const [row] = await bench.sql`select current_database() as name`
  await bench.sql.unsafe(`alter database ${row?.name} set work_mem = '8MB'`)
  await bench.sql.unsafe(`create role ${row?.name}_till`)
  await bench.sql.unsafe(`alter role ${row?.name}_till set statement_timeout = '30s'`)
  const asked = await bench.ask({ ...settingsQuestion, id: 'again' })
  const of = (name: string) => asked.settings.find(one => one.name === name)
  expect(of('max_connections')).toMatchObject({ value: '200', default: '100', source: 'command line' })
  // The questions set both for their own transactions.
  expect(of('statement_timeout')).toMatchObject({ value: '0' })
  expect(of('lock_timeout')).toBeUndefined()
  expect(asked.overrides).toContainEqual({ database: row?.name, name: 'work_mem', value: '8MB' })
  expect(asked.overrides).toContainEqual({ role: `${row?.name}_till`, name: 'statement_timeout', value: '30s' })
  expect(adviceOn(asked).map(({ setting }) => setting)).not.toContain('statement_timeout')
  await bench.sql.unsafe(`drop role ${row?.name}_till`)
  expect(adviceOn(await bench.ask(settingsQuestion)).map(({ setting }) => setting)).toContain('statement_timeout')
})

test('a provider that keeps the settings is named', async () => {
  expect((await bench.ask(settingsQuestion)).managedBy).toBeUndefined()
  await bench.sql.unsafe('create role neon_superuser')
  expect((await bench.ask(settingsQuestion)).managedBy).toBe('Neon')
  await bench.sql.unsafe('drop role neon_superuser')
})
