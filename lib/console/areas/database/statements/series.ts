import type { SeriesKey } from '../../../platform/samples.ts'
import { labelsOf, postgresService, seriesName } from '../../../series/names.ts'

/** Kept of the statements that take most of a server's time, under `postgres:NAME`; each per second. */
export const STATEMENT_SERIES = {
  calls: 'statement_calls',
  /** Seconds of work in each second. */
  seconds: 'statement_seconds',
  rows: 'statement_rows',
} as const
export type StatementFigure = keyof typeof STATEMENT_SERIES

/** Of all statements of a server together. */
export const ALL_STATEMENTS = { calls: 'statements_calls', seconds: 'statements_seconds' } as const

export const statementSeries = (database: string, query: string, figure: StatementFigure): SeriesKey => ({
  service: postgresService(database),
  series: seriesName(STATEMENT_SERIES[figure], { query }),
})

/** How long its calls took, as services measure it: a spread, in the buckets of the metrics. */
export const measuredSeries = (database: string, query: string): SeriesKey => ({
  service: postgresService(database),
  series: seriesName('statement_duration_seconds', { query }),
})

export const queryOfSeries = (series: string): string | undefined => labelsOf(series).query

/** The cost of the plan that the planner chooses for a statement; another plan is another series. */
export const PLAN_SERIES = 'statement_plan_cost'

/** Of how many statements of a server figures over time are kept. */
export const MOST_KEPT = 40
/** Increases over a longer silence than this (ms) are known, but not when they happened. */
export const LONGEST = 180_000
