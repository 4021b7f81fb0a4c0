'use client'

import { useState } from 'react'
import { useView } from '@/app/(console)/_frame/use-view'
import type { UrlFilters } from '@/app/(console)/_parts/filters/url-filters'
import type { DataColumn } from '@/components/data-table/data-column'
import { DataTable } from '@/components/data-table/data-table'
import { SearchField } from '@/components/data-table/search-field'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { Panel } from '@/components/status/panel'
import { PartBoundary } from '@/components/status/part-boundary'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { Skeleton } from '@/components/ui/skeleton'
import type { MetricFamilyRow, MetricNamesData } from '@/lib/console/areas/metrics/views/metric-names'
import type { SeriesKind } from '@/lib/console/series/port'
import { formatExact } from '@/lib/core/number-format'

const SHOWN = 10

interface RegisteredMetricsProps {
  environment: string
  url: UrlFilters
  current: string | undefined
}

/** Every metric there is, by name; a press draws it. */
export function RegisteredMetrics({ environment, url, current }: RegisteredMetricsProps) {
  const q = url.get('q') ?? ''
  const service = url.get('service') ?? ''
  const { reading, failed } = useView<MetricNamesData>(
    {
      view: 'metric-names',
      environment,
      filters: { ...(q && { q }), ...(service && { service }) },
    },
    undefined,
  )
  const [whole, setWhole] = useState(false)
  const part = reading?.data.metrics
  return (
    <Panel
      title="Registered metrics"
      note={part && part.status !== 'down' ? formatExact(part.data.total) : undefined}
      actions={<SearchField label="Filter metrics" value={q} onChange={next => url.set({ q: next })} />}
    >
      {part ? (
        <PartBoundary part={part} what="The record of figures">
          {({ rows, total }) => (
            <>
              <DataTable
                label="Registered metrics"
                rows={whole ? rows : rows.slice(0, SHOWN)}
                rowKey={row => row.name}
                columns={columns}
                rowHref={row => url.href({ metric: row.name })}
                currentKey={current}
                secondary={row => <span className="text-sm text-muted">{KIND[row.kind]}</span>}
                empty={
                  <EmptyState title={q ? 'No metric has this in its name' : 'No metric is kept yet'}>
                    What a process registers is here half a minute later.
                  </EmptyState>
                }
              />
              {rows.length > SHOWN ? (
                <div className="border-t border-line px-3.5 py-1.5">
                  <Button variant="ghost" size="sm" onClick={() => setWhole(!whole)}>
                    {whole ? 'Show fewer' : `Show all ${formatExact(rows.length)}`}
                  </Button>
                </div>
              ) : null}
              {whole && rows.length < total ? (
                <p className="border-t border-line px-3.5 py-2 text-sm text-muted">
                  The first {formatExact(rows.length)} of {formatExact(total)}. Search to see the others.
                </p>
              ) : null}
            </>
          )}
        </PartBoundary>
      ) : failed ? (
        <p className="px-3.5 py-3 text-md text-muted">{failed}</p>
      ) : (
        <div role="status" aria-label="The names are being read" className="grid gap-2 p-3.5">
          <Skeleton className="h-4 w-64" />
          <Skeleton className="h-4 w-48" />
        </div>
      )}
    </Panel>
  )
}

export const KIND: Record<SeriesKind, string> = {
  gauge: 'gauge',
  worst: 'gauge, of the worst process',
  rate: 'counter, per second',
  spread: 'histogram',
}

const columns: DataColumn<MetricFamilyRow>[] = [
  { id: 'name', header: 'Name', cell: row => <MiddleTruncate text={row.name} mono /> },
  { id: 'kind', header: 'Kind', width: 184, hideBelow: 'wide', cell: row => KIND[row.kind] },
  {
    id: 'services',
    header: 'Services',
    width: 240,
    hideBelow: 'desk',
    cell: row => <MiddleTruncate text={row.services.join(', ')} className="text-muted" />,
  },
  {
    id: 'series',
    header: 'Label sets',
    width: 92,
    align: 'end',
    hideBelow: 'wide',
    cell: row => formatExact(row.series),
  },
]
