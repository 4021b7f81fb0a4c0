'use client'

import { Link2 } from 'lucide-react'
import { useView } from '@/app/(console)/_frame/use-view'
import { FailedAgainAct, hasFailedAgain } from '@/app/(console)/_parts/dead-letters/failed-again-act'
import { isUnderWay } from '@/components/operation/answer'
import { RunLedger } from '@/components/operation/run-ledger'
import { RunSummary } from '@/components/operation/run-summary'
import { type Fact, KeyValue } from '@/components/status/key-value'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { PartBoundary } from '@/components/status/part-boundary'
import { RelativeTime } from '@/components/status/relative-time'
import { StatusMark } from '@/components/status/status-mark'
import { AppLink } from '@/components/ui/app-link'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { CopyButton } from '@/components/ui/copy-button'
import { EmptyState } from '@/components/ui/empty-state'
import { SheetBody, SheetFooter, SheetHeader } from '@/components/ui/sheet'
import { Skeleton } from '@/components/ui/skeleton'
import type { RunData, TrailLine } from '@/lib/console/areas/running/views/run'
import type { Run } from '@/lib/console/platform/operation/wire'
import type { Reading } from '@/lib/console/platform/view/read'
import { AuditMark } from './audit-mark'
import { InputLines } from './input-lines'
import { AbortButton, UndoAct } from './run-acts'
import { RunEffect } from './run-effect'
import { RunTrail } from './run-trail'

interface RunSheetProps {
  id: string
  environment: string
  initial: Reading<RunData> | undefined
  /** What an operation is called. */
  titleOf: (operation: string) => string
}

/** One act: its outcome, target, input and audit trail. A refused act has only the trail. */
export function RunSheet({ id, environment, initial, titleOf }: RunSheetProps) {
  const { reading, failed } = useView<RunData>({ view: 'run', environment, filters: { id } }, initial)
  const part = reading?.data.run
  const known = part && part.status !== 'down' ? part.data : undefined
  const run = known?.run
  const title = run?.title ?? (known?.trail[0] ? titleOf(known.trail[0].operation) : 'Act')
  const inTheWay = run && (isUnderWay(run.status) || run.undo || hasFailedAgain(run))
  return (
    <>
      <SheetHeader
        title={title}
        description={
          run ? <MiddleTruncate text={[run.target.name, run.about].filter(Boolean).join(': ')} /> : undefined
        }
      >
        <span className="flex h-(--control) items-center">
          <CopyButton value={linkTo(environment, id)} label="Copy a link to this act" />
        </span>
      </SheetHeader>
      {run && inTheWay ? (
        <SheetFooter>
          <AbortButton run={run} allowed={reading?.data.mayAbort ?? false} />
          <UndoAct run={run} />
          <FailedAgainAct run={run} />
        </SheetFooter>
      ) : null}
      <SheetBody>
        {part === undefined ? <Waiting failed={failed} /> : null}
        {part && (
          <PartBoundary part={part} what="The record of acts">
            {({ run, trail }) =>
              run || trail.length > 0 ? (
                <div className="grid gap-5">
                  {run ? <Done run={run} environment={environment} /> : <Refused line={trail[0]} titleOf={titleOf} />}
                  {reading?.data.effect ? (
                    <Part title="Before and after">
                      <RunEffect effect={reading.data.effect} />
                    </Part>
                  ) : null}
                  <Part title="Input">
                    <InputLines input={run?.input ?? trail[0]?.input} />
                  </Part>
                  {trail.length > 0 ? (
                    <Part title="Audit trail">
                      <RunTrail lines={trail} />
                    </Part>
                  ) : null}
                  <KeyValue facts={origin(trail[0])} />
                </div>
              ) : (
                <EmptyState title="There is no such act here">
                  It may belong to another environment, or the link was cut short.
                </EmptyState>
              )
            }
          </PartBoundary>
        )}
      </SheetBody>
    </>
  )
}

function Done({ run, environment }: { run: Run; environment: string }) {
  return (
    <>
      <RunSummary run={run} facts />
      {run.target.kind === 'breaker' ? (
        <Button asChild size="sm" className="justify-self-start">
          <AppLink href={`/${environment}/breakers?breaker=${encodeURIComponent(run.target.name)}`}>
            <Link2 aria-hidden />
            See the breaker
          </AppLink>
        </Button>
      ) : null}
      {run.items.total > 0 ? (
        <Part title={run.target.kind === 'database' ? 'Output' : 'Answers'}>
          <RunLedger items={run.items} />
        </Part>
      ) : null}
    </>
  )
}

/** Nothing was done: who wanted what, and why not. */
function Refused({ line, titleOf }: { line: TrailLine | undefined; titleOf: (operation: string) => string }) {
  if (!line) return null
  return (
    <div className="grid gap-3">
      <div className="grid justify-items-start gap-1.5">
        <AuditMark kind={line.kind} outcome={line.outcome} />
        <p className="text-xl font-semibold break-words">{line.message ?? 'Nothing was done.'}</p>
      </div>
      <KeyValue
        facts={[
          { label: 'By', value: `${line.actor.name} (${line.actor.role})` },
          { label: 'Wanted', value: titleOf(line.operation) },
          { label: 'When', value: <RelativeTime at={line.at} /> },
        ]}
      />
    </div>
  )
}

function origin(line: TrailLine | undefined): Fact[] {
  if (!line) return []
  return [
    { label: 'Via', value: line.via === 'api' ? 'the REST interface' : 'the console' },
    {
      label: 'Request',
      value: (
        <span className="flex items-center gap-1">
          <MiddleTruncate text={line.request} mono />
          <CopyButton value={line.request} label="Copy the request’s id" />
        </span>
      ),
    },
  ]
}

function Part({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section className="grid gap-1.5">
      <h3 className="text-md font-semibold">{title}</h3>
      {children}
    </section>
  )
}

function linkTo(environment: string, id: string): string {
  return `${window.location.origin}/${environment}/audit?run=${id}`
}

function Waiting({ failed }: { failed: string | undefined }) {
  if (failed)
    return (
      <Callout tone="bad" mark={<StatusMark status="bad" />} title="It could not be read">
        <p>{failed}</p>
      </Callout>
    )
  return (
    <div role="status" aria-label="The act is being read" className="grid gap-2">
      <Skeleton className="h-5 w-24" />
      <Skeleton className="h-6 w-80 max-w-full" />
      <Skeleton className="h-4 w-56" />
      <Skeleton className="mt-3 h-32" />
    </div>
  )
}
