import { type Status, StatusBadge } from '@/components/status/status-mark'
import type { ScheduleState } from '@/lib/console/areas/schedules/row'
import type { RunItem } from '@/lib/console/areas/schedules/schedule-item'

const STATES: Record<ScheduleState, readonly [Status, string, string]> = {
  waiting: ['good', 'Waiting', 'It runs when it is due'],
  running: ['good', 'Running', 'A run goes on'],
  paused: ['warning', 'Paused', 'What is due is skipped'],
  overdue: ['bad', 'Overdue', 'It was due, and no process has begun it'],
  interrupted: ['warning', 'Interrupted', 'Its process was lost in a run that no other one has taken over'],
  overrunning: ['warning', 'Overrunning', 'Its run goes on though the next one is due'],
  troubled: ['warning', 'Failing', 'Its last run did not succeed'],
  over: ['unknown', 'Over', 'It is due no more'],
}

export function ScheduleBadge({ state }: { state: ScheduleState }) {
  const [status, word, title] = STATES[state]
  return (
    <StatusBadge status={status} quiet={status === 'good' || status === 'unknown'} title={title}>
      {word}
    </StatusBadge>
  )
}

const OUTCOMES: Record<NonNullable<RunItem['outcome']>, readonly [Status, string]> = {
  succeeded: ['good', 'Succeeded'],
  failed: ['bad', 'Failed'],
  'timed-out': ['bad', 'Timed out'],
  aborted: ['unknown', 'Aborted'],
  lost: ['bad', 'Lost'],
  skipped: ['unknown', 'Skipped'],
  missed: ['warning', 'Missed'],
}

/** How a run ended, in shape and word. */
export function OutcomeMark({ outcome }: { outcome: RunItem['outcome'] }) {
  const [status, word] = outcome ? OUTCOMES[outcome] : (['unknown', 'Not ended'] as const)
  return (
    <StatusBadge status={status} quiet>
      {word}
    </StatusBadge>
  )
}
