'use client'

import dynamic from 'next/dynamic'
import { DroppedFilters } from '@/app/(console)/_parts/filters/dropped-filters'
import { ShallowLinks } from '@/app/(console)/_parts/filters/shallow'
import { useUrlFilters } from '@/app/(console)/_parts/filters/url-filters'
import { pickFilters, useFilteredView } from '@/app/(console)/_parts/filters/use-filtered-view'
import { type Joining, joiningLines } from '@/app/(console)/_parts/teaching/joining'
import { PageHeader } from '@/components/shell/page-header'
import { formatExact } from '@/components/status/number-format'
import { Panel } from '@/components/status/panel'
import { PartBoundary, PartDown } from '@/components/status/part-boundary'
import { EmptyState } from '@/components/ui/empty-state'
import type { ProcessData } from '@/lib/console/areas/services/views/process'
import type { ServicesData } from '@/lib/console/areas/services/views/services'
import type { Reading } from '@/lib/console/platform/view/read'
import { ForgetButton, ForgetByAddress } from './forget'
import { InstanceTable } from './instance-table'
import { ServiceTable } from './service-table'
import { StateFilters } from './state-filters'

// A list is opened more often than a sheet beside it.
const ProcessSheet = dynamic(() => import('./process-sheet').then(module => module.ProcessSheet))

const FILTERS = ['q', 'service', 'state', 'sort', 'dir']
interface ServicesBodyProps {
  initial: Reading<ServicesData>
  /** The process whose sheet the address opens, as the server read it. */
  opened?: { id: string; reading: Reading<ProcessData> }
  joining: Joining
}

export function ServicesBody({ initial, opened, joining }: ServicesBodyProps) {
  const { environment } = joining
  const url = useUrlFilters()
  const filters = pickFilters(url.get, FILTERS)
  const { reading, pending } = useFilteredView<ServicesData>({ view: 'services', environment, filters }, initial)
  const { services } = reading.data
  const process = url.get('process')
  const rows = services.status === 'down' ? [] : services.data.services
  const gone = rows.reduce((sum, { states }) => sum + states.lost + states.left + states.replaced, 0)
  return (
    <ShallowLinks>
      <PageHeader
        title="Services"
        note={<Note services={services} />}
        actions={gone > 0 ? <ForgetButton services={rows} filter={filters} /> : null}
      />
      <DroppedFilters dropped={reading.dropped} />
      {services.status === 'down' ? (
        <Panel title="Processes">
          <PartDown what={`The fleet of ${environment}`} part={services} />
        </Panel>
      ) : rows.length === 0 ? (
        <Panel title="Processes" note="none has registered">
          <EmptyState title="Add the library to a service" code={joiningLines(joining)}>
            Each process registers itself and shows up here within two seconds: version, figures, and what it has.
          </EmptyState>
        </Panel>
      ) : (
        <PartBoundary
          part={services}
          what="The fleet"
          className="grid grid-cols-1 gap-4 [&>[role=status]]:rounded-lg [&>[role=status]]:border [&>[role=status]]:py-2"
        >
          {data => (
            <div className="grid grid-cols-1 gap-4">
              <ServiceTable environment={environment} url={url} services={data.services} />
              <div className="grid grid-cols-1 gap-2" aria-busy={pending}>
                <StateFilters url={url} counts={data.counts} services={data.services} />
                <InstanceTable environment={environment} url={url} data={data} current={process} />
              </div>
            </div>
          )}
        </PartBoundary>
      )}
      {process ? (
        <ProcessSheet
          key={process}
          id={process}
          environment={environment}
          initial={opened?.id === process ? opened.reading : undefined}
          onClose={() => url.set({ process: undefined })}
        />
      ) : null}
      {url.get('act') === 'process.forget' ? (
        <ForgetByAddress services={rows} filter={filters} onClose={() => url.set({ act: undefined })} />
      ) : null}
    </ShallowLinks>
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
