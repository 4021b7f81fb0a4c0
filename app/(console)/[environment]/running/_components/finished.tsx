import { ListPart } from '@/app/(console)/_parts/list/list-panel'
import { type ListRows, ListTable } from '@/app/(console)/_parts/list/list-table'
import { TitledPanel } from '@/app/(console)/_parts/list/titled-panel'
import { UndoAct } from '@/app/(console)/_parts/runs/run-acts'
import type { DataColumn } from '@/components/data-table/data-column'
import { RunStatusBadge } from '@/components/operation/run-status'
import { Duration } from '@/components/status/duration'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { RelativeTime } from '@/components/status/relative-time'
import { AppLink } from '@/components/ui/app-link'
import { Button } from '@/components/ui/button'
import type { Run } from '@/lib/console/platform/operation/wire'
import type { Part } from '@/lib/console/platform/part/part'
import { NothingHere, RunName } from './run-list'

interface FinishedProps {
  part: Part<Run[]>
  environment: string
}

export function Finished({ part, environment }: FinishedProps) {
  return (
    <TitledPanel
      title="Finished"
      note="the last 20"
      actions={
        <Button asChild size="sm" variant="quiet">
          <AppLink href={`/${environment}/audit`}>See the audit</AppLink>
        </Button>
      }
    >
      <ListPart part={part} what="The record of acts">
        {runs => (
          <ListTable
            of={finishedRuns}
            rows={runs}
            label="Acts that finished"
            empty={<NothingHere>Nothing was done here yet.</NothingHere>}
          />
        )}
      </ListPart>
    </TitledPanel>
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

const finishedRuns: ListRows<Run> = {
  noun: ['act', 'acts'],
  key: run => run.id,
  columns: { alone: [name, outcome, summary, actor, when, took, undo], beside: [name, outcome, undo] },
  secondary: run => (
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
  ),
  opens: run => ({ run: run.id }),
}
