'use client'

import dynamic from 'next/dynamic'
import { useView } from '@/app/(console)/_frame/use-view'
import { queueTitle } from '@/app/(console)/_parts/queues/queue-title'
import { type Trend, Trends } from '@/app/(console)/_parts/series/trends'
import { SheetWaiting } from '@/app/(console)/_parts/sheets/sheet-waiting'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { PartBoundary } from '@/components/status/part-boundary'
import { EmptyState } from '@/components/ui/empty-state'
import { SheetBody, SheetFooter, SheetHeader } from '@/components/ui/sheet'
import type { QueueData } from '@/lib/console/areas/queues/views/queue'
import type { QueueRow } from '@/lib/console/areas/queues/views/queues'
import { DeduplicationSection } from './deduplication-section'
import { FavouriteStar } from './favourite-star'
import { JobList } from './job-list'
import { QueueActs } from './queue-acts'
import { queueSeries } from './queue-columns'
import { QueueFacts } from './queue-facts'
import { QueueBadge } from './queue-state'
import { QueueTimes } from './queue-times'

// A queue is looked at more often than one of its jobs.
const JobDetails = dynamic(() => import('./job-details').then(module => module.JobDetails))

export interface SheetUrl {
  get: (name: string) => string | undefined
  href: (patch: Record<string, string | undefined>) => string
  set: (patch: Record<string, string | undefined>) => void
}

interface QueueSheetProps {
  environment: string
  server: string
  /** `prefix:name` */
  queue: string
  url: SheetUrl
}

/** One queue: its figures and workers, its jobs by state, one job in full, and what can be done about them. */
export function QueueSheet({ environment, server, queue, url }: QueueSheetProps) {
  const { get } = url
  const filters = {
    server,
    queue,
    ...(get('jobs') ? { state: get('jobs') as string } : {}),
    ...(get('jq') ? { q: get('jq') as string } : {}),
    ...(get('page') ? { page: get('page') as string } : {}),
    ...(get('look') ? { look: get('look') as string } : {}),
  }
  const { reading, failed } = useView<QueueData>({ view: 'queue', environment, filters }, undefined)
  const part = reading?.data.queue
  const row = part && part.status !== 'down' ? part.data.row : undefined
  const limits = part && part.status !== 'down' ? part.data.limits : {}
  const job = get('job')
  if (job !== undefined)
    return <JobDetails environment={environment} server={server} queue={queue} id={job} url={url} />
  return (
    <>
      <SheetHeader
        title={<MiddleTruncate text={queueTitle(queue)} />}
        description={
          <MiddleTruncate
            text={`${row ? `prefix ${row.prefix} ` : ''}on ${server}${row?.major ? `, BullMQ ${row.major}` : ''}`}
          />
        }
      >
        {row && part?.status === 'up' ? (
          <span className="flex h-7 items-center gap-1">
            <QueueBadge queue={row} />
            <FavouriteStar environment={environment} row={row} />
          </span>
        ) : null}
      </SheetHeader>
      {row ? (
        <SheetFooter className="justify-start">
          <QueueActs
            row={row}
            limits={limits}
            jobTypes={reading?.data.jobTypes ?? []}
            listed={get('jobs')}
            q={get('jq')}
          />
        </SheetFooter>
      ) : null}
      <SheetBody>
        <div className="-m-4">
          {part === undefined ? <SheetWaiting what="The queue" failed={failed} /> : null}
          {part && reading ? (
            <PartBoundary part={part} what={`Redis ${server}`}>
              {data =>
                data.row ? (
                  <>
                    <Trends environment={environment} trends={trendsOf(data.row)} />
                    <QueueFacts
                      row={data.row}
                      detail={data}
                      registeredWorkers={reading.data.registeredWorkers}
                      url={url}
                    />
                  </>
                ) : (
                  <EmptyState title={data.server ? 'There is no such queue' : 'No Redis is called so'}>
                    {data.server
                      ? 'It was removed, or nothing has been added to it yet.'
                      : 'It is not declared in this environment any more.'}
                  </EmptyState>
                )
              }
            </PartBoundary>
          ) : null}
          {row ? (
            <>
              <QueueTimes environment={environment} row={row} />
              <DeduplicationSection environment={environment} row={row} url={url} />
            </>
          ) : null}
          {reading && row ? (
            <PartBoundary part={reading.data.jobs} what={`Redis ${server}`}>
              {jobs => <JobList page={jobs} row={row} url={url} />}
            </PartBoundary>
          ) : null}
        </div>
      </SheetBody>
    </>
  )
}

function trendsOf(row: QueueRow): Trend[] {
  const { completed, failed } = row.rate.known ? row.rate.value : {}
  const unit = '/s'
  return [
    { of: queueSeries('queue_waiting', row), label: 'Waiting', now: row.waiting },
    { of: queueSeries('queue_completed', row), label: 'Completed', now: completed, unit },
    { of: queueSeries('queue_failed', row), label: 'Failed', now: failed, unit, tone: 'bad' },
    { of: queueSeries('queue_dead_letters', row), label: 'Dead letters', now: row.counts.failed, tone: 'bad' },
  ]
}
