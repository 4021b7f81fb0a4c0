'use client'

import { useRef, useState } from 'react'
import { FilterChips } from '@/app/(console)/_parts/filters/filter-chips'
import { ShallowLinks } from '@/app/(console)/_parts/filters/shallow'
import { useRowKeys } from '@/components/data-table/row-keys'
import { SearchField } from '@/components/data-table/search-field'
import { Button } from '@/components/ui/button'
import type { JobsPage } from '@/lib/console/areas/queues/views/queue'
import type { QueueRow } from '@/lib/console/areas/queues/views/queues'
import { formatExact } from '@/lib/core/number-format'
import { ChosenActs, isFree } from './chosen-acts'
import { JobLine } from './job-line'
import { JOB_STATES } from './job-states'
import type { SheetUrl } from './queue-sheet'

interface JobListProps {
  page: JobsPage
  row: QueueRow
  url: SheetUrl
}

/** The jobs of one state, a page at a time. Marked ones can be acted on together. */
export function JobList({ page, row, url }: JobListProps) {
  const { get, href, set } = url
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set())
  // A job that has moved on is not marked any more, whatever was clicked.
  const chosen = page.jobs.filter(job => marked.has(job.id) && isFree(job)).map(({ id }) => id)
  const go = (patch: Record<string, string | undefined>) => {
    setMarked(new Set())
    set(patch)
  }
  const mark = (id: string, on: boolean) => {
    const next = new Set(marked)
    if (on) next.add(id)
    else next.delete(id)
    setMarked(next)
  }
  const list = useRef<HTMLUListElement>(null)
  const canMark = !row.readOnlyBecause
  const markAt = (index: number) => {
    const job = page.jobs[index]
    if (canMark && job && isFree(job)) mark(job.id, !marked.has(job.id))
  }
  useRowKeys({ list, count: page.jobs.length, onMark: markAt })
  return (
    <section aria-label="Jobs" className="border-t border-line">
      <div className="grid gap-2 px-4 py-2.5">
        <FilterChips
          label="State of jobs"
          value={page.state}
          chips={JOB_STATES.filter(
            ({ value }) => value === page.state || value === 'failed' || row.counts[value] !== 0,
          ).map(chip => ({ ...chip, count: row.counts[chip.value] }))}
          onChange={state => go({ jobs: state === 'failed' ? undefined : state, page: undefined, look: undefined })}
        />
        <SearchField
          label="Filter jobs by name, error or id"
          value={get('jq') ?? ''}
          onChange={jq => go({ jq, page: undefined, look: undefined })}
          className="w-full"
        />
      </div>
      {chosen.length > 0 ? (
        <ChosenActs
          ids={chosen}
          state={page.state}
          at={{ server: row.server, queue: row.key }}
          subject={row.title}
          className="-top-4"
        />
      ) : null}
      <ShallowLinks>
        <ul ref={list} data-rows>
          {page.jobs.map((job, index) => (
            <JobLine
              key={job.id}
              job={job}
              href={href({ job: job.id })}
              index={index}
              marked={marked.has(job.id)}
              onMark={canMark && isFree(job) ? on => mark(job.id, on) : undefined}
            />
          ))}
        </ul>
      </ShallowLinks>
      {page.jobs.length === 0 ? (
        <p className="border-t border-line px-4 py-3 text-md text-muted">
          {!get('jq')
            ? 'There are no jobs in this state.'
            : page.complete
              ? 'No job of this state matches.'
              : 'None of those looked at matches.'}
        </p>
      ) : (
        <Pages page={page} onGo={next => go({ page: next === 0 ? undefined : String(next) })} />
      )}
      <NotLookedAt page={page} asked={Number(get('look') ?? 0)} onLook={look => go({ look: String(look) })} />
    </section>
  )
}

interface NotLookedAtProps {
  page: JobsPage
  /** So many were asked for. */
  asked: number
  onLook: (look: number) => void
}

/** Of a long list a filter looks at the beginning; the rest is offered. */
function NotLookedAt({ page, asked, onLook }: NotLookedAtProps) {
  const { complete, examined, inState, mayLookAt } = page
  if (complete) return null
  const next = Math.min(inState, mayLookAt)
  const ranOut = asked > examined
  return (
    <div className="flex flex-wrap items-center gap-2 border-t border-line bg-sunk px-4 py-2 text-sm tabular-nums">
      <span className="min-w-0 flex-1">
        Only the first {formatExact(examined)} of {formatExact(inState)} were looked at
        {ranOut ? ' before the time was up' : ''}. An act on all that match looks at every one.
      </span>
      {ranOut || examined >= next ? null : (
        <Button size="sm" onClick={() => onLook(next)}>
          Look at {next === inState ? `all ${formatExact(next)}` : formatExact(next)}
        </Button>
      )}
    </div>
  )
}

function Pages({ page, onGo }: { page: JobsPage; onGo: (page: number) => void }) {
  const first = page.page * page.pageSize + 1
  const last = first + page.jobs.length - 1
  const more = last < page.total
  return (
    <div className="flex flex-wrap items-center gap-2 border-t border-line px-4 py-2 text-sm text-muted tabular-nums">
      <span className="flex-1">
        {formatExact(first)} to {formatExact(last)} of {formatExact(page.total)}
      </span>
      <Button size="sm" disabled={page.page === 0} onClick={() => onGo(page.page - 1)}>
        Newer
      </Button>
      <Button size="sm" disabled={!more} onClick={() => onGo(page.page + 1)}>
        Older
      </Button>
    </div>
  )
}
