import type { ReactNode } from 'react'
import { RelativeTime } from '@/components/status/relative-time'
import { StatusMark } from '@/components/status/status-mark'
import { cn } from '@/components/ui/cn'
import type { Part } from '@/lib/console/platform/part/part'

interface PartBoundaryProps<T> {
  part: Part<T>
  /** What this part is, as a subject: "Redis main", "The audit trail". */
  what: string
  children: (data: T) => ReactNode
  /** An act that may help, a link to health for instance. */
  action?: ReactNode
  className?: string
}

/** Shows a part by what is known of it: its data; its last data, greyed, with age and reason; or what is down and what to try. */
export function PartBoundary<T>({ part, what, children, action, className }: PartBoundaryProps<T>) {
  if (part.status === 'up') return <>{children(part.data)}</>
  if (part.status === 'down') return <PartDown what={what} part={part} action={action} className={className} />
  return (
    <div className={className}>
      <div
        role="status"
        className="flex flex-wrap items-center gap-x-2 gap-y-0.5 border-b border-line bg-unknown-soft px-3.5 py-1.5 text-sm text-unknown"
      >
        <StatusMark status="unknown" />
        <span className="font-medium">
          {what} as of <RelativeTime at={part.at} />
        </span>
        <span>{part.reason}</span>
        {part.nextStep ? <span>{part.nextStep}</span> : null}
        {action}
      </div>
      <div data-stale>{children(part.data)}</div>
    </div>
  )
}

interface PartDownProps {
  what: string
  part: { reason: string; since: number; nextStep?: string }
  action?: ReactNode
  className?: string
}

export function PartDown({ what, part, action, className }: PartDownProps) {
  return (
    <div
      role="status"
      className={cn('grid grid-cols-[auto_minmax(0,1fr)] gap-x-2.5 bg-bad-soft px-3.5 py-3 text-md', className)}
    >
      <span className="flex h-5 items-center">
        <StatusMark status="bad" />
      </span>
      <div className="grid gap-0.5">
        <p className="font-semibold">
          {what} is down, since <RelativeTime at={part.since} as="clock" /> (<RelativeTime at={part.since} />)
        </p>
        <p className="break-words">{part.reason}</p>
        {part.nextStep ? <p className="text-muted">{part.nextStep}</p> : null}
        {action ? <div className="mt-1.5 flex flex-wrap gap-2">{action}</div> : null}
      </div>
    </div>
  )
}
