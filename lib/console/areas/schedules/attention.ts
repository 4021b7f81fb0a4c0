import { placeOf } from '../../platform/area/names.ts'
import type { AttentionItem } from '../../platform/attention/item.ts'
import { isTroubled, type ScheduleRow } from './row.ts'

/** Schedules that were due and did not run, whose runs fail, and whose runs take longer than they may. */
export function ofSchedules(rows: readonly ScheduleRow[]): AttentionItem[] {
  return rows.filter(isTroubled).map(row => ({
    id: `schedule:${row.id}`,
    subject: row.service ? `${row.service} / ${row.name}` : row.name,
    href: placeOf('schedules', { schedule: row.id }),
    act: 'See schedule',
    owner: row.owner,
    runbook: row.runbook,
    ...wordsOf(row),
  }))
}

const LAST: Partial<Record<NonNullable<ScheduleRow['runs'][number]['outcome']>, string>> = {
  missed: 'missed a run',
  'timed-out': 'last run timed out',
  lost: 'last run was lost with its process',
}

function wordsOf({
  state,
  nextAt,
  runs,
  queue,
  processes,
}: ScheduleRow): Pick<AttentionItem, 'band' | 'text' | 'detail' | 'since'> {
  const last = runs.find(({ outcome }) => outcome !== undefined && outcome !== 'skipped')
  switch (state) {
    case 'overdue':
      return {
        band: 'failing',
        text: 'was due and has not run',
        detail: processes.some(({ alive }) => alive)
          ? 'Its processes are there: they may be cut off from Redis, or busy with other runs.'
          : queue && processes.length === 0
            ? `No worker takes the jobs of ${queue}.`
            : 'No process that has it is running.',
        since: nextAt,
      }
    case 'interrupted':
      return {
        band: 'degraded',
        text: 'lost its process in a run',
        detail: 'Another process takes the run over once the lock of the lost one has expired; none has yet.',
        since: runs[0]?.startedAt,
      }
    case 'overrunning':
      return {
        band: 'degraded',
        text: 'takes longer than the time to its next run',
        detail: 'Runs that are due in the meantime are skipped.',
        since: runs.find(({ outcome, startedAt }) => startedAt !== undefined && outcome === undefined)?.startedAt,
      }
    default:
      return {
        band: last?.outcome === 'missed' ? 'notice' : 'degraded',
        text: LAST[last?.outcome ?? 'failed'] ?? 'last run failed',
        detail: last?.message ? `${last.message}.` : 'It gave no message.',
        since: last?.endedAt ?? last?.dueAt,
      }
  }
}
