import {
  explain,
  type Plan,
  planLine,
  planShape,
  type Question,
  textsQuestion,
} from '../../../../infrastructure/insight/index.ts'
import type { SamplePoint, SampleSource } from '../../../platform/samples.ts'
import { postgresService, seriesName } from '../../../series/names.ts'
import type { PostgresServer } from '../../../servers/postgres/servers.ts'
import type { StatementReader } from './reader.ts'
import { PLAN_SERIES } from './series.ts'
import { statementTotals } from './totals.ts'

/** Of how many statements of a server the plan is looked at, and how often (ms). Planning costs a millisecond or so, and runs nothing. */
const MOST_PLANNED = 10
const EVERY_MS = 600_000
const LONGEST_LINE = 160

/** Looks at the plans of the statements that took most time in all. */
export function planSource(readers: () => readonly StatementReader[]): SampleSource {
  let lookedAt = Number.NEGATIVE_INFINITY
  return {
    name: 'statement-plans',
    async sample() {
      if (performance.now() - lookedAt < EVERY_MS) return []
      lookedAt = performance.now()
      return (await Promise.all(readers().map(plansOf))).flat()
    },
  }
}

async function plansOf({ server, database, read }: StatementReader): Promise<SamplePoint[]> {
  const part = await read()
  if (part.status !== 'up' || !part.data.available) return []
  const queries = statementTotals(part.data.snapshot)
    .sort((a, b) => b.totalMs - a.totalMs)
    .slice(0, MOST_PLANNED)
    .map(({ query }) => query)
  const texts = await server.ask(textsQuestion(queries)).catch(() => new Map<string, string>())
  const points: SamplePoint[] = []
  for (const [query, text] of texts) {
    const plan = await planOf(server, text)
    if (!plan) continue
    const series = seriesName(PLAN_SERIES, {
      query,
      shape: planShape(plan),
      plan: planLine(plan).slice(0, LONGEST_LINE),
    })
    points.push({ service: postgresService(database), series, value: plan.root.cost.total })
  }
  return points
}

/** Many statements have none: DDL, or a text that is no valid SQL once normalized. */
function planOf(server: PostgresServer, text: string): Promise<Plan | undefined> {
  const question: Question<Plan> = { id: 'plan', freshFor: 0, answer: ask => explain(ask, text) }
  return server.ask(question).catch(() => undefined)
}
