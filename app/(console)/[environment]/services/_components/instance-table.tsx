'use client'

import type { UrlFilters } from '@/app/(console)/_parts/filters/url-filters'
import { urlSort } from '@/app/(console)/_parts/filters/url-sort'
import { DataTable } from '@/components/data-table/data-table'
import { formatExact } from '@/components/status/number-format'
import { Panel } from '@/components/status/panel'
import { AppLink } from '@/components/ui/app-link'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import type { ProcessRow, ServicesData } from '@/lib/console/areas/services/views/services'
import { columns, InShort } from './instance-columns'

type Services = Extract<ServicesData['services'], { status: 'up' }>['data']

interface InstanceTableProps {
  environment: string
  url: UrlFilters
  data: Services
  /** The process whose sheet is open. */
  current: string | undefined
}

export function InstanceTable({ environment, url, data, current }: InstanceTableProps) {
  const { processes, total } = data
  const narrowed = ['q', 'service', 'state'].some(name => url.get(name) !== undefined)
  return (
    <Panel
      title="Processes"
      note={
        total > processes.length
          ? `showing ${formatExact(processes.length)} of ${formatExact(total)}: narrow the list to see the others`
          : formatExact(total)
      }
    >
      <DataTable<ProcessRow>
        label={`Processes in ${environment}`}
        rows={processes}
        rowKey={row => row.id}
        columns={columns}
        rowHref={row => url.href({ process: row.id })}
        currentKey={current}
        secondary={row => <InShort row={row} />}
        {...urlSort(url, columns, 'state')}
        empty={
          <EmptyState
            title={narrowed ? 'No process matches' : 'No process'}
            action={
              narrowed ? (
                <Button asChild>
                  <AppLink href={url.href({ q: undefined, service: undefined, state: undefined })}>
                    Clear the filters
                  </AppLink>
                </Button>
              ) : null
            }
          >
            {url.get('state') === 'attention'
              ? 'None is late or lost.'
              : 'Nothing that is registered fits these filters.'}
          </EmptyState>
        }
      />
    </Panel>
  )
}
