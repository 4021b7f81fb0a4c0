import { describe, expect, test } from 'vitest'
import { insightDatabase } from '../../testing/insight-database.ts'
import {
  indexesQuestion,
  judgeTable,
  measuredBloatQuestion,
  sequencesQuestion,
  sizesQuestion,
  type TableState,
  tablesQuestion,
} from '../index.ts'

const database = insightDatabase()

async function tableCalled(name: string): Promise<TableState> {
  await database.sql`select pg_stat_force_next_flush()`
  const { tables } = await database.insight.ask(tablesQuestion)
  const found = tables.find(table => table.name === name)
  if (!found) throw new Error(`no table ${name}`)
  return found
}

describe('tables', () => {
  test('have their rows, scans and times of maintenance', async () => {
    const { sql } = database
    await sql`create table stock (id int primary key, amount int) with (autovacuum_vacuum_threshold = 7, autovacuum_vacuum_scale_factor = 0.5)`
    await sql.begin(async own => {
      await own`insert into stock select i, 0 from generate_series(1, 2000) i`
      await own`select pg_stat_force_next_flush()`
    })
    await sql`analyze stock`
    await sql.reserve().then(async own => {
      await own`update stock set amount = 1 where id <= 100`
      await own`delete from stock where id > 1900`
      await own`select pg_stat_force_next_flush()`
      own.release()
    })
    expect(await tableCalled('stock')).toMatchObject({
      schema: 'public',
      liveRows: 2_000,
      deadRows: 200,
      inserted: 2_000,
      updated: 100,
      deleted: 100,
      vacuumAt: 1_007,
      autovacuum: true,
      partitioned: false,
      vacuumedAt: null,
      analyzedAt: expect.any(Number),
      changedRows: 200,
    })
    await sql`vacuum stock`
    const after = await tableCalled('stock')
    expect(after).toMatchObject({ deadRows: 0, liveRows: 1_900, vacuumedAt: expect.any(Number) })
    expect(after.frozenAge).toBeGreaterThan(0)
    expect(Math.abs((after.vacuumedAt ?? 0) - Date.now())).toBeLessThan(60_000)
  })

  test('have a size, and an estimate of what holds no row', async () => {
    const { sql } = database
    await sql`create table hollow (id int primary key, t text)`
    await sql`insert into hollow select i, repeat('x', 200) from generate_series(1, 20000) i`
    await sql`create table tiny as select 1 as id`
    await sql`analyze`
    const sizeOf = async (name: string) => (await database.insight.ask(sizesQuestion)).find(size => size.name === name)
    const full = await sizeOf('hollow')
    expect(full?.tableBytes).toBeGreaterThan(4_000_000)
    expect(full?.totalBytes).toBe((full?.tableBytes ?? 0) + (full?.indexBytes ?? 0))
    expect((full?.bloatBytes ?? 0) / (full?.tableBytes ?? 1)).toBeLessThan(0.1)
    await sql`delete from hollow where id % 4 > 0`
    await sql`vacuum analyze hollow`
    const half = await sizeOf('hollow')
    expect((half?.bloatBytes ?? 0) / (half?.tableBytes ?? 1)).toBeGreaterThan(0.65)
    expect((half?.bloatBytes ?? 0) / (half?.tableBytes ?? 1)).toBeLessThan(0.85)
    expect(await sizeOf('tiny')).toMatchObject({ bloatBytes: null })
  })

  test('that are locked are left out of the sizes, and hold up none of the others', async () => {
    const { sql } = database
    await sql`create table held (id int primary key)`
    await sql`create table free (id int)`
    const lock = await sql.reserve()
    await lock`begin`
    await lock`lock table held in access exclusive mode`
    const names = (await database.insight.ask(sizesQuestion)).map(({ name }) => name)
    expect(names).toContain('free')
    expect(names).not.toContain('held')
    const tables = (await database.insight.ask(indexesQuestion)).indexes.map(({ table }) => table)
    expect(tables).not.toContain('held')
    await lock`rollback`
    lock.release()
  })

  test('have a measured bloat with pgstattuple only', async () => {
    const { sql } = database
    await sql`create table porous (id int)`
    const question = measuredBloatQuestion('public', 'porous')
    const limited = await database.insight.ask({
      ...question,
      answer: async ask => {
        await question.answer(ask)
        return ask('show statement_timeout')
      },
    })
    expect(limited).toEqual([{ statement_timeout: '10s' }])
    expect(await database.insight.ask(question)).toBeUndefined()
    // The embedded Postgres ships without the extension: a function of its signature stands for it.
    await sql`create function pgstattuple_approx(regclass, out scanned_percent float8, out approx_free_space bigint, out dead_tuple_len bigint)
      language sql as $$ select 40, 4096::bigint, 0::bigint $$`
    expect(await database.insight.ask(question)).toEqual({ freeBytes: 4_096, deadBytes: 0, precision: 'sampled' })
    await sql`drop function pgstattuple_approx`
  })
})

describe('a table needs attention when', () => {
  const table: TableState = {
    schema: 'public',
    name: 'orders',
    liveRows: 100_000,
    deadRows: 0,
    changedRows: 0,
    sequentialScans: 0,
    sequentialRows: 0,
    indexScans: 1_000_000,
    inserted: 0,
    updated: 0,
    hotUpdated: 0,
    deleted: 0,
    hitBlocks: 0,
    readBlocks: 0,
    vacuumAt: 20_050,
    autovacuum: true,
    partitioned: false,
    vacuumedAt: null,
    autovacuumedAt: 1,
    analyzedAt: 1,
    frozenAge: 10,
  }
  const size = {
    schema: 'public',
    name: 'orders',
    tableBytes: 1_000_000_000,
    indexBytes: 0,
    totalBytes: 1_000_000_000,
    bloatBytes: 600_000_000,
  }

  test('nothing is wrong: nothing is said', () => {
    expect(judgeTable(table)).toEqual([])
    expect(judgeTable({ ...table, deadRows: 15_000 })).toEqual([])
    expect(judgeTable(table, { size: { ...size, bloatBytes: null } })).toEqual([])
  })

  test('its dead rows wait for vacuum', () => {
    expect(judgeTable({ ...table, deadRows: 25_000 })).toMatchObject([
      {
        kind: 'dead-rows',
        statement: 'VACUUM (ANALYZE) "public"."orders"',
        words: expect.stringContaining('25,000 dead rows (20 %)'),
      },
    ])
  })

  test.each([
    [
      { kind: 'session', name: 'report', pid: 7, since: 0 } as const,
      'the transaction of report (pid 7), 10 minutes old,',
    ],
    [{ kind: 'slot', name: 'cdc', pid: null, since: null } as const, 'the replication slot cdc, 9 transactions old,'],
    [{ kind: 'prepared', name: 'tx1', pid: null, since: 0 } as const, 'the prepared transaction tx1'],
    [{ kind: 'standby', name: 'replica', pid: 3, since: null } as const, 'the standby replica'],
  ])('something keeps vacuum from removing them: %j', (holder, words) => {
    const dead = { ...table, deadRows: 25_000 }
    const held = { ...holder, age: 9, statement: 'X' }
    expect(judgeTable(dead, { holder: held, now: 600_000 })).toMatchObject([
      { kind: 'held-back', severity: 'warning', statement: 'X', words: expect.stringContaining(words) },
    ])
    if (holder.since === 0)
      expect(judgeTable(dead, { holder: held, now: 1_000 })).toMatchObject([{ kind: 'dead-rows' }])
  })

  test('much of it is empty, it is scanned often, never analyzed, or autovacuum is off', () => {
    expect(judgeTable(table, { size })).toMatchObject([
      { kind: 'bloat', words: expect.stringContaining('About 572 MB of 954 MB') },
    ])
    const scanned = { ...table, sequentialScans: 1_000, sequentialRows: 100_000_000, indexScans: 10 }
    expect(judgeTable(scanned)).toMatchObject([
      { kind: 'scanned', words: expect.stringContaining('1,000 times for 100,000 rows each') },
    ])
    expect(judgeTable({ ...table, analyzedAt: null })).toMatchObject([
      { kind: 'not-analyzed', statement: 'ANALYZE "public"."orders"' },
    ])
    expect(judgeTable({ ...table, autovacuum: false })).toMatchObject([{ kind: 'autovacuum-off' }])
  })
})

describe('sequences', () => {
  test('are as full as the narrower of sequence and column', async () => {
    const { sql } = database
    await sql`create table small (id smallserial, other int generated always as identity (start 1 maxvalue 100), big bigint)`
    await sql`create sequence loose_down as smallint increment -1 start -1 cycle`
    await sql`create sequence idle`
    await sql`create sequence owned_wide as bigint owned by small.id`
    await sql`select setval('small_id_seq', 30000), setval('small_other_seq', 50), setval('loose_down', -16384), setval('owned_wide', 16384)`
    const read = await database.insight.ask(sequencesQuestion)
    const of = (name: string) => read.find(sequence => sequence.name === name)
    expect(of('small_id_seq')).toMatchObject({
      type: 'smallint',
      column: 'public.small.id',
      last: 30_000,
      limit: 32_767,
      cycles: false,
    })
    expect(of('small_id_seq')?.used).toBeCloseTo(0.9155, 3)
    expect(of('small_other_seq')).toMatchObject({ type: 'integer', limit: 100 })
    expect(of('small_other_seq')?.used).toBeCloseTo(0.495, 2)
    expect(of('loose_down')).toMatchObject({ column: null, limit: -32_768, cycles: true })
    expect(of('loose_down')?.used).toBeCloseTo(0.5, 2)
    expect(of('owned_wide')).toMatchObject({ type: 'smallint', limit: 32_767 })
    expect(of('idle')).toBeUndefined()
    expect(read[0]?.name).toBe('small_id_seq')
  })
})
