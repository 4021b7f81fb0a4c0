import { and, eq, isNull, sql } from 'drizzle-orm'
import { operationRun } from '../../../../../drizzle/schema/index.ts'
import { newId } from '../../../../core/ids.ts'
import type { Actor } from '../../access/roles.ts'
import { recordAudit } from '../../audit/record.ts'
import { reasonOf } from '../../part/reason.ts'
import { RefusalError } from '../../refusal.ts'
import type { Admitted } from './gate.ts'
import type { RunnerParts } from './port.ts'
import type { RunRow } from './run-row.ts'

/**
 * The run, its audit line `started`, and the job of a durable one, in one transaction: nothing begins without a record.
 * `confirmed` is the fingerprint of the preview, `undoOf` the run that this one undoes: it can be claimed once.
 */
export async function record(
  { store, logger, enqueue }: Pick<RunnerParts, 'store' | 'logger' | 'enqueue'>,
  worker: string,
  actor: Actor,
  { operation, environment, input, redacted, reason }: Admitted,
  { confirmed, undoOf }: { confirmed?: string; undoOf?: string } = {},
): Promise<RunRow> {
  const target = operation.target(input)
  const durable = typeof operation.durable === 'function' ? operation.durable(input) : operation.durable === true
  const id = newId()
  try {
    return await store.db.transaction(async tx => {
      if (undoOf) {
        const [claimed] = await tx
          .update(operationRun)
          .set({ undoneBy: id })
          .where(and(eq(operationRun.id, undoOf), isNull(operationRun.undoneBy)))
          .returning({ id: operationRun.id })
        if (!claimed) throw new RefusalError({ code: 'conflict', message: 'Someone else has already undone this act.' })
      }
      const [created] = await tx
        .insert(operationRun)
        .values({
          id,
          environment: environment.name,
          operation: operation.id,
          targetKind: target.kind,
          targetName: target.name,
          actorId: actor.id,
          actorName: actor.name,
          actorRole: actor.role,
          via: actor.via,
          request: actor.request,
          status: durable ? 'queued' : 'running',
          input: redacted as object,
          payload: { input, confirmed },
          reason,
          durable,
          undoOf,
          worker: durable ? null : worker,
          heartbeatAt: durable ? null : sql`now()`,
        })
        .returning()
      await recordAudit(tx, {
        run: id,
        seq: 1,
        kind: 'started',
        environment: environment.name,
        operation: operation.id,
        target,
        actor,
        input: redacted,
        reason,
      })
      if (durable) await enqueue(id, tx)
      return created as RunRow
    })
  } catch (error) {
    if (error instanceof RefusalError) throw error
    logger.error('an act could not be recorded', { error, operation: operation.id })
    throw new RefusalError({
      code: 'unavailable',
      message: `The act could not be recorded, so it was not done: ${reasonOf('Postgres', error)}.`,
      nextStep: 'Try again when Postgres is back.',
    })
  }
}
