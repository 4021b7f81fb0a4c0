import { z } from 'zod'
import { itemsOf } from '../../../fleet/details.ts'
import { isLiving } from '../../../fleet/living.ts'
import type { FleetSnapshot } from '../../../fleet/port.ts'
import { BUCKETS, percentileOf } from '../../../series/percentile.ts'

const Count = z.number().nonnegative()

/** A statement as its process reports it (StatementReport), checked: anyone may have written what is in Redis. */
const StatementItem = z.object({
  database: z.string().max(300),
  address: z.string().max(500).optional().catch(undefined),
  text: z.string().min(1).max(1_000),
  calls: Count,
  totalMs: Count,
  spread: z.array(Count).length(BUCKETS),
})

/** What processes have measured of one text, all of them together, each since it started. */
export interface ReportedStatement {
  text: string
  /** Ids of those that report it. */
  processes: ReadonlySet<string>
  calls: number
  totalMs: number
  spread: readonly number[]
}

/** Reports, by the process, its pool and the text. */
export type StatementReports = ReadonlyMap<string, ReportedStatement>

/** What the pools of the fleet have sent to this address. */
export function statementReports(fleet: FleetSnapshot, place: string): StatementReports {
  const found = fleet.processes
    .filter(isLiving)
    .flatMap(process =>
      (itemsOf(process, 'statements', StatementItem)?.items ?? [])
        .filter(({ address }) => address === place)
        .map(({ database, address: _same, ...report }): [string, ReportedStatement] => [
          JSON.stringify([process.id, database, report.text]),
          { ...report, processes: new Set([process.id]) },
        ]),
    )
  return new Map(found)
}

/** Those of the same text as one. */
export function reportedStatements(reports: Iterable<ReportedStatement>): ReportedStatement[] {
  return [...Map.groupBy(reports, ({ text }) => text).values()].map(mergeReported)
}

/** What was measured between two readings. What was not reported before may be older, and is left out; a count that fell began again. */
export function reportedIncreases(before: StatementReports, now: StatementReports): ReportedStatement[] {
  const found: ReportedStatement[] = []
  for (const [id, report] of now) {
    const prior = before.get(id)
    if (!prior || prior.calls === report.calls) continue
    found.push(
      report.calls < prior.calls
        ? report
        : {
            ...report,
            calls: report.calls - prior.calls,
            totalMs: report.totalMs - prior.totalMs,
            spread: report.spread.map((count, bucket) => Math.max(0, count - (prior.spread[bucket] ?? 0))),
          },
    )
  }
  return reportedStatements(found)
}

/** Buckets are added up: percentiles are never averaged. */
export function mergeReported(reports: readonly ReportedStatement[]): ReportedStatement {
  return {
    text: reports[0]?.text ?? '',
    processes: new Set(reports.flatMap(({ processes }) => [...processes])),
    calls: reports.reduce((sum, { calls }) => sum + calls, 0),
    totalMs: reports.reduce((sum, { totalMs }) => sum + totalMs, 0),
    spread: Array.from({ length: BUCKETS }, (_, bucket) =>
      reports.reduce((sum, { spread }) => sum + (spread[bucket] ?? 0), 0),
    ),
  }
}

/** How long calls took by the clocks of the services, in ms. */
export interface MeasuredTimes {
  processes: number
  calls: number
  p50: number
  p95: number
  p99: number
}

/** Undefined where no call was measured. */
export function measuredTimes({ processes, calls, spread }: ReportedStatement): MeasuredTimes | undefined {
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map(share => percentileOf(spread, share))
  if (p50 == null || p95 == null || p99 == null) return undefined
  return { processes: processes.size, calls, p50: p50 * 1_000, p95: p95 * 1_000, p99: p99 * 1_000 }
}
