import { RelativeTime } from '@/components/status/relative-time'
import type { RunItem } from '@/lib/console/areas/schedules/schedule-item'
import { formatDuration } from '@/lib/core/time-format'
import { OutcomeMark } from './schedule-state'

const TRIGGERS: Partial<Record<RunItem['trigger'], string>> = { 'catch-up': 'caught up', manual: 'run by hand' }

/** The newest runs, and those that were not. */
export function RunList({ runs }: { runs: readonly RunItem[] }) {
  if (runs.length === 0) return <p className="px-4 py-1 text-md text-muted">None is known.</p>
  return (
    <ol className="divide-y divide-line">
      {runs.map(run => (
        <li key={run.id} className="grid gap-x-3 gap-y-0.5 px-4 py-1.5 text-md">
          <div className="flex flex-wrap items-center gap-x-3">
            <RelativeTime at={run.startedAt ?? run.dueAt} as="clock" className="tabular-nums" />
            <OutcomeMark outcome={run.outcome} />
            {run.overran ? <span className="text-sm text-warning">overran</span> : null}
            <span className="ml-auto tabular-nums">
              {run.startedAt === undefined || run.endedAt === undefined
                ? null
                : formatDuration(run.endedAt - run.startedAt)}
            </span>
          </div>
          <p className="text-sm break-words text-muted">{notesOf(run)}</p>
        </li>
      ))}
    </ol>
  )
}

function notesOf({ trigger, by, attempt, message, process }: RunItem): string {
  const asked = TRIGGERS[trigger]
  return [
    asked && (by ? `${asked}, by ${by}` : asked),
    attempt > 1 && `attempt ${attempt}`,
    message,
    process && `on ${process}`,
  ]
    .filter(Boolean)
    .join(' · ')
}
