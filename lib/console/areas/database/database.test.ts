import { afterEach, beforeAll, expect, test, vi } from 'vitest'
import { activityQuestion } from '../../../infrastructure/insight/index.ts'
import { outages } from '../../platform/part/outages.ts'
import { type PostgresServer, postgresServers } from '../../servers/postgres/servers.ts'
import { PostgresServers } from '../../servers/resources.ts'
import { databaseConsole } from '../../testing/database-console.ts'
import { refusalOf } from '../../testing/outcomes.ts'
import { figuresOf } from './figures.ts'
import { judgeDatabases } from './judge.ts'
import { databaseSource } from './samples.ts'
import { databaseActivityView } from './views/activity.ts'
import { databasesView } from './views/databases.ts'
import { databaseOverviewView } from './views/overview.ts'
import { databaseSettingsView } from './views/settings.ts'

/** Readings are shared for a moment. */
const PATIENT = { timeout: 10_000 }
const shop = databaseConsole()

beforeAll(async () => {
  await shop.bench.sql.unsafe('create schema shop; create table shop.stock (id int primary key, note text)')
  await shop.bench.sql.unsafe("insert into shop.stock select n, '' from generate_series(1, 9) n")
})

afterEach(() => shop.bench.endSessions())

async function activity(filters: Record<string, string> = {}, role: 'viewer' | 'operator' = 'viewer') {
  const { activity } = await shop.read(databaseActivityView, filters, role)
  if (activity?.status !== 'up') throw new Error('the activity was not read')
  return activity.data
}

/** The input of an act on a session, as the page has it. */
async function named(pid: number) {
  await expect.poll(async () => (await activity()).rows.map(row => row.pid), PATIENT).toContain(pid)
  const { session, transaction } = (await activity()).rows.find(row => row.pid === pid) ?? {}
  return { database: 'shop', pid, session, ...(transaction === undefined ? {} : { transaction }) }
}

test('a blocker leads what needs attention, with the act that helps, and ending it frees those who wait', async () => {
  const holder = await shop.bench.idleInTransaction('counting', "update shop.stock set note = 'mine' where id = 1")
  const first = await shop.bench.waiting('till-1', 'update shop.stock set note = null where id = 1')
  const second = await shop.bench.waiting('till-2', 'alter table shop.stock alter note set default null')
  await expect.poll(async () => (await activity()).counts.waiting, PATIENT).toBe(2)
  const { tree } = await activity()
  expect(tree.map(({ pid, depth }) => [pid, depth])).toEqual([
    [holder.pid, 0],
    ...[first.pid, second.pid].map(pid => [pid, expect.any(Number)]),
  ])
  const blockers = async () => {
    const { overview } = await shop.read(databaseOverviewView)
    return overview?.blockers.status === 'up' ? overview.blockers.data : overview?.blockers
  }
  await expect
    .poll(blockers, PATIENT)
    .toMatchObject([
      { pid: holder.pid, waiting: 2, active: false, tables: ['shop.stock'], name: `counting (pid ${holder.pid})` },
    ])
  const servers = shop.environment().of(PostgresServers)
  await expect
    .poll(async () => (await judgeDatabases(servers, 0)).items, PATIENT)
    .toContainEqual(
      expect.objectContaining({
        subject: `counting (pid ${holder.pid})`,
        text: 'holds up 2 sessions of shop',
        href: `database/shop/activity?session=${holder.pid}&act=database.terminate`,
      }),
    )

  const input = { ...(await named(holder.pid)), reason: 'it was forgotten' }
  expect(await shop.preview('database.terminate', input)).toMatchObject({
    action: 'Terminate, freeing 2 sessions',
    confirmation: 'typed',
    summary: expect.stringContaining('is rolled back, with whatever it has written'),
    dependents: expect.arrayContaining([expect.stringContaining(`till-1 (pid ${first.pid}), has waited`)]),
    texts: [{ name: 'Statement', text: "update shop.stock set note = '…' where id = ?" }],
  })
  expect(await shop.act('database.terminate', input)).toMatchObject({
    status: 'succeeded',
    summary: `Terminated counting (pid ${holder.pid}) of shop; 2 sessions had waited for it.`,
    target: { kind: 'database', name: 'shop' },
    about: `pid ${holder.pid}`,
  })
  expect(await first.ended).toBe('done')
  expect(await shop.bench.sql`select note from shop.stock where id = 1`).toEqual([{ note: null }])
  expect(await refusalOf(shop.preview('database.terminate', input))).toMatchObject({ code: 'not_found' })
})

test('who wait are reported also when it is not known for whom', async () => {
  const server = shop.environment().of(PostgresServers).find('shop')
  if (!server) throw new Error('the test console watches no shop')
  await shop.bench.idleInTransaction('unread', 'update shop.stock set note = null where id = 3')
  await shop.bench.waiting('till-3', 'update shop.stock set note = null where id = 3')
  await expect
    .poll(async () => {
      const figures = await figuresOf(server, { maxAge: 0 })
      return figures.status === 'up' && figures.data.waiting
    }, PATIENT)
    .toBe(1)
  // Its sessions are asked for where nothing answers.
  const nowhere = postgresServers([{ name: 'shop', url: 'postgres://nobody@127.0.0.1:1/shop' }], outages())
  const halfRead: PostgresServer = {
    ...server,
    read: (question, options) =>
      (question.id === activityQuestion.id ? (nowhere.find('shop') ?? server) : server).read(question, options),
  }
  const { items } = await judgeDatabases({ servers: [halfRead], find: () => halfRead, close: nowhere.close }, 0)
  expect(items).toContainEqual(
    expect.objectContaining({
      subject: 'shop',
      band: 'degraded',
      text: 'has 1 session waiting for locks',
      detail: 'Who holds them is not known: the sessions could not be read.',
    }),
  )
  await nowhere.close()
})

test('a statement is cancelled and its connection stays; one that runs none is refused', async () => {
  const holder = await shop.bench.idleInTransaction('holding', 'select * from shop.stock where id = 2 for update')
  const waiter = await shop.bench.waiting('slow', 'update shop.stock set note = null where id = 2')
  expect(await refusalOf(shop.preview('database.cancel', await named(holder.pid)))).toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('idle in transaction'),
  })
  const input = await named(waiter.pid)
  expect(await shop.preview('database.cancel', input)).toMatchObject({
    confirmation: 'preview',
    action: 'Cancel the statement',
  })
  expect(await shop.act('database.cancel', input)).toMatchObject({ status: 'succeeded' })
  expect(await waiter.ended).toBe('57014')
  expect(await waiter.sql.unsafe('select 1 as alive')).toEqual([{ alive: 1 }])
})

test('a session that has gone on to another transaction is not touched', async () => {
  const holder = await shop.bench.idleInTransaction('goes-on', 'select 1')
  const seen = { ...(await named(holder.pid)), reason: 'it was forgotten' }
  await holder.sql.unsafe('commit')
  expect(await refusalOf(shop.act('database.terminate', seen))).toMatchObject({
    code: 'conflict',
    fields: { transaction: 'has ended' },
  })
  expect(await holder.sql.unsafe('select 1 as alive')).toEqual([{ alive: 1 }])
})

test('connections of a console are ended only where that is said', async () => {
  const own = await shop.bench.idleInTransaction('substation-watch', 'select 1')
  const input = { ...(await named(own.pid)), reason: 'it hangs' }
  expect(await refusalOf(shop.preview('database.terminate', input))).toMatchObject({
    code: 'conflict',
    fields: { pid: 'is a connection of a console' },
  })
  expect(await shop.act('database.terminate', { ...input, ofConsole: true })).toMatchObject({ status: 'succeeded' })
})

test('a database that is not declared is not found, and has no page', async () => {
  const input = { database: 'other', pid: 1, session: '1', reason: 'wrong name' }
  expect(await refusalOf(shop.preview('database.terminate', input))).toMatchObject({ code: 'not_found' })
  expect(await shop.read(databaseOverviewView, { name: 'other' })).toEqual({})
  expect(await shop.read(databaseActivityView, { name: 'other' })).toEqual({})
  expect(await shop.read(databaseSettingsView, { name: 'other' })).toEqual({})
})

test('values in statements are for operators; secrets among them for no one', async () => {
  const query = "select 'ada@mail.example', 'Bearer abcdefghijklmnopqrstuvwxyz'"
  const session = await shop.bench.idleInTransaction('telling', query)
  const seenBy = async (role: 'viewer' | 'operator') =>
    (await activity({}, role)).rows.find(({ pid }) => pid === session.pid)?.query
  await expect.poll(() => seenBy('viewer'), PATIENT).toBe("select '…', '…'")
  expect(await seenBy('operator')).toBe("select 'ada@mail.example', 'Bearer [secret]'")
})

test('sessions are narrowed by state and by text', async () => {
  const session = await shop.bench.idleInTransaction('needle-7', 'select 1')
  await expect.poll(async () => (await activity({ q: 'NEEDLE' })).total, PATIENT).toBe(1)
  expect((await activity({ state: 'open', q: 'needle' })).rows.map(({ pid }) => pid)).toEqual([session.pid])
  expect((await activity({ state: 'active', q: 'needle' })).total).toBe(0)
  expect((await activity({ service: 'none' })).total).toBe(0)
})

test('the overview counts connections by who they belong to', async () => {
  await shop.bench.connect('grouped-1').unsafe('select 1')
  const { overview } = await shop.read(databaseOverviewView)
  expect(overview).toMatchObject({
    server: { status: 'up', data: { role: 'primary' } },
    size: { status: 'up' },
    replication: { status: 'up', data: { followers: [] } },
    writeAhead: { status: 'up' },
    pools: { status: 'up', data: [] },
  })
  // Another test may have had them read a moment before.
  await vi.waitFor(async () => {
    const { connected } = (await shop.read(databaseOverviewView)).overview ?? {}
    const rows = connected?.status === 'up' ? connected.data.rows : []
    expect(rows).toContainEqual(expect.objectContaining({ who: 'grouped-1', known: false, own: false, count: 1 }))
    expect(rows).toContainEqual(expect.objectContaining({ who: 'substation', own: true }))
  }, 15_000)
  expect((await shop.read(databasesView)).databases).toMatchObject([{ name: 'shop', server: { status: 'up' } }])
})

test('settings are shown as SHOW writes them, with advice', async () => {
  const { settings } = await shop.read(databaseSettingsView, { q: 'max_connections' })
  expect(settings).toMatchObject({
    status: 'up',
    data: {
      rows: [{ name: 'max_connections', value: '200', default: '100', source: 'command line' }],
      advice: expect.arrayContaining([expect.objectContaining({ setting: 'idle_in_transaction_session_timeout' })]),
    },
  })
})

test('key figures are sampled; a hit ratio needs two samples', async () => {
  const source = databaseSource(shop.environment().of(PostgresServers))
  const sample = async () => new Map((await source.sample(new AbortController().signal)).map(one => [one.series, one]))
  const first = await sample()
  expect([...first.keys()]).not.toContain('postgres_hit_ratio')
  expect(first.get('postgres_transactions')).toMatchObject({ service: 'postgres:shop', kind: 'counter' })
  for (const series of ['postgres_connections', 'postgres_database_bytes', 'postgres_write_ahead_bytes'])
    expect(first.get(series)?.value).toBeGreaterThan(0)
  await shop.bench.sql.unsafe('select count(*) from shop.stock; select pg_stat_force_next_flush()')
  await expect
    .poll(async () => (await sample()).get('postgres_hit_ratio')?.value, { timeout: 15_000, interval: 500 })
    .toBeGreaterThan(0)
})
