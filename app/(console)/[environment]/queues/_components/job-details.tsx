'use client'

import { ArrowLeft } from 'lucide-react'
import { useOperation } from '@/app/(console)/_frame/catalogue'
import { useView } from '@/app/(console)/_frame/use-view'
import { ShallowLinks } from '@/app/(console)/_parts/filters/shallow'
import { queueTitle } from '@/app/(console)/_parts/queues/queue-title'
import { OperationButton } from '@/components/operation/operation-button'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { PartBoundary } from '@/components/status/part-boundary'
import { StatusMark } from '@/components/status/status-mark'
import { AppLink } from '@/components/ui/app-link'
import { Callout } from '@/components/ui/callout'
import { EmptyState } from '@/components/ui/empty-state'
import { SheetBody, SheetFooter, SheetHeader } from '@/components/ui/sheet'
import { Skeleton } from '@/components/ui/skeleton'
import type { JobData, JobView } from '@/lib/console/areas/queues/views/job'
import { FamilyForm, type FamilyInput } from './family-form'
import { JobFacts } from './job-facts'
import { JobMenu } from './job-menu'
import { MoveOnAct, RemoveAct } from './jobs-acts'
import type { SheetUrl } from './queue-sheet'

interface JobDetailsProps {
  environment: string
  server: string
  queue: string
  id: string
  url: SheetUrl
}

/** One job in full, in place of the queue's sheet; going back leads to the list as it was. */
export function JobDetails({ environment, server, queue, id, url }: JobDetailsProps) {
  const whole = url.get('whole') === 'yes'
  const { reading, failed } = useView<JobData>(
    {
      view: 'job',
      environment,
      filters: { server, queue, id, ...(whole ? { whole: 'yes' } : {}) },
    },
    undefined,
  )
  const part = reading?.data.job
  const job = part && part.status !== 'down' ? part.data.job : undefined
  return (
    <>
      <SheetHeader
        title={<MiddleTruncate text={job?.name || 'Job'} />}
        description={<MiddleTruncate text={id} mono />}
      />
      {job ? <Acts job={job} server={server} queue={queue} /> : null}
      <SheetBody>
        <ShallowLinks className="-mx-4 -mt-4 border-b border-line px-4 py-1.5">
          <AppLink
            href={url.href({ job: undefined, whole: undefined })}
            scroll={false}
            className="inline-flex items-center gap-1.5 text-md text-accent"
          >
            <ArrowLeft aria-hidden className="size-3.5" />
            Jobs of {queueTitle(queue)}
          </AppLink>
        </ShallowLinks>
        <div className="-mx-4 -mb-4">
          {reading === undefined && failed ? (
            <Callout tone="bad" mark={<StatusMark status="bad" />} title="It could not be read" className="m-4">
              <p>{failed}</p>
            </Callout>
          ) : null}
          {reading === undefined && !failed ? (
            <div role="status" aria-label="The job is being read" className="grid gap-2 p-4">
              <Skeleton className="h-4 w-56" />
              <Skeleton className="h-40" />
            </div>
          ) : null}
          {part && reading ? (
            <PartBoundary part={part} what={`Redis ${server}`}>
              {data =>
                data.job ? (
                  <JobFacts
                    job={data.job}
                    url={url}
                    environment={environment}
                    at={{ server, queue }}
                    hidesSecrets={reading.data.hidesSecrets}
                    whole={whole}
                    onWhole={() => url.set({ whole: 'yes' })}
                  />
                ) : (
                  <EmptyState title="There is no such job any more">
                    Many queues remove jobs once they are done. What was acted on is in the audit.
                  </EmptyState>
                )
              }
            </PartBoundary>
          ) : null}
        </div>
      </SheetBody>
    </>
  )
}

function Acts({ job, server, queue }: { job: JobView; server: string; queue: string }) {
  const removeFamily = useOperation('queue.remove-family')
  const releaseParent = useOperation('queue.release-parent')
  const at = { server, queue }
  const on = { at, ids: [job.id], subject: job.id }
  const isBusy = job.state === 'active' && !job.orphaned
  // Neither can be removed alone: a child whose parent waits, and a parent that waits.
  const parent = job.parentAt
  const isHeldByFamily = parent?.state === 'waiting-children' || job.state === 'waiting-children'
  return (
    <SheetFooter className="justify-start">
      {isBusy ? null : <MoveOnAct {...on} state={job.state} />}
      {parent?.state === 'waiting-children' && job.state === 'failed' ? (
        <OperationButton
          operation={releaseParent}
          input={{ server, queue: parent.queue, job: parent.id, child: `${queue}:${job.id}` }}
          label="Let its parent continue"
          subject={job.id}
        />
      ) : null}
      {isHeldByFamily ? (
        <OperationButton<FamilyInput>
          operation={removeFamily}
          input={{ ...at, job: job.id, reason: '' }}
          label="Remove the flow…"
          subject={job.id}
          variant="danger"
        >
          {form => <FamilyForm form={form} />}
        </OperationButton>
      ) : isBusy ? (
        <span className="text-sm text-muted">A worker is processing it: nothing can be done about it now.</span>
      ) : (
        <RemoveAct {...on} />
      )}
      <JobMenu job={job} server={server} queue={queue} />
    </SheetFooter>
  )
}
