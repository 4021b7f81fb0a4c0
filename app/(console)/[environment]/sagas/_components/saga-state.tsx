import { type Status, StatusBadge } from '@/components/status/status-mark'
import type { SagaKindState } from '@/lib/console/areas/sagas/rows'
import type { SagaRunItem, StepItem } from '@/lib/console/areas/sagas/saga-item'

type Words = readonly [status: Status, word: string, title: string]

const KINDS: Record<SagaKindState, Words> = {
  failed: ['bad', 'Failed', 'At least one waits to be retried or compensated'],
  unattended: ['bad', 'Unattended', 'Some are due, and no process has taken them'],
  unknown: ['unknown', 'Unknown', 'Its processes cannot read where they are kept'],
  compensating: ['warning', 'Compensating', 'Some are being taken back'],
  running: ['good', 'Running', 'Some are running'],
  idle: ['good', 'Idle', 'None is on its way'],
}

/** How a saga of a service is. */
export function SagaBadge({ state }: { state: SagaKindState }) {
  return <Mark words={KINDS[state]} />
}

const RUNS: Record<SagaRunItem['state'], Words> = {
  running: ['good', 'Running', 'It is running'],
  completed: ['good', 'Completed', 'All its steps are done'],
  compensating: ['warning', 'Compensating', 'What its steps did is being taken back'],
  compensated: ['unknown', 'Compensated', 'What its steps did was taken back'],
  failed: ['bad', 'Failed', 'It waits to be retried or compensated'],
}

/** How one run is. */
export function RunBadge({ run: { state, held, nextAt }, now }: { run: SagaRunItem; now: number | undefined }) {
  const isWaiting =
    (state === 'running' || state === 'compensating') &&
    !held &&
    nextAt !== undefined &&
    now !== undefined &&
    nextAt > now
  return <Mark words={isWaiting ? ['warning', 'Waiting', 'For its next attempt'] : RUNS[state]} />
}

const STEPS: Record<StepItem['state'], Words> = {
  pending: ['unknown', 'Pending', 'It has not begun'],
  running: ['good', 'Running', 'It is under way, or waits for its next attempt'],
  done: ['good', 'Done', 'It is done'],
  failed: ['bad', 'Failed', 'Its attempts are used up'],
  compensating: ['warning', 'Compensating', 'It is being taken back, or waits for its next attempt'],
  compensated: ['unknown', 'Compensated', 'It was taken back'],
  'compensation-failed': ['bad', 'Compensation failed', 'It could not be taken back'],
}

export function StepBadge({ state }: { state: StepItem['state'] }) {
  return <Mark words={STEPS[state]} />
}

function Mark({ words: [status, word, title] }: { words: Words }) {
  return (
    <StatusBadge status={status} quiet={status === 'good' || status === 'unknown'} title={title}>
      {word}
    </StatusBadge>
  )
}
