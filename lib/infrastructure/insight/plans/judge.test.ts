import { describe, expect, test } from 'vitest'
import { planDatabase } from '../../testing/plan-database.ts'

const { database, plan, measured, withSettings, kinds } = planDatabase()

describe('a plan is slow because', () => {
  test('it scans a large table for few rows', async () => {
    const judged = await plan('select * from orders where customer = $1')
    expect(judged.findings).toMatchObject([
      { kind: 'sequential-scan', severity: 'warning', path: [], relation: 'public.orders', measured: false },
    ])
    expect(judged.findings[0]?.words).toMatch(
      /^Reads all of public\.orders \(60,000 rows, [\d.]+ MB\) and expects to return 12 rows/,
    )
    const run = await measured('select * from orders where customer = 7')
    expect(run.findings[0]?.words).toContain('returned 12 rows (0.0 %)')
  })

  test('and not for a small table, or for most of a large one', async () => {
    expect(kinds(await plan('select * from customer where region = 3'))).toEqual([])
    expect(kinds(await plan("select * from orders where state = 'done'"))).toEqual([])
    expect(kinds(await plan('select * from orders'))).toEqual([])
  })

  test('it expects far fewer rows than there are', async () => {
    const judged = await measured('select * from pair where a = 7 and b = 7 and c % 100 = 7 and c > 0')
    expect(judged.findings).toMatchObject([{ kind: 'sequential-scan' }])
    const off = await measured('select a, b, count(*) from pair where (a + b) % 2 = 0 group by a, b')
    expect(off.findings.filter(({ kind }) => kind === 'bad-estimate')).toMatchObject([
      { measured: true, relation: 'public.pair', severity: 'warning' },
    ])
    expect(off.findings.find(({ kind }) => kind === 'bad-estimate')?.words).toMatch(/200 times more/)
    // Fewer than expected, and below a Limit nothing is said.
    expect(kinds(await measured('select * from pair where c + 0 <> c limit 1'))).not.toContain('bad-estimate')
    const fewer = await measured('select distinct c from pair where c + 0 <> c')
    expect(fewer.findings.filter(({ kind }) => kind === 'bad-estimate')).toMatchObject([
      { relation: 'public.pair', words: expect.stringContaining('times fewer') },
    ])
  })

  test.each([
    ['a sort', 'select * from orders order by note, customer', ['work_mem = 64']],
    [
      'a hash join',
      'select * from orders o join pair p on p.c = o.id',
      ['work_mem = 64', 'enable_mergejoin = off', 'enable_nestloop = off'],
    ],
    [
      'a hash aggregate',
      'select id, count(*) from orders group by id',
      ['work_mem = 64', 'enable_sort = off', 'enable_indexscan = off', 'enable_indexonlyscan = off'],
    ],
    [
      'an incremental sort',
      'select * from (select * from orders order by state) o order by state, note',
      ['work_mem = 64', 'enable_seqscan = off', 'enable_bitmapscan = off'],
    ],
  ])('%s does not fit into work_mem', async (_, text, settings) => {
    const judged = await withSettings(['max_parallel_workers_per_gather = 0', ...settings], text)
    const spills = judged.findings.filter(({ kind }) => kind === 'spill')
    expect(spills).toHaveLength(1)
    expect(spills[0]?.words).toMatch(/did not fit into work_mem and wrote [\d.]+ [kM]B to disk/)
  })

  test('a parallel worker spills', async () => {
    const judged = await withSettings(
      ['work_mem = 64', 'parallel_setup_cost = 0', 'parallel_tuple_cost = 0', 'min_parallel_table_scan_size = 0'],
      'select * from orders order by note, customer',
    )
    expect(kinds(judged)).toContain('spill')
  })

  test('a nested loop repeats a scan for each row', async () => {
    const settings = [
      'enable_hashjoin = off',
      'enable_mergejoin = off',
      'enable_material = off',
      'enable_memoize = off',
      'enable_bitmapscan = off',
    ]
    const judged = await withSettings(
      settings,
      'select * from customer a join customer b on b.id = a.id where a.id < 2000',
    )
    const [loop] = judged.findings.filter(({ kind }) => kind === 'nested-loop')
    expect(loop).toMatchObject({
      severity: 'warning',
      measured: true,
      nextStep: expect.stringMatching(/index on the joined column/),
    })
    // Foretold without running it, from what the planner expects.
    const planned = await withSettings(
      settings,
      'select * from customer a join customer b on b.id = a.id where a.id < 2000',
      { analyze: false },
    )
    expect(planned.findings.find(({ kind }) => kind === 'nested-loop')).toMatchObject({
      measured: false,
      words: expect.stringMatching(
        /^Repeats Seq Scan of public\.customer [\d,]+ times, once for each row of the other side\.$/,
      ),
    })
    expect(loop?.words).toMatch(
      /Repeats Seq Scan of public\.customer [\d,]+ times, once for each row of the other side, [\d.]+ m?s in all/,
    )
  })

  test('a nested loop was chosen for fewer rows than came', async () => {
    const settings = [
      'enable_hashjoin = off',
      'enable_mergejoin = off',
      'enable_memoize = off',
      'max_parallel_workers_per_gather = 0',
    ]
    const judged = await withSettings(
      settings,
      'select * from pair p join orders o on o.id = p.c and o.id % 2 = 1 where (p.a + p.b) % 2 = 0',
    )
    // Each lookup is cheap, so only the wrong number is said.
    expect(kinds(judged)).toEqual(expect.arrayContaining(['bad-estimate']))
    const many = await withSettings(
      settings,
      `select count(*) from pair p join orders o on o.state = case when p.a = 1 then 'open' else 'none' end where (p.a + p.b) % 2 = 0 and p.c < 20000`,
    )
    expect(many.findings.find(({ kind }) => kind === 'nested-loop')?.words ?? '').toMatch(/once for each row|^$/)
  })

  test('an index finds rows of which most are discarded', async () => {
    const judged = await withSettings(
      ['enable_seqscan = off', 'enable_bitmapscan = off'],
      "select * from orders where state = 'done' and note like '%x%'",
    )
    expect(judged.findings.find(({ kind }) => kind === 'weak-index')?.words).toMatch(
      /^orders_state found 59,400 rows, of which 59,400 rows were discarded/,
    )
  })

  test('rows are discarded after they were read, where no scan of a table is to blame', async () => {
    const judged = await measured('select * from (select generate_series(1, 5000) as n offset 0) s where n = 3')
    expect(judged.findings.filter(({ kind }) => kind === 'rows-removed')).toMatchObject([{ severity: 'note' }])
    const small = await measured('select * from customer where id = 3')
    expect(kinds(small)).toEqual(['rows-removed'])
  })

  test('a bitmap did not fit into work_mem', async () => {
    const judged = await withSettings(
      ['work_mem = 64', 'enable_seqscan = off', 'enable_indexscan = off'],
      "select count(note) from orders where state >= 'd' and note <> 'q'",
    )
    const [lossy] = judged.findings.filter(({ kind }) => kind === 'lossy-bitmap')
    expect(lossy?.words ?? 'no bitmap was lossy').toMatch(/blocks, [\d,]+ were kept without their rows/)
  })

  test('an index-only scan reads the table all the same', async () => {
    await database.sql`create table fresh as select i as id from generate_series(1, 20000) i`
    await database.sql`create index fresh_id on fresh (id)`
    await database.sql`analyze fresh`
    const judged = await withSettings(
      ['enable_seqscan = off', 'enable_bitmapscan = off'],
      'select id from fresh where id < 15000',
    )
    expect(judged.findings.find(({ kind }) => kind === 'heap-fetches')).toMatchObject({
      nextStep: expect.stringContaining('VACUUM public.fresh'),
    })
  })
})
