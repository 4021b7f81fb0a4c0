import { and, eq, isNull, lt, or, sql } from 'drizzle-orm'
import { operationRun } from '../../../../../drizzle/schema/index.ts'
import type { AnyOperation } from '../define.ts'
import { settle } from './execute.ts'
import type { RunnerParts } from './port.ts'
import type { RunRow } from './run-row.ts'
import { takeOver } from './runs.ts'

/** A worker without a heartbeat for this long counts as lost (ms). */
const SILENT_AFTER = 10_000
/** A durable run that no worker has begun for this long is begun without the job library (ms). */
const QUEUED_AT_MOST = 120_000

interface ReaperParts extends RunnerParts {
  worker: string
  /** Runs under way in this process. */
  underWay: { has(runId: string): boolean }
  find(operation: string): AnyOperation | undefined
  start(row: RunRow, way: 'run' | 'recover'): Promise<void>
}

/** Takes over the runs whose worker is lost: continues them, finds out their outcome, or closes them. Resolves with how many. */
export async function reap(parts: ReaperParts): Promise<number> {
  const { store, logger, worker, underWay, find, start } = parts
  const silent = await store.db
    .select()
    .from(operationRun)
    .where(
      and(
        isNull(operationRun.finishedAt),
        or(
          and(
            eq(operationRun.status, 'running'),
            lt(operationRun.heartbeatAt, sql`now() - ${SILENT_AFTER} * interval '1 millisecond'`),
          ),
          // Its job is missing: the job library gave it up, or its tables were emptied.
          and(
            eq(operationRun.status, 'queued'),
            lt(operationRun.startedAt, sql`now() - ${QUEUED_AT_MOST} * interval '1 millisecond'`),
          ),
        ),
      ),
    )
    .limit(50)
  for (const row of silent) {
    if (underWay.has(row.id)) continue
    const taken = await takeOver(store.db, row, worker)
    if (!taken) continue
    logger.warn('a run whose worker is lost is taken over', { run: row.id, operation: row.operation })
    if (taken.abortRequestedBy)
      await settle(parts, taken, {
        status: row.begunAt ? 'unknown' : 'aborted',
        summary: row.begunAt
          ? 'Aborted, and its console stopped before it reported how far it came.'
          : 'Aborted before it began. Nothing was done.',
      })
    else if (!row.begunAt && !row.durable)
      await settle(parts, taken, {
        status: 'failed',
        summary: 'The console stopped before this began. Nothing was done.',
      })
    else if (!row.begunAt || find(row.operation)?.resumable) void start(taken, 'run')
    else void start(taken, 'recover')
  }
  return silent.length
}
