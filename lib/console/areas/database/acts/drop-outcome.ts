import type { MaintenanceDone } from '../../../../infrastructure/insight/index.ts'
import type { ConsoleEnvironment } from '../../../platform/environment/port.ts'
import type { RunControl, RunOutcome } from '../../../platform/operation/define.ts'
import { UNDO_FOR } from './input.ts'
import { failureOf, LOST_AFTER_SENDING } from './maintain.ts'
import { type IndexName, settledIndex } from './settled-index.ts'

export interface DroppedIndex extends IndexName {
  waitMs: number
  /** How it was built; left out: it was INVALID, and is not built again. */
  definition?: string | undefined
}

export function dropped({ definition, ...of }: DroppedIndex, evidence = ''): RunOutcome {
  return {
    status: 'succeeded',
    summary: `${evidence}Dropped ${of.name} in ${of.database}.`,
    ...undoOf({ ...of, definition }),
  }
}

const undoOf = (of: DroppedIndex) => (of.definition === undefined ? {} : { undo: { state: of, windowMs: UNDO_FOR } })

/** DROP INDEX CONCURRENTLY first makes the index INVALID and then waits, so one that failed may have left it unused by every query. */
export async function failedDrop(
  environment: ConsoleEnvironment,
  of: DroppedIndex,
  done: MaintenanceDone,
  control: RunControl,
): Promise<RunOutcome> {
  const failure = failureOf(done, control, `Dropping ${of.name}`)
  const evidence = done.uncertain ? `Dropping ${of.name}: ${LOST_AFTER_SENDING}.` : failure.summary
  // Also after an abort, which must not cut short the reading of what it left.
  const found = await dropAsFound(environment, of, `${evidence} `, new AbortController().signal)
  if (found) return found
  return done.uncertain ? { status: 'failed', summary: `${evidence} ${of.name} is still there.` } : failure
}

/** What the database shows of a drop that did not end as it should; undefined: the index is there as it was. */
export async function dropAsFound(
  environment: ConsoleEnvironment,
  of: DroppedIndex,
  evidence: string,
  signal: AbortSignal,
): Promise<RunOutcome | undefined> {
  const index = await settledIndex(environment, of, signal)
  if (index === 'gone') return dropped(of, evidence)
  if (index === 'unread')
    return { status: 'unknown', summary: `${evidence}Whether ${of.name} is still there could not be read.` }
  if (index === 'underWay')
    return { status: 'unknown', summary: `${evidence}${of.name} is still being changed by another session.` }
  if (index.valid || of.definition === undefined) return undefined
  return {
    status: 'partial',
    summary: `${evidence}${of.name} is INVALID now: no query uses it, and writes still maintain it. Drop it again, or rebuild it.`,
    ...undoOf(of),
  }
}
