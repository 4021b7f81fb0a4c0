import { useState } from 'react'
import { ReplayAct } from '@/app/(console)/_parts/dead-letters/replay-act'
import { queueTitle } from '@/app/(console)/_parts/queues/queue-title'
import { Section } from '@/app/(console)/_parts/sheets/section'
import { RelativeTime } from '@/components/status/relative-time'
import { AppLink } from '@/components/ui/app-link'
import { Checkbox } from '@/components/ui/checkbox'
import type { GroupJob } from '@/lib/console/areas/dead-letters/views/dead-letter-group'
import type { GroupRow } from '@/lib/console/areas/dead-letters/views/dead-letters'
import { formatExact } from '@/lib/core/number-format'

interface GroupJobsProps {
  environment: string
  group: GroupRow
  jobs: readonly GroupJob[]
}

/** The newest jobs of a kind. Marked ones are replayed on their own, those of one queue at a time. */
export function GroupJobs({ environment, group, jobs }: GroupJobsProps) {
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set())
  // A job that has been replayed since is no longer marked.
  const chosen = Map.groupBy(
    jobs.filter(job => marked.has(keyOf(job))),
    ({ server, queue }) => JSON.stringify([server, queue]),
  )
  const mark = (key: string, on: boolean) => {
    const next = new Set(marked)
    if (on) next.add(key)
    else next.delete(key)
    setMarked(next)
  }
  return (
    <Section title="Jobs" note={jobs.length < group.count ? `the newest ${formatExact(jobs.length)}` : undefined}>
      {[...chosen].map(([key, [first, ...others]]) =>
        first ? (
          <div
            key={key}
            role="toolbar"
            aria-label="Acts on the marked jobs"
            className="flex items-center gap-2 bg-accent-soft px-4 py-2"
          >
            <span className="min-w-0 flex-1 truncate text-md tabular-nums">
              {formatExact(1 + others.length)} marked of {queueTitle(first.queue)}
            </span>
            <ReplayAct
              which={{
                by: 'ids',
                server: first.server,
                queue: first.queue,
                ids: [first, ...others].map(({ id }) => id),
              }}
              subject={queueTitle(first.queue)}
              label="Replay marked…"
              size="sm"
            />
          </div>
        ) : null,
      )}
      <ul className="px-4 text-md tabular-nums">
        {jobs.map(job => (
          <li key={keyOf(job)} className="flex items-center gap-2 py-1 touch:py-2.5">
            <Checkbox
              aria-label={`Mark ${job.id}`}
              checked={marked.has(keyOf(job))}
              onCheckedChange={on => mark(keyOf(job), on)}
            />
            <AppLink href={jobHref(environment, job)} className="min-w-0 flex-1 truncate font-mono text-sm text-accent">
              {job.id}
            </AppLink>
            {group.places.length > 1 ? <span className="truncate text-muted">{queueTitle(job.queue)}</span> : null}
            <RelativeTime at={job.failedAt} className="text-muted" />
          </li>
        ))}
      </ul>
    </Section>
  )
}

const keyOf = ({ server, queue, id }: GroupJob) => JSON.stringify([server, queue, id])

const jobHref = (environment: string, { server, queue, id }: GroupJob) =>
  `/${environment}/queues?${new URLSearchParams({ server, queue, job: id })}`
