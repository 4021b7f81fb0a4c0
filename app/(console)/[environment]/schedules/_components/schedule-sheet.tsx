'use client'

import { useView } from '@/app/(console)/_frame/use-view'
import { ProcessLines } from '@/app/(console)/_parts/processes/process-lines'
import { Section } from '@/app/(console)/_parts/sheets/section'
import { SheetWaiting } from '@/app/(console)/_parts/sheets/sheet-waiting'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { PartBoundary } from '@/components/status/part-boundary'
import { EmptyState } from '@/components/ui/empty-state'
import { SheetBody, SheetFooter, SheetHeader } from '@/components/ui/sheet'
import type { ScheduleData } from '@/lib/console/areas/schedules/views/schedule'
import { KeptRuns } from './kept-runs'
import { RunList } from './run-list'
import { ScheduleActs } from './schedule-acts'
import { ScheduleFacts } from './schedule-facts'
import { ScheduleBadge } from './schedule-state'

/** One schedule: when it runs, how its runs went, and which processes have it. */
export function ScheduleSheet({ id, environment }: { id: string; environment: string }) {
  const { reading, failed } = useView<ScheduleData>({ view: 'schedule', environment, filters: { id } }, undefined)
  const { schedule, unknown = [], next = [], clockChanges = [] } = reading?.data ?? {}
  const row = schedule && schedule.status !== 'down' ? schedule.data : undefined
  return (
    <>
      <SheetHeader
        title={<MiddleTruncate text={row?.name ?? (id.split('/').at(-1) || id)} />}
        description={row ? <MiddleTruncate text={`${row.library}, ${row.place}`} /> : 'Schedule'}
      >
        {row ? (
          <span className="flex h-7 items-center">
            <ScheduleBadge state={row.state} />
          </span>
        ) : null}
      </SheetHeader>
      {row ? (
        <SheetFooter className="justify-start">
          <ScheduleActs row={row} environment={environment} />
        </SheetFooter>
      ) : null}
      <SheetBody>
        <div className="-m-4">
          {reading === undefined ? <SheetWaiting what="The schedule" failed={failed} /> : null}
          {reading && !schedule ? (
            <EmptyState
              title={unknown.length > 0 ? 'It is not known whether it is there' : 'There is no such schedule'}
            >
              {unknown.length > 0
                ? `No answer from: ${unknown.join(', ')}.`
                : 'The processes that had it have stopped, or its queue has no such scheduler any more.'}
            </EmptyState>
          ) : null}
          {schedule ? (
            <PartBoundary part={schedule} what="It">
              {data => (
                <>
                  <ScheduleFacts row={data} next={next} clockChanges={clockChanges} />
                  {data.library === 'BullMQ' ? null : (
                    <Section title="Runs" note="the newest">
                      {data.library === 'Substation' && data.service ? (
                        <KeptRuns
                          environment={environment}
                          service={data.service}
                          schedule={data.name}
                          recent={data.runs}
                        />
                      ) : (
                        <RunList runs={data.runs} />
                      )}
                    </Section>
                  )}
                  {data.processes.length > 0 ? (
                    <Section title="Processes" note={String(data.processes.length)}>
                      <ProcessLines environment={environment} processes={data.processes} />
                    </Section>
                  ) : null}
                </>
              )}
            </PartBoundary>
          ) : null}
        </div>
      </SheetBody>
    </>
  )
}
