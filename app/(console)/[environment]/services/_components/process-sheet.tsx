'use client'

import { useView } from '@/app/(console)/_frame/use-view'
import { ProcessStateBadge } from '@/app/(console)/_parts/processes/process-state'
import { Section } from '@/app/(console)/_parts/sheets/section'
import { TimelineList } from '@/app/(console)/_parts/timeline/timeline-list'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { PartBoundary } from '@/components/status/part-boundary'
import { SheetBody, SheetFooter, SheetHeader } from '@/components/ui/sheet'
import { Skeleton } from '@/components/ui/skeleton'
import type { ProcessData } from '@/lib/console/areas/services/views/process'
import type { ProcessRow } from '@/lib/console/areas/services/views/services'
import type { Reading } from '@/lib/console/platform/view/read'
import { ForgetProcess } from './forget'
import { ProcessIdentity } from './process-identity'
import { ProcessNotices } from './process-notices'
import { ProcessBreakers, ProcessHealth, ReportedItems, Verbs } from './process-parts'
import { ProcessVitals } from './process-vitals'

interface ProcessSheetProps {
  id: string
  environment: string
  /** As the server read it, when the page was opened with it. */
  initial: Reading<ProcessData> | undefined
}

/** One process: who it is, how it is, what it has, what happened to it. */
export function ProcessSheet({ id, environment, initial }: ProcessSheetProps) {
  const { reading, failed } = useView<ProcessData>({ view: 'process', environment, filters: { id } }, initial)
  const known = reading && reading.data.process.status !== 'down' ? reading.data.process.data.row : undefined
  return (
    <>
      <SheetHeader
        title={<MiddleTruncate text={known?.instance ?? 'Process'} />}
        description={known ? <MiddleTruncate text={known.service} /> : <code className="break-all">{id}</code>}
      >
        {known ? (
          <span className="mt-1 shrink-0">
            <ProcessStateBadge state={known.state} quiet={false} />
          </span>
        ) : null}
      </SheetHeader>
      {known && isGone(known) ? (
        <SheetFooter>
          <ForgetProcess id={known.id} instance={known.instance} />
        </SheetFooter>
      ) : null}
      <SheetBody className="px-0 py-0">
        {reading ? (
          <PartBoundary part={reading.data.process} what="The fleet">
            {data =>
              data.row ? (
                <Details environment={environment} process={{ ...data, row: data.row }} events={reading.data.events} />
              ) : (
                <p className="p-4 text-md">
                  There is no such process in {environment}. It may have been forgotten, or it left more than a day ago.
                </p>
              )
            }
          </PartBoundary>
        ) : failed ? (
          <p className="p-4 text-md">{failed}</p>
        ) : (
          <BeingRead />
        )}
      </SheetBody>
    </>
  )
}

function isGone({ state }: ProcessRow) {
  return state === 'lost' || state === 'left' || state === 'replaced'
}

type Process = Extract<ProcessData['process'], { status: 'up' }>['data'] & { row: ProcessRow }

function Details({
  environment,
  process,
  events,
}: {
  environment: string
  process: Process
  events: ProcessData['events']
}) {
  const { row, breakers, health, others, verbs } = process
  return (
    <>
      <ProcessNotices row={row} />
      <ProcessVitals row={row} />
      <ProcessIdentity environment={environment} row={row} />
      {breakers.length > 0 ? <ProcessBreakers environment={environment} breakers={breakers} /> : null}
      {health.length > 0 ? <ProcessHealth health={health} /> : null}
      {others.map(other => (
        <ReportedItems key={other.domain} {...other} />
      ))}
      <Verbs verbs={verbs} />
      <Section title="Event log">
        <PartBoundary part={events} what="The record of events">
          {list =>
            list.length === 0 ? (
              <p className="px-4 pb-1 text-md text-muted">Nothing is recorded of it.</p>
            ) : (
              <TimelineList environment={environment} entries={list} linked={false} className="px-0.5" />
            )
          }
        </PartBoundary>
      </Section>
    </>
  )
}

function BeingRead() {
  return (
    <div role="status" aria-label="The process is being read" className="grid gap-3 p-4">
      <Skeleton className="h-16 rounded-lg" />
      <Skeleton className="h-40 rounded-lg" />
      <Skeleton className="h-32 rounded-lg" />
    </div>
  )
}
