import { isUnderWay } from '@/components/operation/answer'
import { RunStatusBadge } from '@/components/operation/run-status'
import { Duration } from '@/components/status/duration'
import { type Fact, KeyValue } from '@/components/status/key-value'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { RelativeTime } from '@/components/status/relative-time'
import { CopyButton } from '@/components/ui/copy-button'
import { Progress } from '@/components/ui/progress'
import type { Run } from '@/lib/console/platform/operation/wire'
import { formatExact } from '@/lib/core/number-format'

interface RunSummaryProps {
  run: Run
  /** Who, when, on what and why, below: for Running and Audit; the dialog leaves it out, its reader was there. */
  facts?: boolean
}

/** One run: how it stands, in words, and how far it is. */
export function RunSummary({ run, facts = false }: RunSummaryProps) {
  const underWay = isUnderWay(run.status)
  return (
    <div className="grid gap-3">
      <div role="status" className="grid justify-items-start gap-1.5">
        <RunStatusBadge status={run.status} />
        <p className="text-xl font-semibold break-words">{run.summary ?? run.title}</p>
        {run.abortRequestedBy && underWay ? (
          <p className="text-md text-muted">{run.abortRequestedBy} asked it to stop; it does so at its next step.</p>
        ) : null}
      </div>
      {underWay ? <RunProgress progress={run.progress} /> : null}
      {run.errorId ? (
        <p className="flex items-center gap-1 text-md text-muted">
          Error <code>{run.errorId}</code>
          <CopyButton value={run.errorId} label="Copy the error's id" />
        </p>
      ) : null}
      {facts ? <KeyValue facts={factsOf(run)} /> : null}
    </div>
  )
}

function RunProgress({ progress }: { progress: Run['progress'] }) {
  const { done, total, note } = progress ?? {}
  return (
    <div className="grid gap-1">
      <Progress label="Progress" value={total === undefined ? undefined : done} max={total} />
      <p className="text-sm text-muted">
        {done === undefined
          ? 'Starting'
          : total === undefined
            ? `${formatExact(done)} so far`
            : `${formatExact(done)} of ${formatExact(total)}`}
        {note ? `. ${note}` : ''}
      </p>
    </div>
  )
}

function factsOf(run: Run): Fact[] {
  const facts: Fact[] = [
    {
      label: `${run.target.kind[0]?.toUpperCase()}${run.target.kind.slice(1)}`,
      value: <MiddleTruncate text={run.target.name} />,
    },
    { label: 'Environment', value: run.environment },
    { label: 'By', value: run.via === 'api' ? `${run.actor.name}, through the API` : run.actor.name },
    { label: 'Started', value: <RelativeTime at={run.startedAt} /> },
    {
      label: 'Took',
      value: run.finishedAt === undefined ? 'under way' : <Duration ms={run.finishedAt - run.startedAt} />,
    },
    { label: 'Operation', value: <code>{run.operation}</code> },
    { label: 'Run', value: <MiddleTruncate text={run.id} mono /> },
  ]
  if (run.reason) facts.splice(3, 0, { label: 'Reason', value: <span className="break-words">{run.reason}</span> })
  return facts
}
