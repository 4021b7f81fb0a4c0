import { describe, expect, test } from 'vitest'
import { planDatabase } from '../../testing/plan-database.ts'
import { type JudgedPlan, planQuestion } from '../index.ts'

const { database, plan, withSettings } = planDatabase()

describe('an index is advised', () => {
  test('for the columns of a scan, the most selective first', async () => {
    const { advice } = await plan('select * from orders where state = $1 and customer = $2 and at > $3')
    expect(advice).toMatchObject([
      {
        schema: 'public',
        table: 'orders',
        by: 'reckoning',
        columns: ['customer', 'state'],
        statement: 'CREATE INDEX CONCURRENTLY ON "public"."orders" ("customer", "state")',
      },
    ])
    expect((await plan('select * from orders where customer = $1 and $2 < at')).advice).toMatchObject([
      { columns: ['customer', 'at'] },
    ])
    // An expression, an OR and another table's columns lead to none.
    const text =
      'select * from orders "O" where (customer = 7 or id = 3) and "O".customer + 0 = 7 and \'a AND b)\' <> note'
    expect((await plan(text)).advice).toEqual([])
    const [one] = advice
    expect(one?.cost.now).toBeGreaterThan(one?.cost.then ?? 0)
    expect(one?.estimatedBytes).toBeGreaterThan(500_000)
    expect(one?.words).toContain('hypopg is not installed')
  })

  test('for the inner side of a nested loop', async () => {
    const settings = [
      'enable_hashjoin = off',
      'enable_mergejoin = off',
      'enable_material = off',
      'enable_memoize = off',
    ]
    const { advice } = await withSettings(
      settings,
      'select * from customer a join orders b on b.customer = a.id where a.id < 300',
    )
    expect(advice.map(({ statement }) => statement)).toContain(
      'CREATE INDEX CONCURRENTLY ON "public"."orders" ("customer")',
    )
  })

  test('and none where one is there, where most rows are wanted, or where no column is compared', async () => {
    expect(
      (await withSettings(['enable_indexscan = off', 'enable_bitmapscan = off'], 'select * from orders where id = 7'))
        .advice,
    ).toEqual([])
    expect((await plan("select * from orders where state = 'done'")).advice).toEqual([])
    expect((await plan('select * from orders where customer % 5000 = 7')).advice).toEqual([])
    expect((await plan('select 1')).advice).toEqual([])
  })

  test('only if the planner would use it, where hypopg can say so', async () => {
    const { sql } = database
    // The embedded Postgres ships without the extension. Functions of its signature stand for it, which build real indexes in a transaction
    // that is rolled back, so that the plans with them are the planner's own.
    const asked: string[] = []
    const tried = async (text: string, options?: Parameters<typeof planQuestion>[1]) => {
      let advice: JudgedPlan['advice'] = []
      await sql
        .begin(async transaction => {
          await transaction.unsafe(`create function hypopg_create_index(text) returns void language plpgsql as 'begin execute $1; end';
      create function hypopg_reset() returns void language plpgsql as 'begin drop index if exists left_behind; end'`)
          // An advice that failed halfway left it in this session of the pool.
          await transaction.unsafe('create index left_behind on orders (customer)')
          const send = async (query: string, values: readonly unknown[] = []) => {
            asked.push(query)
            return [...(await transaction.unsafe(query, values as never))]
          }
          const ask = Object.assign(send, { major: 18, pooled: false })
          advice = (await planQuestion(text, options).answer(ask as never)).advice
          throw new Error('undone')
        })
        .catch(() => {})
      return advice
    }
    expect(await tried('select * from orders where customer = $1')).toMatchObject([
      {
        by: 'hypopg',
        columns: ['customer'],
        words: expect.stringMatching(/^With it the planner would choose a plan of cost [\d,]+ instead of [\d,]+/),
      },
    ])
    // What is measured is not measured again: a hypothetical index cannot be run.
    await tried('select * from orders where customer = $1', { values: ['7'], analyze: true })
    expect(asked.filter(query => /^explain.*analyze/.test(query))).toHaveLength(1)
    // A sort of everything costs the same with or without the index that finds its rows.
    expect(
      await tried(
        'select * from orders a join orders b on a.note = b.note and b.customer = 7 order by a.note, b.note, a.at',
      ),
    ).toEqual([])
    expect(await sql`select from pg_indexes where tablename = 'orders'`).toHaveLength(2)
  })
})
