import { UndoAct } from '@/app/(console)/_parts/runs/run-acts'
import type { DataColumn } from '@/components/data-table/data-column'
import { DataTable } from '@/components/data-table/data-table'
import { RunStatusBadge } from '@/components/operation/run-status'
import { Duration } from '@/components/status/duration'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { Panel } from '@/components/status/panel'
import { PartBoundary } from '@/components/status/part-boundary'
import { RelativeTime } from '@/components/status/relative-time'
import { AppLink } from '@/components/ui/app-link'
import { Button } from '@/components/ui/button'
import type { Run } from '@/lib/console/platform/operation/wire'
import type { Part } from '@/lib/console/platform/part/part'
import { NothingHere, type RunListProps, RunName } from './run-list'

interface FinishedProps extends RunListProps {
  part: Part<Run[]>
  environment: string
}

export function Finished({ part, environment, current, hrefOf, beside }: FinishedProps) {
  return (
    <Panel
      title="Finished"
      note="the last 20"
      actions={
        <Button asChild size="sm" variant="quiet">
          <AppLink href={`/${environment}/audit`}>See the audit</AppLink>
        </Button>
      }
    >
      <PartBoundary part={part} what="The record of acts">
        {runs => (
          <DataTable
            label="Acts that finished"
            rows={runs}
            rowKey={run => run.id}
            columns={beside ? [name, outcome, undo] : [name, outcome, summary, actor, when, took, undo]}
            rowHref={run => hrefOf(run.id)}
            currentKey={current}
            secondary={run => (
              <div className="grid gap-1 pb-1">
                <span className="flex flex-wrap items-center gap-x-2">
                  <RunStatusBadge status={run.status} quiet />
                  <span>
                    {run.actor.name}, <RelativeTime at={run.finishedAt ?? run.startedAt} />
                  </span>
                </span>
                {run.summary ? <span className="break-words">{run.summary}</span> : null}
                <span className="relative z-1 empty:hidden">
                  <UndoAct run={run} size="sm" />
                </span>
              </div>
            )}
            empty={<NothingHere>Nothing was done here yet.</NothingHere>}
          />
        )}
      </PartBoundary>
    </Panel>
  )
}

const name: DataColumn<Run> = { id: 'name', header: 'Act', cell: run => <RunName run={run} /> }
const outcome: DataColumn<Run> = {
  id: 'outcome',
  header: 'Outcome',
  width: 132,
  hideBelow: 'wide',
  cell: run => <RunStatusBadge status={run.status} quiet />,
}
const summary: DataColumn<Run> = {
  id: 'summary',
  header: 'Summary',
  hideBelow: 'desk',
  cell: run => (
    <span title={run.summary} className="block truncate text-muted">
      {run.summary}
    </span>
  ),
}
const actor: DataColumn<Run> = {
  id: 'actor',
  header: 'By',
  width: 120,
  hideBelow: 'wide',
  cell: run => <MiddleTruncate text={run.actor.name} />,
}
const when: DataColumn<Run> = {
  id: 'when',
  header: 'Finished',
  width: 104,
  align: 'end',
  hideBelow: 'wide',
  cell: run => (run.finishedAt === undefined ? null : <RelativeTime at={run.finishedAt} />),
}
const took: DataColumn<Run> = {
  id: 'took',
  header: 'Took',
  width: 84,
  align: 'end',
  hideBelow: 'desk',
  cell: run => <Duration ms={run.finishedAt === undefined ? undefined : run.finishedAt - run.startedAt} />,
}
const undo: DataColumn<Run> = {
  id: 'undo',
  header: 'Undo',
  width: 156,
  align: 'end',
  hideBelow: 'wide',
  cell: run => (
    <span className="relative z-1 inline-flex">
      <UndoAct run={run} size="sm" />
    </span>
  ),
}
