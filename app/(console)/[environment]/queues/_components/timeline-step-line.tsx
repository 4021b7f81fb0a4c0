import { Duration } from '@/components/status/duration'
import { RelativeTime } from '@/components/status/relative-time'
import { type Status, StatusMark } from '@/components/status/status-mark'
import type { TimelineStep } from '@/lib/console/areas/queues/job-timeline'

const STATUS: Record<NonNullable<TimelineStep['outcome']>, Status> = {
  completed: 'good',
  failed: 'bad',
  stalled: 'warning',
  running: 'good',
  unknown: 'unknown',
}

/** One stretch of a job's life: when it began, what it was, how long it took. */
export function TimelineStepLine({ step }: { step: TimelineStep }) {
  const { at, until, outcome, error } = step
  const ms = at === undefined || until === undefined ? undefined : until - at
  return (
    <li className="grid grid-cols-[minmax(72px,max-content)_auto_minmax(0,1fr)_auto] items-baseline gap-x-2.5 py-0.5 text-md tabular-nums">
      <span className="text-sm text-muted">{at === undefined ? 'unknown' : <RelativeTime at={at} as="clock" />}</span>
      {outcome ? <StatusMark status={STATUS[outcome]} className="size-2.5" /> : <span className="size-2.5" />}
      <span className="min-w-0 break-words">
        {wordsOf(step)}
        {error ? <span className="text-bad">: {error}</span> : null}
      </span>
      <span className="text-sm text-muted">{step.what === 'added' ? null : <Took step={step} ms={ms} />}</span>
    </li>
  )
}

function Took({ step: { what, outcome, at }, ms }: { step: TimelineStep; ms: number | undefined }) {
  if (ms !== undefined) return <Duration ms={ms} />
  if (what === 'ended' || (at !== undefined && (outcome === undefined || outcome === 'running')))
    return at === undefined || what === 'ended' ? null : (
      <>
        for <RelativeTime at={at} as="age" />
      </>
    )
  return <>time unknown</>
}

function wordsOf({ what, attempt, outcome }: TimelineStep): string {
  switch (what) {
    case 'added':
      return 'Added'
    case 'waiting':
      return 'Waited'
    case 'delayed':
      return 'Delayed'
    case 'backoff':
      return 'Backoff'
    case 'waiting-children':
      return 'Waited for its children'
    case 'ended':
      return outcome === 'failed' ? 'Failed for good, without an attempt' : 'Completed'
    case 'attempt':
      return `${attempt === undefined ? 'Attempt before it was replayed' : `Attempt ${attempt}`} ${OUTCOME[outcome ?? 'unknown']}`
  }
}

const OUTCOME: Record<NonNullable<TimelineStep['outcome']>, string> = {
  completed: 'completed',
  failed: 'failed',
  stalled: 'stalled: its worker stopped, or was blocked',
  running: 'runs',
  unknown: 'ended, how is not known',
}
