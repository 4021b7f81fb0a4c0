import { eq, sql } from 'drizzle-orm'
import { operationItem } from '../../../../../drizzle/schema/index.ts'
import type { Db } from '../../store/port.ts'
import type { ItemRange, PriorItem } from '../define.ts'
import type { RunItem } from '../wire.ts'

/** One line per item of an act with its outcome. Written as it happens, so that it is right even when the worker is lost. */
export async function writeItem(
  db: Db,
  runId: string,
  key: string,
  status: RunItem['status'],
  message?: string,
  range?: ItemRange,
): Promise<void> {
  await db
    .insert(operationItem)
    .values({ runId, key, status, message: message?.slice(0, 500), first: range?.from, last: range?.to })
    .onConflictDoUpdate({
      target: [operationItem.runId, operationItem.key],
      set: {
        status,
        message: message?.slice(0, 500) ?? null,
        first: range?.from ?? null,
        last: range?.to ?? null,
        at: sql`now()`,
      },
    })
}

/** What an earlier worker of the run wrote, by the key of each line. */
export async function priorItems(db: Db, runId: string): Promise<Map<string, PriorItem>> {
  const rows = await db
    .select({
      key: operationItem.key,
      status: operationItem.status,
      from: operationItem.first,
      to: operationItem.last,
    })
    .from(operationItem)
    .where(eq(operationItem.runId, runId))
  return new Map(
    rows.map(({ key, status, from, to }) => [
      key,
      { status: status as RunItem['status'], ...(from === null || to === null ? {} : { range: { from, to } }) },
    ]),
  )
}

const SAMPLE = 200

/** Counts by status and the lines that matter most: those that did not succeed first. */
export async function summarizeItems(db: Db, runId: string) {
  const counts = await db
    .select({ status: operationItem.status, count: sql<number>`count(*)::int` })
    .from(operationItem)
    .where(eq(operationItem.runId, runId))
    .groupBy(operationItem.status)
  const sample = await db
    .select()
    .from(operationItem)
    .where(eq(operationItem.runId, runId))
    .orderBy(sql`${operationItem.status} = 'done'`, operationItem.key)
    .limit(SAMPLE)
  const byStatus: Partial<Record<RunItem['status'], number>> = {}
  for (const { status, count } of counts) byStatus[status as RunItem['status']] = count
  return {
    total: counts.reduce((sum, { count }) => sum + count, 0),
    byStatus,
    sample: sample.map(
      ({ key, status, message, at }): RunItem => ({
        key,
        status: status as RunItem['status'],
        message: message ?? undefined,
        at: at.getTime(),
      }),
    ),
  }
}
