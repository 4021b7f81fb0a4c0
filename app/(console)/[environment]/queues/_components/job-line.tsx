import { MiddleTruncate } from '@/components/status/middle-truncate'
import { RelativeTime } from '@/components/status/relative-time'
import { StatusMark } from '@/components/status/status-mark'
import { AppLink } from '@/components/ui/app-link'
import { Checkbox } from '@/components/ui/checkbox'
import type { JobRow } from '@/lib/console/areas/queues/views/queue'
import { formatExact } from '@/lib/core/number-format'

interface JobLineProps {
  job: JobRow
  href: string
  index: number
  marked: boolean
  /** Left out where it cannot be acted on. */
  onMark?: (on: boolean) => void
}

/** One job in two lines: what it is and how far it came; its error, or when. */
export function JobLine({ job, href, index, marked, onMark }: JobLineProps) {
  return (
    <li
      data-index={index}
      className="relative grid grid-cols-[auto_minmax(0,1fr)] gap-x-2.5 border-t border-line px-4 py-1.5 text-md hover:bg-sunk"
    >
      {onMark ? (
        <span className="relative z-1 flex h-5 items-center">
          <Checkbox checked={marked} onCheckedChange={onMark} aria-label={`Mark job ${job.id}`} />
        </span>
      ) : (
        <span />
      )}
      <div className="grid min-w-0 gap-0.5">
        <div className="flex min-w-0 items-baseline gap-2">
          <AppLink
            href={href}
            scroll={false}
            data-row-link
            className="flex min-w-0 flex-1 items-baseline gap-2 outline-none after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
          >
            {job.name ? (
              <span className="min-w-0 max-w-[60%] shrink-0 truncate">{job.name}</span>
            ) : (
              <span className="shrink-0 text-muted">without a name</span>
            )}
            <MiddleTruncate text={job.id} mono className="text-muted" />
          </AppLink>
          <span className="ml-auto shrink-0 text-sm text-muted">
            <When job={job} />
          </span>
        </div>
        <div className="flex min-w-0 items-baseline gap-x-3 text-sm text-muted tabular-nums">
          <span className="shrink-0">{attemptsOf(job)}</span>
          {job.priority > 0 ? <span className="shrink-0">priority {formatExact(job.priority)}</span> : null}
          {job.lifo ? <span className="shrink-0">last in, first out</span> : null}
          {job.error?.text ? (
            <span className="min-w-0 truncate text-bad" title={job.error.text}>
              {job.error.text.split('\n')[0]}
            </span>
          ) : null}
        </div>
        {job.orphaned ? (
          <p className="flex items-center gap-1.5 text-sm text-bad">
            <StatusMark status="bad" className="size-2.5" />
            No worker holds its lock
          </p>
        ) : null}
        {job.problems.map(problem => (
          <p key={problem} className="flex items-center gap-1.5 text-sm text-warning">
            <StatusMark status="warning" className="size-2.5" />
            {problem}
          </p>
        ))}
      </div>
    </li>
  )
}

function When({ job }: { job: JobRow }) {
  if (job.dueAt !== undefined)
    return (
      <>
        due <RelativeTime at={job.dueAt} as="clock" />
      </>
    )
  const at = job.finishedAt ?? job.processedAt ?? job.addedAt
  return at === undefined ? null : <RelativeTime at={at} />
}

/** A job may fail for good with attempts left: its error said that trying again is of no use, or its worker stalled too often. */
function attemptsOf({ state, attemptsMade, attempts }: JobLineProps['job']): string {
  const most = Math.max(attempts, attemptsMade)
  if (state === 'failed' && attemptsMade < attempts)
    return `failed for good in attempt ${formatExact(attemptsMade)} of ${formatExact(most)}`
  return `attempt ${formatExact(attemptsMade)} of ${formatExact(most)}`
}
