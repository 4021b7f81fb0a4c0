import { and, eq, isNull, sql } from 'drizzle-orm'
import { operationRun } from '../../../../../drizzle/schema/index.ts'
import type { Db } from '../../store/port.ts'
import { type AnyOperation, aboutOf, linesOf } from '../define.ts'
import type { Run, RunStatus } from '../wire.ts'
import { summarizeItems } from './ledger.ts'
import { overtakerOf } from './overtaken.ts'
import type { RunRow } from './run-row.ts'

/** Undefined when there is no such run. Rejects with DatabaseError. */
export async function findRun(db: Db, id: string): Promise<RunRow | undefined> {
  const [row] = await db.select().from(operationRun).where(eq(operationRun.id, id))
  return row
}

/** Still open, with the fence that we hold. */
export const stillOurs = (row: RunRow) =>
  and(eq(operationRun.id, row.id), eq(operationRun.fence, row.fence), isNull(operationRun.finishedAt))

/** A run as the browser sees it. */
export async function toRun(db: Db, row: RunRow, find: (id: string) => AnyOperation | undefined): Promise<Run> {
  const items = await summarizeItems(db, row.id)
  const operation = find(row.operation)
  const [one, many] = (operation && linesOf(operation, row.input)) ?? []
  const run = { ...withoutLedger(row, find), items: { ...items, noun: items.total === 1 ? one : many } }
  if (!run.undo || !operation || !(await overtakerOf(db, row, operation))) return run
  return { ...run, undo: undefined }
}

/** The same when its ledger cannot be read. */
export function withoutLedger(row: RunRow, find: (id: string) => AnyOperation | undefined): Run {
  const operation = find(row.operation)
  return {
    id: row.id,
    operation: row.operation,
    title: row.undoOf ? `Undo: ${operation?.title ?? row.operation}` : (operation?.title ?? row.operation),
    environment: row.environment,
    target: { kind: row.targetKind, name: row.targetName },
    actor: { id: row.actorId, name: row.actorName },
    via: row.via as Run['via'],
    status: row.status as RunStatus,
    input: row.input,
    reason: row.reason ?? undefined,
    about: operation && aboutOf(operation, row.input),
    summary: row.summary ?? undefined,
    errorId: row.errorId ?? undefined,
    progress: (row.progress as Run['progress']) ?? undefined,
    items: { total: 0, byStatus: {}, sample: [] },
    startedAt: row.startedAt.getTime(),
    finishedAt: row.finishedAt?.getTime(),
    abortable: row.finishedAt === null,
    abortRequestedBy: row.abortRequestedBy ?? undefined,
    undo:
      row.undoUntil && !row.undoneBy && row.undoUntil.getTime() > Date.now()
        ? { until: row.undoUntil.getTime() }
        : undefined,
    undoOf: row.undoOf ?? undefined,
  }
}

/** Renews the heartbeat; undefined when another worker has taken the run over. */
export async function beatRun(db: Db, row: RunRow): Promise<{ abortRequestedBy: string | null } | undefined> {
  const [beaten] = await db
    .update(operationRun)
    .set({ heartbeatAt: sql`now()` })
    .where(stillOurs(row))
    .returning({ abortRequestedBy: operationRun.abortRequestedBy })
  return beaten
}

/** Takes a run over from a lost worker. Undefined when another console was faster or the worker reports after all. */
export async function takeOver(db: Db, row: RunRow, worker: string): Promise<RunRow | undefined> {
  const [taken] = await db
    .update(operationRun)
    .set({ worker, fence: row.fence + 1, heartbeatAt: sql`now()`, status: 'running' })
    .where(stillOurs(row))
    .returning()
  return taken
}
