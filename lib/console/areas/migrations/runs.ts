import { and, desc, eq, inArray, sql } from 'drizzle-orm'
import { operationItem, operationRun } from '../../../../drizzle/schema/index.ts'
import type { RunStatus } from '../../platform/operation/wire.ts'
import type { Store } from '../../platform/store/port.ts'

/** In a ledger key, between the name of a migration and the number of an output line. */
export const LINE_MARK = ' › '

const OPERATIONS = ['migration.run', 'migration.roll-back'] as const

/** An act on a database's migrations. */
export interface MigrationRun {
  id: string
  operation: (typeof OPERATIONS)[number]
  database: string
  by: string
  status: RunStatus
  summary?: string
  startedAt: number
  finishedAt?: number
}

/** The newest act of each database, whatever its outcome. */
export async function latestRuns(store: Store, environment: string): Promise<Map<string, MigrationRun>> {
  const rows = await store.db
    .selectDistinctOn([operationRun.targetName])
    .from(operationRun)
    .where(and(eq(operationRun.environment, environment), inArray(operationRun.operation, OPERATIONS)))
    .orderBy(operationRun.targetName, desc(operationRun.startedAt))
  return new Map(rows.map(row => [row.targetName, toMigrationRun(row)]))
}

/** The acts of one database, the newest first. */
export async function runsOf(store: Store, environment: string, database: string): Promise<MigrationRun[]> {
  const rows = await store.db
    .select()
    .from(operationRun)
    .where(
      and(
        eq(operationRun.environment, environment),
        eq(operationRun.targetName, database),
        inArray(operationRun.operation, OPERATIONS),
      ),
    )
    .orderBy(desc(operationRun.startedAt))
    .limit(20)
  return rows.map(toMigrationRun)
}

export interface Application {
  run: string
  by: string
  at: number
}

/** Who applied each migration and when, if it was done from this console: drizzle's journal has neither. */
export async function applicationsOf(
  store: Store,
  environment: string,
  database: string,
): Promise<Map<string, Application>> {
  const rows = await store.db
    .selectDistinctOn([operationItem.key], {
      key: operationItem.key,
      run: operationRun.id,
      by: operationRun.actorName,
      at: operationItem.at,
    })
    .from(operationItem)
    .innerJoin(operationRun, eq(operationRun.id, operationItem.runId))
    .where(
      and(
        eq(operationRun.environment, environment),
        eq(operationRun.targetName, database),
        eq(operationRun.operation, 'migration.run'),
        eq(operationItem.status, 'done'),
        // The other lines are output.
        sql`position(${LINE_MARK} in ${operationItem.key}) = 0`,
      ),
    )
    .orderBy(operationItem.key, desc(operationItem.at))
  return new Map(rows.map(({ key, run, by, at }) => [key, { run, by, at: at.getTime() }]))
}

function toMigrationRun(row: typeof operationRun.$inferSelect): MigrationRun {
  return {
    id: row.id,
    operation: row.operation as MigrationRun['operation'],
    database: row.targetName,
    by: row.actorName,
    status: row.status as RunStatus,
    summary: row.summary ?? undefined,
    startedAt: row.startedAt.getTime(),
    finishedAt: row.finishedAt?.getTime(),
  }
}
