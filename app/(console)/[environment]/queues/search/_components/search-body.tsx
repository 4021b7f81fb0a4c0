'use client'

import dynamic from 'next/dynamic'
import { useMemo, useState } from 'react'
import { ShallowLinks } from '@/app/(console)/_parts/filters/shallow'
import { useUrlFilters } from '@/app/(console)/_parts/filters/url-filters'
import { BesideSheet } from '@/app/(console)/_parts/sheets/beside-sheet'
import { RefusalCallout } from '@/components/operation/refusal-callout'
import { PageHeader } from '@/components/shell/page-header'
import { AppLink } from '@/components/ui/app-link'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { Sheet } from '@/components/ui/sheet'
import type { FoundJob } from '@/lib/console/areas/queues/job-search/events'
import { formatExact } from '@/lib/core/number-format'
import { QUEUE_SHEET } from '../../_components/queue-sheet-url'
import { FoundActs } from './found-acts'
import { FoundGroup } from './found-group'
import { QueryForm } from './query-form'
import { QueryHelp } from './query-help'
import { SearchProgress } from './search-progress'
import { useJobSearch } from './use-job-search'

const QueueSheet = dynamic(() => import('../../_components/queue-sheet').then(module => module.QueueSheet))

const CLOSED = Object.fromEntries(QUEUE_SHEET.map(name => [name, undefined]))

interface SearchBodyProps {
  environment: string
  /** How many are known to search. */
  queues: number
  servers: number
}

/** The search over the jobs of all queues: its query is in the address, its results can be acted on. */
export function SearchBody({ environment, queues, servers }: SearchBodyProps) {
  const url = useUrlFilters()
  const query = url.get('q') ?? ''
  const { state, stop, again } = useJobSearch(environment, query)
  const { jobs, status, refusal } = state
  const groups = useMemo(
    () => [...Map.groupBy(jobs, job => `${job.server} ${job.queue} ${job.state}`).entries()],
    [jobs],
  )
  const [marks, setMarks] = useState<ReadonlySet<FoundJob>>(new Set())
  // Another search finds others.
  const marked = useMemo(() => new Set(jobs.filter(job => marks.has(job))), [jobs, marks])
  const mark = (chosen: readonly FoundJob[], on: boolean) =>
    setMarks(new Set([...marked].filter(job => !chosen.includes(job)).concat(on ? chosen : [])))
  const [server, queue] = [url.get('server'), url.get('queue')]
  const open = server !== undefined && queue !== undefined
  const isInvalid = refusal?.code === 'invalid'
  return (
    <>
      <BesideSheet open={open}>
        <ShallowLinks>
          <PageHeader
            title="Search jobs"
            note={`In ${formatExact(queues)} ${queues === 1 ? 'queue' : 'queues'} on ${formatExact(servers)} ${servers === 1 ? 'server' : 'servers'}`}
            actions={
              <Button asChild>
                <AppLink href={`/${environment}/queues`}>Queues</AppLink>
              </Button>
            }
          />
          <QueryForm
            query={query}
            error={query !== '' && isInvalid ? refusal.message : undefined}
            onSearch={next => (next === query ? again() : url.set({ ...CLOSED, q: next }))}
          />
          {query === '' || isInvalid ? <QueryHelp href={q => url.href({ q })} /> : null}
          {query !== '' && !isInvalid ? (
            <>
              {refusal ? <RefusalCallout refusal={refusal} onRetry={again} /> : null}
              {refusal ? null : <SearchProgress state={state} onStop={stop} onAgain={again} />}
              {jobs.length === 0 && status === 'ended' && state.unsearched.length === 0 ? (
                <EmptyState title="No job matches">
                  Many queues remove jobs once they are completed; those cannot be found any more.
                </EmptyState>
              ) : null}
              <FoundActs marked={[...marked]} />
              <div className="grid gap-3">
                {groups.map(([key, found]) => (
                  <FoundGroup
                    key={key}
                    server={found[0]?.server ?? ''}
                    queue={found[0]?.queue ?? ''}
                    jobs={found}
                    marked={marked}
                    onMark={mark}
                    href={job => url.href({ server: job.server, queue: job.queue, job: job.id })}
                  />
                ))}
              </div>
            </>
          ) : null}
        </ShallowLinks>
      </BesideSheet>
      <Sheet open={open} onOpenChange={next => (next ? undefined : url.set(CLOSED))}>
        {open ? (
          <QueueSheet key={`${server} ${queue}`} environment={environment} server={server} queue={queue} url={url} />
        ) : null}
      </Sheet>
    </>
  )
}
