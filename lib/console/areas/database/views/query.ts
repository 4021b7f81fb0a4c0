import { z } from 'zod'
import { mapPart } from '../../../platform/part/map-part.ts'
import type { Part } from '../../../platform/part/part.ts'
import { defineView } from '../../../platform/view/define.ts'
import { exact } from '../../../platform/view/text-filters.ts'
import { Hours, lastHours } from '../../../series/hours.ts'
import { type Marks, readMarks } from '../../../series/marks.ts'
import type { RecentSeries } from '../../../series/port.ts'
import { Series } from '../../../series/resource.ts'
import { plansSeen, type SeenPlan } from '../statements/plans-seen.ts'
import { Statements } from '../statements/registry.ts'
import { type QueryRow, type QueryRows, readRows } from '../statements/rows.ts'
import { measuredSeries, STATEMENT_SERIES, type StatementFigure, statementSeries } from '../statements/series.ts'

export interface QueryHistory {
  from: number
  to: number
  step: number
  until: number
  /** Per second; null where it was not measured. Absent: never kept. */
  calls?: (number | null)[]
  rows?: (number | null)[]
  /** ms a call. */
  mean?: (number | null)[]
  /** ms, as services have measured it. */
  p95?: (number | null)[]
  /** Seconds of work a second. */
  load?: (number | null)[]
}

export interface QueryData {
  query?: Part<{ row?: QueryRow } & Pick<QueryRows, 'resetAt' | 'measuredMissing'>>
  history?: Part<QueryHistory>
  marks?: Part<Marks>
  /** In the last two days, the newest first; more than one: the plan changed. Only looked at of those that take most time. */
  plans?: Part<SeenPlan[]>
}

/** One statement: its totals, and what it did over the last hours, with deploys and acts. */
export const queryView = defineView({
  id: 'database-query',
  title: 'Query of a database',
  permission: 'database:read',
  topics: ['database', 'series'],
  filters: z.object({ name: exact(300), query: exact(30), hours: Hours }),
  freshFor: 10_000,
  async read({ environment, store, outages }, { name, query, hours }): Promise<QueryData> {
    const reader = environment.of(Statements).find(name)
    if (!reader) return {}
    const span = lastHours(hours)
    const figures = Object.keys(STATEMENT_SERIES) as StatementFigure[]
    const measured = { ...measuredSeries(name, query), percentile: 0.95 }
    const keys = [...figures.map(figure => statementSeries(name, query, figure)), measured]
    const [rows, series, marks, plans] = await Promise.all([
      readRows(environment, reader, hours),
      // A figure is written about once a minute: a shorter step would have gaps.
      environment.of(Series).range(keys, { ...span, points: Math.min(180, hours * 30) }),
      readMarks(environment, { store, outages }, span, '', ['deploy', 'act']),
      plansSeen(environment, name, query),
    ])
    return {
      query: mapPart(rows, ({ rows: all, resetAt, measuredMissing }) => {
        const row = all.find(one => one.query === query)
        return {
          ...(row ? { row } : {}),
          ...(resetAt === undefined ? {} : { resetAt }),
          ...(measuredMissing === undefined ? {} : { measuredMissing }),
        }
      }),
      history: mapPart(series, found => {
        const of = (figure: StatementFigure) =>
          found.find(one => one.series === statementSeries(name, query, figure).series)
        const p95 = found.find(one => one.series === measured.series)
        return { ...span, ...together(of('calls'), of('seconds'), of('rows'), p95) }
      }),
      marks,
      plans,
    }
  },
})

function together(
  calls?: RecentSeries,
  seconds?: RecentSeries,
  rows?: RecentSeries,
  p95?: RecentSeries,
): Omit<QueryHistory, 'from' | 'to'> {
  const { step = 120_000, until = Date.now() } = calls ?? p95 ?? {}
  const mean = calls?.values.map((count, index) => {
    const time = seconds?.values[index]
    return count && time !== null && time !== undefined ? (time / count) * 1_000 : null
  })
  return {
    step,
    until,
    ...(calls ? { calls: calls.values } : {}),
    ...(rows ? { rows: rows.values } : {}),
    ...(seconds ? { load: seconds.values } : {}),
    ...(mean ? { mean } : {}),
    ...(p95 ? { p95: p95.values.map(value => (value === null ? null : value * 1_000)) } : {}),
  }
}
