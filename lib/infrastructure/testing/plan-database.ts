import { beforeAll } from 'vitest'
import { type JudgedPlan, planQuestion } from '../insight/index.ts'
import { insightDatabase } from './insight-database.ts'

/** A shop's tables, large enough for plans to differ, and the ways to ask for plans on them. */
export function planDatabase() {
  const database = insightDatabase()
  beforeAll(async () => {
    const { sql } = database
    await sql`create table orders (id int primary key, customer int not null, state text not null, note text, at timestamptz not null)`
    await sql`insert into orders select i, i % 5000, case when i % 100 = 0 then 'open' else 'done' end, repeat('n', 100), now() - i * interval '1 minute'
      from generate_series(1, 60000) i`
    await sql`create table customer (id int, name text, region int)`
    await sql`insert into customer select i, 'c' || i, i % 7 from generate_series(1, 5000) i`
    await sql`create index orders_state on orders (state)`
    // Every value depends on the other, which the planner cannot know.
    await sql`create table pair (a int, b int, c int)`
    await sql`insert into pair select i % 100, i % 100, i from generate_series(1, 50000) i`
    await sql`vacuum analyze`
  })

  const plan = (text: string, options?: Parameters<typeof planQuestion>[1]): Promise<JudgedPlan> =>
    database.insight.ask(planQuestion(text, options))
  return {
    database,
    plan,
    measured: (text: string, values: string[] = []) => plan(text, { analyze: true, values }),
    /** With settings that only this statement gets; measured unless told otherwise. */
    withSettings: (settings: string[], text: string, { analyze = true } = {}) =>
      database.insight.ask({
        id: 'with settings',
        freshFor: 0,
        async answer(ask) {
          for (const setting of settings) await ask(`set local ${setting}`)
          return planQuestion(text, { analyze }).answer(ask)
        },
      }),
    kinds: ({ findings }: JudgedPlan) => findings.map(({ kind }) => kind),
  }
}
