'use client'

import { useOperation } from '@/app/(console)/_frame/catalogue'
import { OperationButton } from '@/components/operation/operation-button'
import { AppLink } from '@/components/ui/app-link'
import { Button } from '@/components/ui/button'
import type { ScheduleRow } from '@/lib/console/areas/schedules/row'
import { ChangeForm, type ChangeInput } from './change-form'
import { PauseForm, type PauseInput } from './pause-form'

/** What can be done about a schedule: of BullMQ its next job can be promoted, and its queue paused; of other libraries nothing from here. */
export function ScheduleActs({ row, environment }: { row: ScheduleRow; environment: string }) {
  const promote = useOperation('queue.promote')
  if (row.server && row.queue) {
    const target = { server: row.server, queue: row.queue }
    return (
      <>
        {row.nextJob ? (
          <OperationButton
            operation={promote}
            input={{ ...target, which: { by: 'ids', ids: [row.nextJob] } }}
            label="Run now"
            subject={row.name}
          />
        ) : null}
        <Button asChild>
          <AppLink href={`/${environment}/queues?${new URLSearchParams(target)}`}>See its queue</AppLink>
        </Button>
      </>
    )
  }
  if (row.library !== 'Substation' || !row.service)
    return <span className="text-sm text-muted">It belongs to {row.library}, and is operated in its service.</span>
  return <OwnActs row={row} service={row.service} />
}

function OwnActs({ row, service }: { row: ScheduleRow; service: string }) {
  const { name: schedule, cron, timeZone = 'UTC', everyMs, at, paused, changed } = row
  const target = { service, schedule }
  const run = useOperation('schedule.run')
  const pause = useOperation('schedule.pause')
  const resume = useOperation('schedule.resume')
  const edit = useOperation('schedule.change')
  const restore = useOperation('schedule.restore')
  const when = cron === undefined ? { everyMs: everyMs ?? 3_600_000 } : { cron, timeZone }
  return (
    <>
      <OperationButton operation={run} input={target} label="Run now" subject={schedule} />
      {paused ? (
        <OperationButton operation={resume} input={target} label="Resume" subject={schedule} variant="primary" />
      ) : (
        <OperationButton<PauseInput>
          operation={pause}
          input={{ ...target, minutes: 60, reason: '' }}
          label="Pause…"
          subject={schedule}
        >
          {form => <PauseForm form={form} />}
        </OperationButton>
      )}
      {at === undefined ? (
        <OperationButton<ChangeInput>
          operation={edit}
          input={{ ...target, when, reason: '' }}
          label="Change…"
          subject={`when ${schedule} runs`}
        >
          {form => <ChangeForm form={form} />}
        </OperationButton>
      ) : null}
      {changed ? (
        <OperationButton operation={restore} input={target} label="Restore" subject={`when ${schedule} runs`} />
      ) : null}
      {run.allowed ? null : <span className="text-sm text-muted">needs the {run.needs} role</span>}
    </>
  )
}
