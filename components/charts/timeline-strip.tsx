import { RelativeTime } from '@/components/status/relative-time'
import type { Status } from '@/components/status/status-mark'
import { cn } from '@/components/ui/cn'

export interface TimelineEvent {
  id: string
  at: number
  /** A whole sentence: "payments-api opened in checkout-1". */
  label: string
  status?: Status
}

interface TimelineStripProps {
  events: readonly TimelineEvent[]
  /** The stretch of time shown, ms since the epoch. */
  from: number
  to: number
  label: string
  className?: string
}

const fills: Record<Status, string> = {
  good: 'fill-good',
  warning: 'fill-warning',
  bad: 'fill-bad',
  unknown: 'fill-unknown',
}

/** What happened when, at a glance; the list beside it says the same in words. Bad ones stand tallest. */
export function TimelineStrip({ events, from, to, label, className }: TimelineStripProps) {
  const length = Math.max(1, to - from)
  const shown = events.filter(event => event.at >= from && event.at <= to)
  return (
    <div className={cn('grid gap-0.5', className)}>
      <svg role="img" aria-label={`${label}: ${shown.length} events`} className="h-6 w-full overflow-visible">
        <line x1="0" x2="100%" y1="23.5" y2="23.5" className="stroke-line" />
        {shown.map(event => {
          const height = event.status === 'bad' ? 20 : event.status === 'warning' ? 14 : 8
          return (
            <rect
              key={event.id}
              x={`${((event.at - from) / length) * 100}%`}
              y={23 - height}
              width="3"
              height={height}
              rx="1"
              transform="translate(-1.5 0)"
              className={event.status ? fills[event.status] : 'fill-line-strong'}
            >
              <title>{event.label}</title>
            </rect>
          )
        })}
      </svg>
      <div className="flex justify-between text-xs text-faint">
        <RelativeTime at={from} as="clock" />
        <RelativeTime at={to} as="clock" />
      </div>
    </div>
  )
}
