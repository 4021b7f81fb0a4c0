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

/** `recover` is for a run that had begun when its worker was lost and cannot simply be run again. */
export type Way = 'run' | 'recover'

export interface Settled extends RunOutcome {
  errorCode?: string
  errorId?: string
}

/**
 * Known errors become plain words; unknown ones are logged under an id, and the user sees the id. An error while the outcome of a run is
 * being found out says nothing about the run, so the outcome is unknown.
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
      if (way === 'recover') return { ...outcomeUnknown(row, message), errorCode: code }
      return { status: 'failed', summary: [message, nextStep].filter(Boolean).join(' '), errorCode: code }
    }
    if (error instanceof UnconfirmedError) {
      parts.logger.warn('it is not known whether an operation took effect', { error, ...about })
      return {
        status: 'unknown',
        summary: `${error.message}. It may have taken effect: check the target and the Running page before doing it again.`,
        errorCode: error.code,
      }
    }
    const errorId = newId()
    parts.logger.error(way === 'run' ? 'an operation failed' : 'the outcome of a run could not be found out', {
      error,
      errorId,
      ...about,
    })
    const errorCode = error instanceof InfrastructureError ? error.code : 'INTERNAL'
    const known = error instanceof InfrastructureError || connectionCauseOf(error) !== undefined
    const reason = known
      ? reasonOf(sourceOf(operation, row.payload?.input, error), error)
      : `An unexpected error occurred. It is in the console's log under ${errorId}`
    if (way === 'recover') return { ...outcomeUnknown(row, reason), errorCode, errorId }
    return { status: 'failed', summary: `${reason}.`, errorCode, errorId }
  }
}

/** Which server failed, by what the operation acts on: the runner itself uses only the console's own Postgres. */
export function sourceOf(operation: AnyOperation, input: unknown, error?: unknown): string {
  if (operation.source) return operation.source(input)
  return error instanceof DatabaseError ? "The console's Postgres" : 'Redis'
}

function outcomeUnknown(row: RunRow, reason: string): Settled {
  return {
    status: 'unknown',
    summary: `The console stopped while this was running, and its outcome is not known. ${reason.replace(/\.$/, '')}. Check ${row.targetName} before doing it again.`,
  }
}
