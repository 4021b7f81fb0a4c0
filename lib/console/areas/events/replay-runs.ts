import { and, desc, eq, inArray } from 'drizzle-orm'
import { operationRun } from '../../../../drizzle/schema/index.ts'
import type { RunStatus } from '../../platform/operation/wire.ts'
import type { Store } from '../../platform/store/port.ts'

/** The newest of all subscriptions. */
const MOST = 100

export interface ReplayRun {
  id: string
  subscription: string
  by: string
  at: number
  status: RunStatus
}

/** The replays that were begun from this console, the newest first: deliveries of one have its id. */
export async function replayRuns(
  store: Store,
  environment: string,
  subscriptions: readonly string[],
): Promise<ReplayRun[]> {
  if (subscriptions.length === 0) return []
  const rows = await store.db
    .select()
    .from(operationRun)
    .where(
      and(
        eq(operationRun.environment, environment),
        eq(operationRun.operation, 'events.replay'),
        inArray(operationRun.targetName, subscriptions),
      ),
    )
    .orderBy(desc(operationRun.startedAt))
    .limit(MOST)
  return rows.map(row => ({
    id: row.id,
    subscription: row.targetName,
    by: row.actorName,
    at: row.startedAt.getTime(),
    status: row.status as RunStatus,
  }))
}
