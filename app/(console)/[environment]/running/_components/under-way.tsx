import { AbortButton } from '@/app/(console)/_parts/runs/run-acts'
import type { DataColumn } from '@/components/data-table/data-column'
import { DataTable } from '@/components/data-table/data-table'
import { RunStatusBadge } from '@/components/operation/run-status'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { formatExact } from '@/components/status/number-format'
import { Panel } from '@/components/status/panel'
import { PartBoundary } from '@/components/status/part-boundary'
import { RelativeTime } from '@/components/status/relative-time'
import { Progress } from '@/components/ui/progress'
import type { Run } from '@/lib/console/platform/operation/wire'
import type { Part } from '@/lib/console/platform/part/part'
import { NothingHere, type RunListProps, RunName } from './run-list'

interface UnderWayProps extends RunListProps {
  part: Part<Run[]>
  mayAbort: boolean
}

export function UnderWay({ part, mayAbort, current, hrefOf, beside }: UnderWayProps) {
  return (
    <Panel title="Under way" note={part.status === 'up' && part.data.length > 0 ? formatExact(part.data.length) : null}>
      <PartBoundary part={part} what="The record of acts">
        {runs => (
          <DataTable
            label="Acts under way"
            rows={runs}
            rowKey={run => run.id}
            columns={columnsFor(mayAbort, beside)}
            rowHref={run => hrefOf(run.id)}
            currentKey={current}
            secondary={run => (
              <div className="grid gap-1 pb-1">
                <HowFar run={run} />
                <span>
                  {run.actor.name}, since <RelativeTime at={run.startedAt} as="clock" />
                </span>
              </div>
            )}
            empty={
              <NothingHere>
                No act is under way. Those that take longer than a moment show here while they run.
              </NothingHere>
            }
          />
        )}
      </PartBoundary>
    </Panel>
  )
}

function columnsFor(mayAbort: boolean, beside: boolean): DataColumn<Run>[] {
  const abort: DataColumn<Run> = {
    id: 'abort',
    header: 'Abort',
    width: 104,
    align: 'end',
    cell: run => (
      <span className="relative z-1 inline-flex">
        <AbortButton run={run} allowed={mayAbort} />
      </span>
    ),
  }
  return beside ? [name, progress, abort] : [name, progress, actor, since, abort]
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
