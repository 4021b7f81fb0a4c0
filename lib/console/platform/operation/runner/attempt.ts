import { connectionCauseOf } from '../../../../core/connection-cause.ts'
import { InfrastructureError } from '../../../../core/errors.ts'
import { newId } from '../../../../core/ids.ts'
import { DatabaseError } from '../../../../infrastructure/database/index.ts'
import { reasonOf } from '../../part/reason.ts'
import { RefusalError } from '../../refusal.ts'
import type { AnyOperation, RunOutcome } from '../define.ts'
import { UnconfirmedError } from '../unconfirmed.ts'
import type { RunnerParts } from './port.ts'
import type { RunRow } from './run-row.ts'

/** `recover` is for a run that had begun when its worker died and cannot simply be run again. */
export type Way = 'run' | 'recover'

export interface Settled extends RunOutcome {
  errorCode?: string
  errorId?: string
}

/**
 * Known errors become plain words; unknown ones are logged under an id, and the user sees the id. What fails while it is looked what came
 * of a run says nothing about the run, so that is unknown.
 */
export async function attempt(
  parts: RunnerParts,
  row: RunRow,
  operation: AnyOperation,
  way: Way,
  act: () => Promise<RunOutcome>,
): Promise<Settled> {
  const about = { run: row.id, operation: row.operation }
  try {
    return await act()
  } catch (error) {
    if (error instanceof RefusalError) {
      const { message, nextStep, code } = error.refusal
      if (way === 'recover') return { ...untold(row, message), errorCode: code }
      return { status: 'failed', summary: [message, nextStep].filter(Boolean).join(' '), errorCode: code }
    }
    if (error instanceof UnconfirmedError) {
      parts.logger.warn('whether an operation took effect cannot be told', { error, ...about })
      return {
        status: 'unknown',
        summary: `${error.message}. It may have taken effect: look at the target, and at Running, before doing it again.`,
        errorCode: error.code,
      }
    }
    const errorId = newId()
    parts.logger.error(way === 'run' ? 'an operation failed' : 'what came of a run could not be found out', {
      error,
      errorId,
      ...about,
    })
    const errorCode = error instanceof InfrastructureError ? error.code : 'INTERNAL'
    const known = error instanceof InfrastructureError || connectionCauseOf(error) !== undefined
    const reason = known
      ? reasonOf(sourceOf(operation, row.payload?.input, error), error)
      : `Something went wrong that Substation did not expect. It is in the console's log under ${errorId}`
    if (way === 'recover') return { ...untold(row, reason), errorCode, errorId }
    return { status: 'failed', summary: `${reason}.`, errorCode, errorId }
  }
}

/** Which server it was, by what the operation acts on: the runner itself asks none but the console's own Postgres. */
export function sourceOf(operation: AnyOperation, input: unknown, error?: unknown): string {
  if (operation.source) return operation.source(input)
  return error instanceof DatabaseError ? "The console's Postgres" : 'Redis'
}

function untold(row: RunRow, reason: string): Settled {
  return {
    status: 'unknown',
    summary: `The console died while this ran, and what came of it cannot be told. ${reason.replace(/\.$/, '')}. Look at ${row.targetName} before doing it again.`,
  }
}
