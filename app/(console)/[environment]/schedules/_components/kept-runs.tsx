'use client'

import { useState } from 'react'
import { useView } from '@/app/(console)/_frame/use-view'
import { SheetWaiting } from '@/app/(console)/_parts/sheets/sheet-waiting'
import { PartBoundary } from '@/components/status/part-boundary'
import { Button } from '@/components/ui/button'
import type { RunItem } from '@/lib/console/areas/schedules/schedule-item'
import type { ScheduleRunsData } from '@/lib/console/areas/schedules/views/schedule-runs'
import { RunList } from './run-list'

interface KeptRunsProps {
  environment: string
  service: string
  schedule: string
  /** Those that are reported anyway. */
  recent: readonly RunItem[]
}

/** The newest runs, and all that were kept once someone wants to see them: its processes are asked for those. */
export function KeptRuns(props: KeptRunsProps) {
  const [isOpen, setOpen] = useState(false)
  if (isOpen) return <Kept {...props} />
  return (
    <>
      <RunList runs={props.recent} />
      <div className="px-4 py-2">
        <Button onClick={() => setOpen(true)}>Show older runs</Button>
      </div>
    </>
  )
}

function Kept({ environment, service, schedule, recent }: KeptRunsProps) {
  const { reading, failed } = useView<ScheduleRunsData>(
    { view: 'schedule-runs', environment, filters: { service, schedule } },
    undefined,
  )
  const kept = reading?.data.runs
  if (kept && kept.status !== 'down') {
    const { cut, asked, answered } = kept.data
    // Those that were reported since are newer.
    const reported = new Set(recent.map(({ id }) => id))
    const older = kept.data.runs.filter(({ id }) => !reported.has(id))
    const runs = [...recent, ...older].sort((a, b) => b.dueAt - a.dueAt)
    return (
      <>
        <p className="px-4 py-1 text-sm text-muted">
          {cut ? `The newest ${runs.length}` : `All ${runs.length}`} that{' '}
          {answered === 1 ? 'its process' : 'its processes'} kept
          {answered < asked ? `; ${asked - answered} of ${asked} processes did not answer` : ''}.
        </p>
        <RunList runs={runs} />
      </>
    )
  }
  return (
    <>
      <RunList runs={recent} />
      {kept ? (
        <PartBoundary part={kept} what="The history">
          {() => null}
        </PartBoundary>
      ) : (
        <SheetWaiting what="The history" failed={failed} />
      )}
    </>
  )
}
