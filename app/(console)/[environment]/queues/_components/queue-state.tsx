import { type Status, StatusBadge, StatusMark } from '@/components/status/status-mark'
import type { Trouble } from '@/lib/console/areas/queues/condition'
import type { QueueRow } from '@/lib/console/areas/queues/views/queues'

const STATES: Record<QueueRow['state'], [Status, string]> = {
  working: ['good', 'Working'],
  waiting: ['good', 'Waiting'],
  idle: ['good', 'Idle'],
  paused: ['warning', 'Paused'],
  unknown: ['unknown', 'Unknown'],
}

const TROUBLES: Record<Trouble, string> = {
  'no-workers': 'No workers',
  orphaned: 'Worker lost',
  'left-behind': 'Jobs left behind',
  'dead-children': 'Child failed',
  'dead-letters': 'Dead letters',
  'backing-up': 'Backing up',
  paused: 'Paused',
}

/** What is gravest, in a word; all of it on hover. */
export function QueueBadge({ queue }: { queue: QueueRow }) {
  const [gravest] = queue.troubles
  const [status, word] = queue.stale
    ? (['unknown', 'Stale'] as const)
    : gravest
      ? ([queue.severities[0] ?? 'warning', TROUBLES[gravest]] as const)
      : STATES[queue.state]
  const others = queue.troubles.slice(1)
  return (
    <span className="inline-flex max-w-full items-center gap-1.5">
      <StatusBadge status={status} quiet={status === 'good'}>
        {word}
      </StatusBadge>
      {others.map((trouble, index) => (
        <span key={trouble} title={TROUBLES[trouble]}>
          <StatusMark status={queue.severities[index + 1] ?? 'warning'} label={TROUBLES[trouble]} />
        </span>
      ))}
    </span>
  )
}

const WORDS: Record<Trouble, string> = {
  'no-workers': 'Jobs wait, and no worker is connected to take them.',
  orphaned:
    'Active jobs have no lock: their worker was killed, or is blocked. A worker that is connected takes them back within about a minute; without one they stay until they are released.',
  'left-behind':
    'Jobs are in the list that BullMQ 4 and 5 use while paused, where no worker looks now. Resume brings them back.',
  'dead-children': 'Jobs wait for children that have failed for good, and continue once those are replayed and done.',
  'dead-letters': 'Jobs failed for good in the last ten minutes.',
  'backing-up': 'The oldest job waits for more than two minutes.',
  paused: 'No worker begins another job until it is resumed.',
}

export const troubleWords = (trouble: Trouble) => ({ title: TROUBLES[trouble], text: WORDS[trouble] })
