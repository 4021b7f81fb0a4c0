import type { StatementsMissing } from '../../../../infrastructure/insight/index.ts'
import type { FleetSnapshot } from '../../../fleet/port.ts'
import { Fleet } from '../../../fleet/resources.ts'
import type { ConsoleEnvironment } from '../../../platform/environment/port.ts'
import type { Part } from '../../../platform/part/part.ts'
import type { Deploy } from '../../../series/port.ts'
import {
  deployOf,
  isSlower,
  lastDeploys,
  readHistory,
  type SinceDeploy,
  type StatementHistory,
  type StatementWindow,
  sinceDeploy,
} from './history.ts'
import { comparableTexts } from './match.ts'
import type { StatementReader } from './reader.ts'
import { type MeasuredTimes, measuredTimes, reportedStatements, statementReports } from './reported.ts'
import type { KnownText, StatementText } from './texts.ts'
import { type StatementTotals, statementTotals } from './totals.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
/** Of how many statements figures over time are read: those with the most time in all. More are not kept. */
const MOST_WITH_HISTORY = 80

export interface QueryRow extends StatementTotals, Partial<StatementText> {
  /** In the chosen time; absent where its figures were not kept, or it was not called. */
  now?: StatementWindow
  /** Share of the time that all statements took in it, 0 to 1. */
  share?: number
  /** In the same time yesterday. */
  yesterday?: StatementWindow
  deploy?: SinceDeploy
  slower: boolean
  /** As services have measured it, each process since it started; absent where none reports it. */
  measured?: MeasuredTimes
}

export interface QueryRows {
  rows: QueryRow[]
  missing?: StatementsMissing
  /** Why nothing is known of what they did lately, so that none counts as slower or as not called. */
  historyMissing?: string
  /** Why nothing is known of what services have measured. */
  measuredMissing?: string
  /** Since when totals are counted (ms). */
  resetAt?: number
  kept: number
  most: number
  evictions?: number
  at: number
}

/** Every statement of a database: its totals, and of those that matter what they did lately. */
export async function readRows(
  environment: ConsoleEnvironment,
  reader: StatementReader,
  hours: number,
  now = Date.now(),
): Promise<Part<QueryRows>> {
  const part = await reader.read()
  if (part.status === 'down') return part
  const reading = part.data
  if (!reading.available) return { ...part, data: { rows: [], missing: reading.missing, kept: 0, most: 0, at: now } }
  const { snapshot } = reading
  const totals = statementTotals(snapshot).sort((a, b) => b.totalMs - a.totalMs)
  const followed = totals.slice(0, MOST_WITH_HISTORY).map(({ query }) => query)
  const [texts, fleet, deploys, lately, day] = await Promise.all([
    reader.texts(totals.map(({ query }) => query)),
    environment.of(Fleet).read(['statements']),
    lastDeploys(environment, now),
    readHistory(environment, reader.database, followed, { from: now - hours * HOUR, to: now }),
    readHistory(environment, reader.database, followed, { from: now - DAY - hours * HOUR, to: now }),
  ])
  const history = { lately: dataOf(lately), day: dataOf(day) }
  const measured = await measuredOf(reader, dataOf(fleet), totals, texts)
  const rows = totals.map(one => ({
    ...toRow(one, texts.get(one.query)?.shown, history, dataOf(deploys) ?? [], hours, now),
    ...measured(one.query),
  }))
  const unread = [lately, day, deploys].find(one => one.status === 'down')
  const load = rows.reduce((sum, row) => sum + (row.now?.load ?? 0), 0)
  for (const row of rows) if (row.now && load > 0) row.share = row.now.load / load
  return {
    ...part,
    data: {
      rows,
      ...(reading.missing ? { missing: reading.missing } : {}),
      ...(unread?.status === 'down' ? { historyMissing: unread.reason } : {}),
      ...(fleet.status === 'down' ? { measuredMissing: fleet.reason } : {}),
      ...(snapshot.resetAt === undefined ? {} : { resetAt: snapshot.resetAt }),
      ...(snapshot.evictions === undefined ? {} : { evictions: snapshot.evictions }),
      kept: snapshot.kept,
      most: snapshot.most,
      at: snapshot.at,
    },
  }
}

const dataOf = <T>(part: Part<T>) => (part.status === 'down' ? undefined : part.data)

/** What services have measured of each of these. */
async function measuredOf(
  { server: { place }, match }: StatementReader,
  fleet: FleetSnapshot | undefined,
  totals: readonly StatementTotals[],
  texts: ReadonlyMap<string, KnownText>,
): Promise<(query: string) => Pick<QueryRow, 'measured'>> {
  const reported = fleet && place !== undefined ? reportedStatements(statementReports(fleet, place).values()) : []
  if (reported.length === 0) return () => ({})
  const found = await match(reported, comparableTexts(totals, texts))
  return query => {
    const report = found.get(query)
    const measured = report && measuredTimes(report)
    return measured ? { measured } : {}
  }
}

function toRow(
  totals: StatementTotals,
  text: StatementText | undefined,
  { lately, day }: { lately: StatementHistory | undefined; day: StatementHistory | undefined },
  deploys: readonly Deploy[],
  hours: number,
  now: number,
): QueryRow {
  const { query } = totals
  const window = lately?.window(query, now - hours * HOUR, now)
  const yesterday = day?.window(query, now - DAY - hours * HOUR, now - DAY)
  const last = deployOf(deploys, text?.origin?.service)
  // A deploy within the chosen time is read in its finer steps.
  const fine = last && last.at > now - hours * HOUR && hours <= 6
  const deploy = sinceDeploy(
    {
      window: (of, from, to) =>
        fine ? (lately?.window(of, from, to) ?? day?.window(of, from, to)) : day?.window(of, from, to),
    },
    query,
    last,
    now,
  )
  return {
    ...totals,
    ...text,
    ...(window ? { now: window } : {}),
    ...(yesterday ? { yesterday } : {}),
    ...(deploy ? { deploy } : {}),
    slower: deploy !== undefined && isSlower(deploy, now),
  }
}
