import { type Status, StatusBadge } from '@/components/status/status-mark'
import { Badge } from '@/components/ui/badge'
import type { RunItem, RunStatus } from '@/lib/console/platform/operation/wire'

interface Reading {
  word: string
  /** Left out while it is neither good nor bad: under way, or not touched. */
  status?: Status
}

const runs: Record<RunStatus, Reading> = {
  queued: { word: 'Queued' },
  running: { word: 'Running' },
  succeeded: { word: 'Done', status: 'good' },
  partial: { word: 'Partly done', status: 'warning' },
  failed: { word: 'Failed', status: 'bad' },
  aborted: { word: 'Aborted', status: 'warning' },
  unknown: { word: 'Outcome unknown', status: 'unknown' },
  undone: { word: 'Undone' },
}

const items: Record<RunItem['status'], Reading> = {
  pending: { word: 'waiting' },
  done: { word: 'done', status: 'good' },
  failed: { word: 'failed', status: 'bad' },
  refused: { word: 'refused', status: 'warning' },
  silent: { word: 'no answer', status: 'unknown' },
  unsupported: { word: 'not supported', status: 'unknown' },
  skipped: { word: 'skipped' },
}

/** What is worst comes first. */
export const itemStatuses: readonly RunItem['status'][] = [
  'failed',
  'refused',
  'silent',
  'unsupported',
  'pending',
  'skipped',
  'done',
]

interface RunStatusBadgeProps {
  status: RunStatus
  /** Without a tint where it succeeded: in a list, failures stand out. */
  quiet?: boolean
}

export function RunStatusBadge({ status, quiet = false }: RunStatusBadgeProps) {
  return <ReadingBadge reading={runs[status]} quiet={quiet && status === 'succeeded'} />
}

interface ItemStatusBadgeProps {
  status: RunItem['status']
  count?: number
  quiet?: boolean
}

export function ItemStatusBadge({ status, count, quiet }: ItemStatusBadgeProps) {
  const reading = items[status]
  return (
    <ReadingBadge
      reading={count === undefined ? reading : { ...reading, word: `${count} ${reading.word}` }}
      quiet={quiet}
    />
  )
}

function ReadingBadge({ reading, quiet }: { reading: Reading; quiet?: boolean }) {
  if (reading.status === undefined) {
    return <Badge tone="neutral">{reading.word}</Badge>
  }
  return (
    <StatusBadge status={reading.status} quiet={quiet}>
      {reading.word}
    </StatusBadge>
  )
}
