import { and, desc, eq, gte, inArray, isNull, ne } from 'drizzle-orm'
import { operationRun } from '../../../../../drizzle/schema/index.ts'
import type { Db } from '../../store/port.ts'
import type { AnyOperation } from '../define.ts'
import type { RunRow } from './run-row.ts'

/** The most later acts on its target that are checked. */
const LOOKED_AT = 50

/** The act that left nothing of this one to undo: a release after a force. One that was itself undone does not count. */
export async function overtakerOf(db: Db, row: RunRow, { overtakenBy }: AnyOperation): Promise<RunRow | undefined> {
  if (!overtakenBy) return undefined
  const later = await db
    .select()
    .from(operationRun)
    .where(
      and(
        eq(operationRun.environment, row.environment),
        gte(operationRun.startedAt, row.startedAt),
        eq(operationRun.targetKind, row.targetKind),
        eq(operationRun.targetName, row.targetName),
        ne(operationRun.id, row.id),
        inArray(operationRun.status, ['succeeded', 'partial']),
        isNull(operationRun.undoOf),
      ),
    )
    .orderBy(desc(operationRun.startedAt))
    .limit(LOOKED_AT)
  return later.find(({ operation, input }) => overtakenBy(row.input, { operation, input }))
}
