import { and, eq, sql } from 'drizzle-orm'
import { operationRun } from '../../../../../drizzle/schema/index.ts'
import type { Actor } from '../../access/roles.ts'
import { recordAudit } from '../../audit/record.ts'
import { RefusalError } from '../../refusal.ts'
import type { AnyOperation, OperationContext, RunControl, RunOutcome } from '../define.ts'
import { RunTakenOverError } from '../taken-over.ts'
import { attempt, type Settled, type Way } from './attempt.ts'
import { controlOf } from './control.ts'
import type { RunnerParts } from './port.ts'
import type { RunRow } from './run-row.ts'
import { beatRun, findRun, stillOurs } from './runs.ts'

export const HEARTBEAT_EVERY = 2_000
/** Carries out one recorded run with a heartbeat, and writes its outcome. Only the holder of the fence may write. */
export async function execute(
  parts: RunnerParts,
  row: RunRow,
  way: Way,
  aborter = new AbortController(),
): Promise<void> {
  const { store, operations, onStep } = parts
  const operation = operations.find(candidate => candidate.id === row.operation)
  const environment = parts.environment(row.environment)
  if (!operation || !environment) {
    await settle(parts, row, {
      status: 'failed',
      summary: `This console no longer knows ${operation ? `the environment ${row.environment}` : `the operation ${row.operation}`}. Nothing was done.`,
    })
    return
  }
  const context: OperationContext = {
    environment,
    store,
    settings: parts.settings,
    attention: () => parts.attention(environment),
  }
  const heart = setInterval(() => beat(parts, row, aborter), HEARTBEAT_EVERY)
  try {
    const { control, reported } = await controlOf(parts, row, aborter.signal)
    if (way === 'run') {
      const [begun] = await store.db
        .update(operationRun)
        .set({ begunAt: sql`now()` })
        .where(stillOurs(row))
        .returning({ id: operationRun.id })
      if (!begun) return
    }
    await onStep?.('begun', row.id)
    const outcome = await attempt(parts, row, operation, way, () => carryOut(operation, context, row, way, control))
    await reported()
    await onStep?.('ran', row.id)
    await settle(
      parts,
      row,
      aborter.signal.aborted && outcome.status === 'failed' ? { ...outcome, status: 'aborted' } : outcome,
    )
  } finally {
    clearInterval(heart)
  }
}

async function carryOut(
  operation: AnyOperation,
  context: OperationContext,
  row: RunRow,
  way: Way,
  control: RunControl,
): Promise<RunOutcome> {
  const undone = row.undoOf ? await findRun(context.store.db, row.undoOf) : undefined
  if (way === 'recover') {
    const found = row.undoOf
      ? undone && (await operation.recoverUndo?.(context, undone.undoState, control))
      : await operation.recover?.(context, row.payload?.input, control)
    return (
      found ?? {
        status: 'unknown',
        summary:
          'The console stopped while this was running, and its outcome is not known. Check the target before doing it again.',
      }
    )
  }
  if (!row.undoOf) return operation.run(context, row.payload?.input, control)
  if (!operation.undo || !undone) throw new RefusalError({ code: 'conflict', message: 'This can no longer be undone.' })
  return operation.undo(context, undone.undoState, control)
}

async function beat({ store, logger }: RunnerParts, row: RunRow, aborter: AbortController): Promise<void> {
  try {
    const answer = await beatRun(store.db, row)
    if (!answer) aborter.abort(new RunTakenOverError())
    else if (answer.abortRequestedBy) aborter.abort(new Error(`aborted by ${answer.abortRequestedBy}`))
  } catch (error) {
    logger.warn('the heartbeat of a run could not be written', { error, run: row.id })
  }
}

/** Writes outcome and audit line in one transaction. False when another worker had taken the run over. */
export async function settle(parts: RunnerParts, row: RunRow, outcome: Settled): Promise<boolean> {
  const { store, onStep } = parts
  const actor = {
    id: row.actorId,
    name: row.actorName,
    role: row.actorRole as Actor['role'],
    via: row.via as Actor['via'],
    request: row.request,
  }
  const target = { kind: row.targetKind, name: row.targetName }
  const written = await store.db.transaction(async tx => {
    const [closed] = await tx
      .update(operationRun)
      .set({
        status: outcome.status,
        summary: outcome.summary,
        errorCode: outcome.errorCode,
        errorId: outcome.errorId,
        result: outcome.result,
        payload: null,
        undoState: outcome.undo?.state,
        undoUntil: outcome.undo && new Date(Date.now() + outcome.undo.windowMs),
        finishedAt: sql`now()`,
      })
      .where(stillOurs(row))
      .returning()
    if (!closed) return false
    await recordAudit(tx, {
      run: row.id,
      seq: 2,
      kind: 'outcome',
      environment: row.environment,
      operation: row.operation,
      target,
      actor,
      reason: row.reason ?? undefined,
      outcome: outcome.status,
      message: outcome.summary,
      durationMs: closed.finishedAt ? closed.finishedAt.getTime() - row.startedAt.getTime() : undefined,
    })
    const tookBack = outcome.status === 'succeeded' || outcome.status === 'partial'
    if (row.undoOf && !tookBack) {
      // An undo that failed may be tried again.
      await tx
        .update(operationRun)
        .set({ undoneBy: null })
        .where(and(eq(operationRun.id, row.undoOf), eq(operationRun.undoneBy, row.id)))
    }
    if (row.undoOf && tookBack) {
      await tx.update(operationRun).set({ status: 'undone' }).where(eq(operationRun.id, row.undoOf))
      await recordAudit(tx, {
        run: row.undoOf,
        seq: 3,
        kind: 'undo',
        environment: row.environment,
        operation: row.operation,
        target,
        actor,
        outcome: outcome.status,
        message: `Undone by ${row.actorName} (run ${row.id}).`,
      })
    }
    return true
  })
  await onStep?.('settled', row.id)
  if (written) await store.notify(row.environment, parts.topicsOf(row.operation)).catch(() => {})
  await onStep?.('announced', row.id)
  return written
}
