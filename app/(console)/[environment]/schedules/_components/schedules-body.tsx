'use client'

import dynamic from 'next/dynamic'
import { FilterBar } from '@/app/(console)/_parts/list/filter-bar'
import type { List } from '@/app/(console)/_parts/list/list'
import { ListPage } from '@/app/(console)/_parts/list/list-page'
import { ListPanel } from '@/app/(console)/_parts/list/list-panel'
import { ListTable } from '@/app/(console)/_parts/list/list-table'
import { useList } from '@/app/(console)/_parts/list/use-list'
import { type Joining, joiningLines } from '@/app/(console)/_parts/teaching/joining'
import { PartBoundary } from '@/components/status/part-boundary'
import { EmptyState } from '@/components/ui/empty-state'
import type { SchedulesData } from '@/lib/console/areas/schedules/views/schedules'
import type { Reading } from '@/lib/console/platform/view/read'
import { DayAhead } from './day-ahead'
import { scheduleRows } from './schedule-rows'

const ScheduleSheet = dynamic(() => import('./schedule-sheet').then(module => module.ScheduleSheet))

const schedulesList: List = {
  view: 'schedules',
  search: 'Filter schedules',
  states: [
    { value: 'trouble', label: 'In trouble', status: 'bad' },
    { value: 'running', label: 'Running' },
    { value: 'paused', label: 'Paused', status: 'warning', offered: 'counted' },
  ],
  selects: [
    { name: 'service', label: 'Service', any: 'All services' },
    {
      name: 'library',
      label: 'Library',
      any: 'All libraries',
      options: ['Substation', 'BullMQ', 'node-cron', 'croner'].map(value => ({ value, label: value })),
    },
  ],
  sheet: ['schedule'],
}

interface SchedulesBodyProps {
  initial: Reading<SchedulesData>
  joining: Joining
}

/** What runs at which times, when it ran last, and what did not. */
export function SchedulesBody({ initial, joining }: SchedulesBodyProps) {
  const { environment } = joining
  const list = useList(schedulesList, environment, initial)
  const { sources, rows, total, counts, services, calendar } = list.data
  const id = list.url.get('schedule')
  const silent = sources.filter(({ part }) => part.status !== 'up')
  const knowsNothingNew = silent.length === sources.length
  const knowsNothing = sources.every(({ part }) => part.status === 'down')
  return (
    <ListPage
      list={list}
      title="Schedules"
      note="of services and of BullMQ"
      sheet={id ? <ScheduleSheet key={id} id={id} environment={environment} /> : null}
    >
      {silent.map(({ what, part }) => (
        <div key={what} className="mb-3 overflow-clip rounded-lg border border-line">
          <PartBoundary part={part} what={what}>
            {() => null}
          </PartBoundary>
        </div>
      ))}
      <FilterBar counts={counts} options={{ service: services }} />
      {knowsNothing ? null : (
        <ListPanel>
          <div data-stale={knowsNothingNew ? '' : undefined}>
            <ListTable
              of={scheduleRows}
              rows={rows}
              total={total}
              empty={
                silent.length === 0 && counts.all === 0 && list.chosen.length === 0 ? (
                  <NoSchedules joining={joining} />
                ) : undefined
              }
            />
          </div>
        </ListPanel>
      )}
      {counts.all > 0 ? <DayAhead calendar={calendar} /> : null}
    </ListPage>
  )
}

function NoSchedules({ joining }: { joining: Joining }) {
  return (
    <EmptyState
      title="Nothing is scheduled"
      code={joiningLines(joining, {
        imports: "import { createScheduler } from 'substation/scheduler'",
        lines: [
          `const schedules = await createScheduler({ service: 'checkout', redisUrl: '${joining.redisUrl}' })`,
          "const when = { cron: '30 2 * * *', timeZone: 'Europe/Berlin' }",
          "await schedules.schedule({ name: 'invoices', when }, async () => { /* … */ })",
          'await schedules.start()',
        ],
        name: 'schedules',
      })}
    >
      A schedule of a service shows up here within two seconds, and the job schedulers of BullMQ as they are.
    </EmptyState>
  )
}
