'use client'

import { queueTitle } from '@/app/(console)/_parts/queues/queue-title'
import { Checkbox } from '@/components/ui/checkbox'
import type { FoundJob } from '@/lib/console/areas/queues/job-search/events'
import { formatExact } from '@/lib/core/number-format'
import { isFree } from '../../_components/chosen-acts'
import { JobLine } from '../../_components/job-line'
import { JOB_STATES } from '../../_components/job-states'

interface FoundGroupProps {
  server: string
  queue: string
  jobs: FoundJob[]
  marked: ReadonlySet<FoundJob>
  onMark: (jobs: readonly FoundJob[], on: boolean) => void
  /** Opens a job in the sheet. */
  href: (job: FoundJob) => string
}

/** What was found in one state of one queue. */
export function FoundGroup({ server, queue, jobs, marked, onMark, href }: FoundGroupProps) {
  const state = jobs[0]?.state ?? 'failed'
  const free = jobs.filter(isFree)
  const chosen = free.filter(job => marked.has(job))
  const title = queueTitle(queue)
  const label = JOB_STATES.find(({ value }) => value === state)?.label ?? state
  return (
    <section aria-label={`${title}: ${label}`} className="overflow-clip rounded-lg border border-line bg-panel">
      <div className="flex items-center gap-2.5 px-4 py-2">
        <Checkbox
          checked={chosen.length === 0 ? false : chosen.length === free.length ? true : 'indeterminate'}
          disabled={free.length === 0}
          onCheckedChange={on => onMark(free, on)}
          aria-label={`Mark all of ${title}: ${label}`}
        />
        <h2 className="min-w-0 flex-1 text-md break-words">
          <span className="font-semibold">{title}</span> <span className="text-muted">on {server}</span>
        </h2>
        <span className="shrink-0 text-sm text-muted tabular-nums">
          {label} <span className="font-medium text-ink">{formatExact(jobs.length)}</span>
        </span>
      </div>
      <ul>
        {jobs.map((job, index) => (
          <JobLine
            key={job.id}
            job={job}
            href={href(job)}
            index={index}
            marked={marked.has(job)}
            onMark={isFree(job) ? on => onMark([job], on) : undefined}
          />
        ))}
      </ul>
    </section>
  )
}
