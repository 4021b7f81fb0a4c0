import { Panel } from '@/components/status/panel'
import { RelativeTime } from '@/components/status/relative-time'
import { StatusMark } from '@/components/status/status-mark'
import { cn } from '@/components/ui/cn'
import type { Calendar } from '@/lib/console/areas/schedules/calendar'
import { formatExact } from '@/lib/core/number-format'
import { HourLabel } from './hour-label'

/** What is due in the next 24 hours, hour by hour, and what begins in the same minute. */
export function DayAhead({ calendar: { hours, collisions, frequent } }: { calendar: Calendar }) {
  const most = Math.max(1, ...hours.map(({ runs }) => runs))
  return (
    <Panel
      title="Next 24 hours"
      note={frequent > 0 ? `without ${formatExact(frequent)} that run more often than every 15 minutes` : undefined}
      className="mt-4"
    >
      <ol className="flex h-24 items-end gap-px px-3.5 pt-3">
        {hours.map(({ at, runs, collisions }, index) => (
          <li key={at} className="flex h-full min-w-0 flex-1 flex-col justify-end gap-1">
            <span className="sr-only">
              {formatExact(runs)} runs, {formatExact(collisions)} collisions
            </span>
            {collisions > 0 ? <StatusMark status="warning" className="mx-auto size-2" /> : null}
            <span
              aria-hidden
              className={cn('rounded-t-sm', runs === 0 ? 'bg-line' : collisions > 0 ? 'bg-warning' : 'bg-accent')}
              style={{ height: runs === 0 ? 1 : `${Math.max(8, (60 * runs) / most)}%` }}
            />
            <HourLabel at={at} shown={index % 6 === 0 && index < 24} />
          </li>
        ))}
      </ol>
      {collisions.length === 0 ? (
        <p className="px-3.5 py-2.5 text-sm text-muted">No two of them begin in the same minute.</p>
      ) : (
        <ul aria-label="Collisions" className="divide-y divide-line border-t border-line">
          {collisions.map(({ at, names }) => (
            <li key={at} className="flex flex-wrap items-baseline gap-x-3 px-3.5 py-1.5 text-md">
              <RelativeTime at={at} as="clock" className="tabular-nums" />
              <span className="min-w-0 break-words">
                {names.join(', ')} <span className="text-muted">begin in the same minute</span>
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}
