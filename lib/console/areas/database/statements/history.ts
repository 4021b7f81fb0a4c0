import type { ConsoleEnvironment } from '../../../platform/environment/port.ts'
import { mapPart } from '../../../platform/part/map-part.ts'
import type { Part } from '../../../platform/part/part.ts'
import type { Deploy, RecentSeries } from '../../../series/port.ts'
import { Series } from '../../../series/resource.ts'
import { queryOfSeries, STATEMENT_SERIES, type StatementFigure, statementSeries } from './series.ts'

/** Of one statement in a stretch of time, from kept figures. */
export interface StatementWindow {
  /** Per second. */
  calls: number
  /** Seconds of work in each second. */
  load: number
  rows: number
  /** ms a call. */
  meanMs: number
}

export interface StatementHistory {
  /** Undefined where it was not kept, or not called, in that time. */
  window(query: string, from: number, to: number): StatementWindow | undefined
}

const FIGURES = Object.keys(STATEMENT_SERIES) as StatementFigure[]
const HOUR = 3_600_000

/** The figures of these statements over a time (ms). */
export async function readHistory(
  environment: ConsoleEnvironment,
  database: string,
  queries: readonly string[],
  span: { from: number; to: number },
): Promise<Part<StatementHistory>> {
  const keys = queries.flatMap(query => FIGURES.map(figure => statementSeries(database, query, figure)))
  // A figure is written about once a minute: a shorter step would have gaps.
  const points = Math.min(300, Math.max(1, Math.floor((span.to - span.from) / 120_000)))
  const part = await environment.of(Series).range(keys, { ...span, points })
  return mapPart(part, historyOf)
}

function historyOf(series: readonly RecentSeries[]): StatementHistory {
  const found = new Map(series.map(one => [`${one.series.split('{')[0]}\n${queryOfSeries(one.series)}`, one]))
  const mean = (query: string, figure: StatementFigure, from: number, to: number) =>
    meanBetween(found.get(`${STATEMENT_SERIES[figure]}\n${query}`), from, to)
  return {
    window(query, from, to) {
      const calls = mean(query, 'calls', from, to)
      const load = mean(query, 'seconds', from, to)
      if (!calls || load === undefined) return undefined
      return { calls, load, rows: mean(query, 'rows', from, to) ?? 0, meanMs: (load / calls) * 1_000 }
    },
  }
}

function meanBetween(series: RecentSeries | undefined, from: number, to: number): number | undefined {
  if (!series) return undefined
  const begin = series.until - series.values.length * series.step
  const known = series.values.filter((value, index): value is number => {
    const at = begin + index * series.step
    return value !== null && at + series.step > from && at < to
  })
  return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0) / known.length
}

/** How long before a deploy is compared with what came after it (ms), and how far back a deploy may be. */
export const BEFORE_DEPLOY = 2 * HOUR
const DEPLOYS_OF = 24 * HOUR

/** The last deploy of each service in a day. */
export async function lastDeploys(environment: ConsoleEnvironment, now: number): Promise<Part<Deploy[]>> {
  const part = await environment.of(Series).deploys({ from: now - DEPLOYS_OF, to: now })
  return mapPart(part, deploys => {
    const last = new Map(deploys.toSorted((a, b) => a.at - b.at).map(deploy => [deploy.service, deploy]))
    return [...last.values()].sort((a, b) => b.at - a.at)
  })
}

/** The deploy that may have changed a statement: of the service that sends it, else the last of any. */
export function deployOf(deploys: readonly Deploy[], service: string | undefined): Deploy | undefined {
  return service === undefined ? deploys[0] : deploys.find(deploy => deploy.service === service)
}

export interface SinceDeploy {
  service: string
  version: string
  at: number
  before: StatementWindow
  after: StatementWindow
}

/** The statement before and after a deploy; undefined while one of the two is not known. */
export function sinceDeploy(
  history: StatementHistory,
  query: string,
  deploy: Deploy | undefined,
  now: number,
): SinceDeploy | undefined {
  if (!deploy) return undefined
  const before = history.window(query, deploy.at - BEFORE_DEPLOY, deploy.at)
  const after = history.window(query, deploy.at, now)
  if (!before || !after) return undefined
  return { service: deploy.service, version: deploy.version, at: deploy.at, before, after }
}

/** From how many times slower on, and at least how slow (ms), a statement needs a look. */
const SLOWER_BY = 2
const SLOW_MS = 5
/** Fewer calls than this after the deploy are no sample. */
const CALLS = 20

export function isSlower({ before, after, at }: SinceDeploy, now: number): boolean {
  const calls = (after.calls * (now - at)) / 1_000
  return after.meanMs >= before.meanMs * SLOWER_BY && after.meanMs >= SLOW_MS && calls >= CALLS
}
