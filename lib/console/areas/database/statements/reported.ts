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
  spread: readonly number[]
}

/** The statements that the pools of the fleet have sent to this address. */
export function reportedStatements(fleet: FleetSnapshot, place: string): ReportedStatement[] {
  const found = fleet.processes
    .filter(isLiving)
    .flatMap(process =>
      (itemsOf(process, 'statements', StatementItem)?.items ?? [])
        .filter(({ address }) => address === place)
        .map(({ text, calls, spread }) => ({ text, calls, spread, processes: new Set([process.id]) })),
    )
  return [...Map.groupBy(found, ({ text }) => text).values()].map(mergeReported)
}

/** Buckets are added up: percentiles are never averaged. */
export function mergeReported(reports: readonly ReportedStatement[]): ReportedStatement {
  return {
    text: reports[0]?.text ?? '',
    processes: new Set(reports.flatMap(({ processes }) => [...processes])),
    calls: reports.reduce((sum, { calls }) => sum + calls, 0),
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
