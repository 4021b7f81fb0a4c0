'use client'

import type { Sort } from '@/components/data-table/data-column'
import { DataTable } from '@/components/data-table/data-table'
import { formatExact } from '@/components/status/number-format'
import { Panel } from '@/components/status/panel'
import { AppLink } from '@/components/ui/app-link'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import type { ProcessRow, ServicesData } from '@/lib/console/views/services'
import type { UrlFilters } from '../../../_parts/filters/url-filters'
import { columns, InShort } from './instance-columns'

type Services = Extract<ServicesData['services'], { status: 'up' }>['data']

/** The direction each column has when the view has it first. */
const FIRST: Record<string, Sort['direction']> = {
  state: 'asc',
  name: 'asc',
  cpu: 'desc',
  memory: 'desc',
  lag: 'desc',
  age: 'desc',
}

interface InstanceTableProps {
  environment: string
  url: UrlFilters
  data: Services
  /** The process whose sheet is open. */
  current: string | undefined
}

export function InstanceTable({ environment, url, data, current }: InstanceTableProps) {
  const { processes, total } = data
  const column = url.get('sort') ?? 'state'
  const first = FIRST[column] ?? 'asc'
  const reversed = url.get('order') === 'reversed'
  const sort: Sort = { column, direction: reversed ? (first === 'asc' ? 'desc' : 'asc') : first }
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
        sort={sort}
        onSortChange={next => {
          const other = next.direction !== (FIRST[next.column] ?? 'asc')
          url.set({ sort: next.column === 'state' ? undefined : next.column, order: other ? 'reversed' : undefined })
        }}
        empty={
          <EmptyState
            title={narrowed ? 'No process matches' : 'No process'}
            action={
              narrowed ? (
                <Button asChild>
                  <AppLink href={url.href({ q: undefined, service: undefined, state: undefined })}>
                    Show all processes
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
