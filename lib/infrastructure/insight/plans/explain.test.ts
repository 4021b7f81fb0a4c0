import { describe, expect, test } from 'vitest'
import { planDatabase } from '../../testing/plan-database.ts'
import { planLine, planQuestion, planShape } from '../index.ts'

const { database, plan, measured, withSettings } = planDatabase()

describe('a plan', () => {
  test('of a statement with parameters is the generic one, read without running it', async () => {
    const { plan: read, line } = await plan('select * from orders where customer = $1')
    expect(read).toMatchObject({
      measured: false,
      root: { kind: 'Seq Scan', relation: 'public.orders', filter: '(orders.customer = $1)' },
    })
    expect(read.root.measured).toBeUndefined()
    expect(line).toBe('Seq Scan public.orders')
  })

  test('is measured on request, with values for its parameters', async () => {
    const { plan: read } = await measured('select * from orders where customer = $1 and at < $2', ['7', '2100-01-01'])
    expect(read.measured).toBe(true)
    expect(read.root.measured).toMatchObject({ rows: 12, loops: 1, removedByFilter: 59_988 })
    expect(read.executionMs).toBeGreaterThan(0)
    expect(read.planningMs).toBeGreaterThan(0)
  })

  test('is refused without a word to the server where it cannot be had', async () => {
    await expect(plan('create table x ()')).rejects.toMatchObject({ code: 'EXPLAIN_REFUSED' })
    await expect(plan('select $1::int', { analyze: true })).rejects.toThrow(/values/)
    await expect(plan('select $2::int', { values: ['1'] })).rejects.toThrow(/2 parameters, and 1 values/)
    // A `$1` in a text is none.
    expect(
      (await plan(`-- why $3\nselect '$2', "t"."$4" from (select 1 as "$4") t, (select $$ $5 $$) u`)).line,
    ).toContain('Result')
  })

  test('is found although pg_stat_statements left no valid SQL of a typed literal', async () => {
    const { plan: read } = await plan('select * from orders where at > now() - $1 * interval $2 and customer = $3')
    expect(read.root.filter).toContain('orders.customer = $3')
  })

  test('needs values before Postgres 16', async () => {
    const old = { id: 'old', freshFor: 0 }
    const refused = database.insight.ask({
      ...old,
      answer: ask =>
        planQuestion('select $1::int').answer(
          Object.assign(ask.bind(null), { major: 15, pooled: false }) as typeof ask,
        ),
    })
    await expect(refused).rejects.toThrow(/Postgres 15 has no plan without values/)
  })

  test('of a writing statement is read, but never run', async () => {
    const { plan: read } = await plan('delete from orders where id = $1')
    expect(read.root.kind).toBe('ModifyTable')
    await expect(measured('delete from orders where id = 1')).rejects.toMatchObject({ sqlState: '25006' })
    expect(await database.sql`select from orders where id = 1`).toHaveLength(1)
  })

  test('takes one statement, however many are sent', async () => {
    await expect(plan('select 1; drop table customer')).rejects.toThrow(/semicolon/)
    await expect(plan('select $1::int; drop table customer', { values: ['1'] })).rejects.toThrow(/semicolon/)
    expect((await plan('select 1 ; ')).line).toBe('Result')
    expect(await database.sql`select from customer limit 1`).toHaveLength(1)
  })

  test('that takes too long is ended', async () => {
    await expect(plan('select pg_sleep(60)', { analyze: true, timeoutMs: 50 })).rejects.toMatchObject({
      code: 'DATABASE_TIMEOUT',
    })
  })

  test('keeps its shape while only numbers change, and changes it with an index', async () => {
    const one = await plan('select * from orders where id < 10')
    const other = await plan('select * from orders where id < 11')
    const scan = await withSettings(
      ['enable_indexscan = off', 'enable_bitmapscan = off'],
      'select * from orders where id < 10',
    )
    expect(planShape(one.plan)).toBe(other.shape)
    expect(scan.shape).not.toBe(one.shape)
    const parallel = await withSettings(
      ['parallel_setup_cost = 0', 'parallel_tuple_cost = 0', 'min_parallel_table_scan_size = 0'],
      'select * from orders where customer = 7',
    )
    expect(planLine(parallel.plan)).toMatch(/Gather \(Parallel Seq Scan public\.orders\)/)
    expect(parallel.shape).toBe((await plan('select * from orders where customer = 7')).shape)
  })
})
