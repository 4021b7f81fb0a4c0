import type { Ask, Question } from '../port.ts'
import { adviseIndexes, forgetHypothetical, type IndexAdvice } from './advise.ts'
import { type ExplainOptions, explain } from './explain.ts'
import { judgePlan } from './judge.ts'
import type { Plan, PlanFinding, TableFacts } from './port.ts'
import { planLine, planShape } from './shape.ts'
import { nodesOf } from './walk.ts'

export interface JudgedPlan {
  plan: Plan
  shape: string
  line: string
  findings: readonly PlanFinding[]
  advice: readonly IndexAdvice[]
  tables: readonly ({ name: string } & TableFacts)[]
}

/** The plan of a statement, what makes it slow, and which index would help. Nothing of it is kept: each asking is a new plan. */
export function planQuestion(text: string, options: ExplainOptions = {}): Question<JudgedPlan> {
  return { id: `plan ${text} ${JSON.stringify(options)}`, freshFor: 0, answer: ask => judged(ask, text, options) }
}

/** The generic plan alone. */
export function plainPlanQuestion(text: string): Question<Plan> {
  return {
    id: `plain plan ${text}`,
    freshFor: 0,
    async answer(ask) {
      await forgetHypothetical(ask)
      return explain(ask, text)
    },
  }
}

async function judged(ask: Ask, text: string, options: ExplainOptions): Promise<JudgedPlan> {
  const hypopg = await forgetHypothetical(ask)
  const plan = await explain(ask, text, options)
  const names = [...new Set([...nodesOf(plan)].flatMap(({ node }) => node.relation ?? []))]
  const tables = await readTableFacts(ask, names)
  return {
    plan,
    shape: planShape(plan),
    line: planLine(plan),
    findings: judgePlan(plan, { tables: new Map(tables.map(({ name, ...facts }) => [name, facts])) }),
    advice: await adviseIndexes(ask, plan, text, { values: options.values, hypopg }),
    tables,
  }
}

/** By `schema.table`, as in the plan. */
async function readTableFacts(ask: Ask, names: readonly string[]): Promise<JudgedPlan['tables']> {
  return ask(
    `select w.name, greatest(c.reltuples, 0)::float8 as rows, pg_table_size(c.oid)::float8 as bytes
     from json_array_elements_text($1::text::json) as w(name)
     join pg_namespace n on starts_with(w.name, n.nspname || '.')
     join pg_class c on c.relnamespace = n.oid and n.nspname || '.' || c.relname = w.name`,
    [JSON.stringify(names)],
  )
}
