import { ListPart } from '@/app/(console)/_parts/list/list-panel'
import { type ListRows, ListTable } from '@/app/(console)/_parts/list/list-table'
import { TitledPanel } from '@/app/(console)/_parts/list/titled-panel'
import { AbortButton } from '@/app/(console)/_parts/runs/run-acts'
import type { DataColumn } from '@/components/data-table/data-column'
import { RunStatusBadge } from '@/components/operation/run-status'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { RelativeTime } from '@/components/status/relative-time'
import { Progress } from '@/components/ui/progress'
import type { Run } from '@/lib/console/platform/operation/wire'
import type { Part } from '@/lib/console/platform/part/part'
import { formatExact } from '@/lib/core/number-format'
import { NothingHere, RunName } from './run-list'

interface UnderWayProps {
  part: Part<Run[]>
  mayAbort: boolean
}

export function UnderWay({ part, mayAbort }: UnderWayProps) {
  return (
    <TitledPanel
      title="Under way"
      note={part.status === 'up' && part.data.length > 0 ? formatExact(part.data.length) : null}
    >
      <ListPart part={part} what="The record of acts">
        {runs => (
          <ListTable
            of={mayAbort ? abortable : watched}
            rows={runs}
            label="Acts under way"
            empty={
              <NothingHere>
                No act is under way. Those that take longer than a moment show here while they run.
              </NothingHere>
            }
          />
        )}
      </ListPart>
    </TitledPanel>
  )
}

const name: DataColumn<Run> = { id: 'name', header: 'Act', cell: run => <RunName run={run} /> }
const progress: DataColumn<Run> = {
  id: 'progress',
  header: 'Progress',
  width: 280,
  hideBelow: 'wide',
  cell: run => <HowFar run={run} />,
}
const actor: DataColumn<Run> = {
  id: 'actor',
  header: 'By',
  width: 140,
  hideBelow: 'wide',
  cell: run => <MiddleTruncate text={run.actor.name} />,
}
const since: DataColumn<Run> = {
  id: 'since',
  header: 'For',
  width: 100,
  align: 'end',
  hideBelow: 'wide',
  cell: run => <RelativeTime at={run.startedAt} as="age" />,
}

const abort = (allowed: boolean): DataColumn<Run> => ({
  id: 'abort',
  header: 'Abort',
  width: 104,
  align: 'end',
  cell: run => (
    <span className="relative z-1 inline-flex">
      <AbortButton run={run} allowed={allowed} />
    </span>
  ),
})

const runsUnderWay = (mayAbort: boolean): ListRows<Run> => ({
  noun: ['act', 'acts'],
  key: run => run.id,
  columns: {
    alone: [name, progress, actor, since, abort(mayAbort)],
    beside: [name, progress, abort(mayAbort)],
  },
  secondary: run => (
    <div className="grid gap-1 pb-1">
      <HowFar run={run} />
      <span>
        {run.actor.name}, since <RelativeTime at={run.startedAt} as="clock" />
      </span>
    </div>
  ),
  opens: run => ({ run: run.id }),
})
const abortable = runsUnderWay(true)
const watched = runsUnderWay(false)

function HowFar({ run }: { run: Run }) {
  const { done, total, note } = run.progress ?? {}
  if (run.status === 'queued')
    return (
      <span>
        <RunStatusBadge status="queued" />
      </span>
    )
  return (
    <span className="flex min-w-0 items-center gap-2">
      <Progress
        label={`Progress of ${run.title}`}
        value={total === undefined ? undefined : done}
        max={total}
        className="w-24 shrink-0"
      />
      <span className="min-w-0 truncate tabular-nums">
        {done === undefined
          ? 'starting'
          : total === undefined
            ? formatExact(done)
            : `${formatExact(done)} of ${formatExact(total)}`}
        {run.abortRequestedBy ? <span className="text-muted">, {run.abortRequestedBy} asked it to stop</span> : null}
        {note ? <span className="text-muted">, {note}</span> : null}
      </span>
    </span>
  )
}
