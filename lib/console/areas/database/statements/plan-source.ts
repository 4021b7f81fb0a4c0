import { ownTextsQuestion, plainPlanQuestion, planLine, planShape } from '../../../../infrastructure/insight/index.ts'
import type { SamplePoint, SampleSource } from '../../../platform/samples.ts'
import { postgresService, seriesName } from '../../../series/names.ts'
import type { StatementReader } from './reader.ts'
import { PLAN_SERIES } from './series.ts'
import { statementTotals } from './totals.ts'

/** Of how many statements of a server the plan is looked at, and how often (ms). Planning costs a millisecond or so. */
const MOST_PLANNED = 10
const EVERY_MS = 600_000
const LONGEST_LINE = 160

type PlanReader = Pick<StatementReader, 'database' | 'server' | 'read'>

/**
 * Reads the plans of the statements that took most time in all. Planning runs their IMMUTABLE functions with the rights of the console's
 * account, and no one is asked: only statements that this account has sent itself are planned, and where it reaches beyond SQL
 * none that reads a view, an index or a foreign table that others define.
 */
export function planSource(readers: () => readonly PlanReader[]): SampleSource {
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

async function plansOf({ server, database, read }: PlanReader): Promise<SamplePoint[]> {
  const part = await read()
  if (part.status !== 'up' || !part.data.available) return []
  const queries = statementTotals(part.data.snapshot)
    .sort((a, b) => b.totalMs - a.totalMs)
    .slice(0, MOST_PLANNED)
    .map(({ query }) => query)
  const texts = await server.ask(ownTextsQuestion(queries)).catch(() => new Map<string, string>())
  const points: SamplePoint[] = []
  for (const [query, text] of texts) {
    // Many statements have none: DDL, or a text that is no valid SQL once normalized.
    const plan = await server.ask(plainPlanQuestion(text)).catch(() => undefined)
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
