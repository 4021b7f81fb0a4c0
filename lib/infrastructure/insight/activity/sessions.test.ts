import { afterAll, beforeAll, expect, test } from 'vitest'
import { asMajor, insightBench } from '../../testing/insight-bench.ts'
import { activityQuestion, blockTree, figuresQuestion, type SignalTarget, signalQuestion } from '../index.ts'

let bench: Awaited<ReturnType<typeof insightBench>>

beforeAll(async () => {
  bench = await insightBench()
  await bench.sql.unsafe('create schema shop; create table shop.stock (id int primary key, left_over int)')
  await bench.sql.unsafe('insert into shop.stock select n, 10 from generate_series(1, 100) n')
})
afterAll(() => bench?.close())

const activity = () => bench.ask(activityQuestion)
const sessionOf = async (pid: number) => (await activity()).sessions.find(one => one.pid === pid)
async function targetOf(pid: number): Promise<SignalTarget> {
  const { session = '', transaction } = (await sessionOf(pid)) ?? {}
  return { pid, session, ...(transaction === undefined ? {} : { transaction }) }
}

test('a session that is idle in a transaction and those that wait for it are found, with what they wait for', async () => {
  const holder = await bench.idleInTransaction('stock-count', 'update shop.stock set left_over = 1 where id = 1')
  const first = await bench.waiting('till-1', 'update shop.stock set left_over = 2 where id = 1')
  const second = await bench.waiting('till-2', 'alter table shop.stock add column note text')
  const { sessions, hidden } = await activity()
  expect(hidden).toBe(false)
  const of = (pid: number) => sessions.find(one => one.pid === pid)
  expect(of(holder.pid)).toMatchObject({
    application: 'stock-count',
    state: 'idle in transaction',
    kind: 'client backend',
    writes: true,
    query: 'update shop.stock set left_over = 1 where id = 1',
    queryCut: false,
    wait: { type: 'Client', event: 'ClientRead' },
    blockedBy: [],
    transactionMs: expect.any(Number),
  })
  expect(of(first.pid)).toMatchObject({
    state: 'active',
    blockedBy: [holder.pid],
    awaits: { mode: 'ShareLock', kind: 'transactionid', table: 'shop.stock' },
    waitingMs: expect.any(Number),
  })
  expect(of(second.pid)).toMatchObject({
    awaits: { mode: 'AccessExclusiveLock', kind: 'relation', table: 'shop.stock' },
  })
  const [root] = blockTree(sessions)
  expect(root).toMatchObject({ pid: holder.pid, depth: 0 })
  expect(root?.waiting.toSorted()).toEqual([first.pid, second.pid].toSorted())

  expect(await bench.ask(signalQuestion('cancel', await targetOf(first.pid)))).toBe('sent')
  expect(await first.ended).toBe('57014')
  expect(await bench.ask(signalQuestion('terminate', await targetOf(holder.pid)))).toBe('sent')
  expect(await second.ended).toBe('done')
  expect(await bench.sql`select left_over from shop.stock where id = 1`).toEqual([{ left_over: 10 }])
})

test('no signal is sent to another session or transaction than the one that was seen', async () => {
  const holder = await bench.idleInTransaction('moves-on', 'select 1')
  const seen = await targetOf(holder.pid)
  expect(await bench.ask(signalQuestion('terminate', { ...seen, session: '1' }))).toBe('gone')
  await holder.sql.unsafe('commit')
  expect(await bench.ask(signalQuestion('terminate', seen))).toBe('changed')
  const { transaction: _, ...idle } = seen
  expect(await bench.ask(signalQuestion('terminate', idle))).toBe('sent')
})

test('for an account without rights the statements of others are hidden, and the grant is named', async () => {
  const holder = await bench.idleInTransaction('hidden', 'lock table shop.stock in access exclusive mode')
  const waiter = await bench.waiting('behind', 'select count(*) from shop.stock')
  const stranger = await bench.stranger()
  const seen = await bench.askAs(stranger.url, activityQuestion)
  expect(seen).toMatchObject({ hidden: true, grant: `GRANT pg_read_all_stats TO ${stranger.name};` })
  const of = (pid: number) => seen.sessions.find(one => one.pid === pid)
  expect(of(holder.pid)).toMatchObject({ hidden: true, application: 'hidden', blockedBy: [] })
  expect(of(holder.pid)?.query).toBeUndefined()
  expect(of(holder.pid)?.session).toBeUndefined()
  expect(of(waiter.pid)).toMatchObject({ blockedBy: [holder.pid], awaits: { mode: 'AccessShareLock' } })
  const target = await targetOf(holder.pid)
  expect(await bench.askAs(stranger.url, signalQuestion('terminate', target))).toBe('gone')
  await bench.sql.unsafe(`grant pg_read_all_stats to ${stranger.name}`)
  await expect(bench.askAs(stranger.url, signalQuestion('terminate', target))).rejects.toMatchObject({
    code: 'DATABASE_DENIED',
  })
  await holder.sql.unsafe('rollback')
  expect(await waiter.ended).toBe('done')
})

test('servers before 14 do not say since when someone waits: since the statement began, then', async () => {
  await bench.sql.unsafe('create schema old')
  const holder = await bench.idleInTransaction('holds', 'lock table shop.stock in access exclusive mode')
  const waiter = await bench.waiting('waits', 'select count(*) from shop.stock')
  const { sessions } = await bench.ask(asMajor(13, activityQuestion))
  const seen = sessions.find(({ pid }) => pid === waiter.pid)
  expect(seen?.waitingMs).toBe(seen?.statementMs)
  await holder.sql.unsafe('rollback')
  expect(await waiter.ended).toBe('done')
})

test('a long statement is cut where the server cuts it, and sessions of other databases are not shown', async () => {
  const other = await insightBench()
  await other.sql.unsafe('create table kept (id int)')
  const elsewhere = await other.idleInTransaction('elsewhere', 'lock table kept in access exclusive mode')
  const behind = await other.waiting('behind', 'select count(*) from kept')
  const long = await bench.idleInTransaction('long', `select '${'x'.repeat(3_000)}'`)
  const { sessions } = await activity()
  expect(sessions.find(({ pid }) => pid === long.pid)).toMatchObject({ queryCut: true })
  const pids = sessions.map(({ pid }) => pid)
  expect([elsewhere.pid, behind.pid].filter(pid => pids.includes(pid))).toEqual([])
  expect((await bench.ask(figuresQuestion('substation'))).waiting).toBe(0)
  expect((await other.ask(figuresQuestion('substation'))).waiting).toBe(1)
  await other.close()
})
