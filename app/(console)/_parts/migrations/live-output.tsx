'use client'

import { useView } from '@/app/(console)/_frame/use-view'
import { AbortButton } from '@/app/(console)/_parts/runs/run-acts'
import { RunOutput } from '@/components/operation/run-output'
import { RunStatusBadge } from '@/components/operation/run-status'
import { RelativeTime } from '@/components/status/relative-time'
import { Progress } from '@/components/ui/progress'
import type { RunData } from '@/lib/console/areas/running/views/run'

/** A run of migrations while it is under way: how far it is, what it says, and the way to stop it. */
export function LiveOutput({ run: id, environment }: { run: string; environment: string }) {
  const { reading } = useView<RunData>({ view: 'run', environment, filters: { id } }, undefined)
  const part = reading?.data.run
  const run = part && part.status !== 'down' ? part.data.run : undefined
  if (!run) return null
  const { done = 0, total, note } = run.progress ?? {}
  return (
    <div className="border-b border-line">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3.5 py-2 text-md">
        <RunStatusBadge status={run.status} />
        <span>
          {run.title} by {run.actor.name}, since <RelativeTime at={run.startedAt} as="clock" />
        </span>
        <Progress
          label={`Progress of ${run.title}`}
          value={total === undefined ? undefined : done}
          max={total}
          className="w-24"
        />
        <span className="text-muted tabular-nums">
          {total === undefined ? 'starting' : `${done} of ${total}`}
          {note ? `, ${note}` : ''}
        </span>
        <span className="ml-auto">
          <AbortButton run={run} allowed={reading?.data.mayAbort ?? false} />
        </span>
      </div>
      {run.items.total > 0 ? <RunOutput items={run.items.sample} label="Output so far" /> : null}
    </div>
  )
}
