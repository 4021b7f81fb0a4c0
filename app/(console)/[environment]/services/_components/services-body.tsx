'use client'

import dynamic from 'next/dynamic'
import { FilterBar } from '@/app/(console)/_parts/list/filter-bar'
import type { List } from '@/app/(console)/_parts/list/list'
import { ListPage } from '@/app/(console)/_parts/list/list-page'
import { ListPart } from '@/app/(console)/_parts/list/list-panel'
import { ListTable } from '@/app/(console)/_parts/list/list-table'
import { TitledPanel } from '@/app/(console)/_parts/list/titled-panel'
import { useList } from '@/app/(console)/_parts/list/use-list'
import { PROCESS_STATES, processStatus, processWord } from '@/app/(console)/_parts/processes/process-state'
import { type Joining, joiningLines } from '@/app/(console)/_parts/teaching/joining'
import { EmptyState } from '@/components/ui/empty-state'
import type { ProcessData } from '@/lib/console/areas/services/views/process'
import type { ServicesData } from '@/lib/console/areas/services/views/services'
import type { Reading } from '@/lib/console/platform/view/read'
import { formatExact } from '@/lib/core/number-format'
import { ForgetButton, ForgetByAddress } from './forget'
import { processRows } from './instance-columns'
import { ServiceTable } from './service-table'

// A list is opened more often than a sheet beside it.
const ProcessSheet = dynamic(() => import('./process-sheet').then(module => module.ProcessSheet))

const processesList: List = {
  view: 'services',
  search: 'Filter processes',
  states: [
    { value: 'attention', label: 'In trouble', status: 'warning' },
    ...PROCESS_STATES.map(state => ({
      value: state,
      label: processWord(state),
      status: processStatus[state],
      offered: 'counted' as const,
    })),
  ],
  selects: [{ name: 'service', label: 'Service', any: 'All services' }],
  sheet: ['process'],
}

interface ServicesBodyProps {
  initial: Reading<ServicesData>
  /** The process whose sheet the address opens, as the server read it. */
  opened?: { id: string; reading: Reading<ProcessData> }
  joining: Joining
}

export function ServicesBody({ initial, opened, joining }: ServicesBodyProps) {
  const { environment } = joining
  const list = useList(processesList, environment, initial)
  const { url, asked } = list
  const { services } = list.data
  const process = url.get('process')
  const rows = services.status === 'down' ? [] : services.data.services
  const gone = rows.reduce((sum, { states }) => sum + states.lost + states.left + states.replaced, 0)
  return (
    <ListPage
      list={list}
      title="Services"
      note={<Note services={services} />}
      actions={gone > 0 ? <ForgetButton services={rows} filter={asked} /> : null}
      sheet={
        process ? (
          <ProcessSheet
            key={process}
            id={process}
            environment={environment}
            initial={opened?.id === process ? opened.reading : undefined}
          />
        ) : null
      }
    >
      {rows.length === 0 ? (
        <TitledPanel title="Processes" note={services.status === 'down' ? null : 'none has registered'}>
          <ListPart part={services}>{() => <NoServices joining={joining} />}</ListPart>
        </TitledPanel>
      ) : (
        <ListPart
          part={services}
          className="[&>[role=status]]:mb-4 [&>[role=status]]:rounded-lg [&>[role=status]]:border"
        >
          {({ services, processes, counts, total }) => (
            <>
              <ServiceTable services={services} />
              <FilterBar counts={countsOf(counts)} options={{ service: services.map(({ service }) => service) }} />
              <TitledPanel title="Processes" note={formatExact(total)}>
                <ListTable of={processRows} rows={processes} total={total} />
              </TitledPanel>
            </>
          )}
        </ListPart>
      )}
      {url.get('act') === 'process.forget' ? (
        <ForgetByAddress services={rows} filter={asked} onClose={() => url.set({ act: undefined })} />
      ) : null}
    </ListPage>
  )
}

type Known = Extract<ServicesData['services'], { status: 'up' }>['data']

function countsOf(counts: Known['counts']) {
  const all = PROCESS_STATES.reduce((sum, state) => sum + counts[state], 0)
  return { ...counts, all, attention: counts.late + counts.lost }
}

function NoServices({ joining }: { joining: Joining }) {
  return (
    <EmptyState title="Add the library to a service" code={joiningLines(joining)}>
      Each process registers itself and shows up here within two seconds: version, figures, and what it has.
    </EmptyState>
  )
}

function Note({ services }: { services: ServicesData['services'] }) {
  if (services.status === 'down') return 'Not known now.'
  const rows = services.data.services
  if (rows.length === 0) return 'None yet.'
  const sum = (state: 'up' | 'late' | 'lost') => rows.reduce((total, { states }) => total + states[state], 0)
  const running = sum('up') + sum('late')
  const trouble = [
    sum('lost') > 0 && `${formatExact(sum('lost'))} lost`,
    sum('late') > 0 && `${formatExact(sum('late'))} late`,
  ]
  return [
    `${services.status === 'stale' ? 'As last seen: ' : ''}${formatExact(running)} ${running === 1 ? 'process' : 'processes'} of ${formatExact(rows.length)} ${rows.length === 1 ? 'service' : 'services'} running`,
    ...trouble,
  ]
    .filter(Boolean)
    .join(', ')
    .concat('.')
}
