'use client'

import { useState } from 'react'
import { useView } from '@/app/(console)/_frame/use-view'
import type { UrlFilters } from '@/app/(console)/_parts/filters/url-filters'
import { urlSort } from '@/app/(console)/_parts/filters/url-sort'
import { GapNotice } from '@/app/(console)/_parts/series/gap-notice'
import { useLastKnown } from '@/app/(console)/_parts/series/last-known'
import type { ChartTime } from '@/components/charts/chart-series'
import { beginWithData } from '@/components/charts/gaps'
import { TimeChart } from '@/components/charts/time-chart'
import { DataTable } from '@/components/data-table/data-table'
import { Panel } from '@/components/status/panel'
import { PartBoundary } from '@/components/status/part-boundary'
import { EmptyState } from '@/components/ui/empty-state'
import { SegmentedControl } from '@/components/ui/segmented-control'
import { Skeleton } from '@/components/ui/skeleton'
import type { Division } from '@/lib/console/areas/metrics/requests-by'
import type { RequestsData } from '@/lib/console/areas/metrics/views/requests'
import type { Part } from '@/lib/console/platform/part/part'
import type { Span } from '@/lib/console/series/span'
import { formatExact } from '@/lib/core/number-format'
import { scaleOf } from './chart-controls'
import { inOrder, linesOf, rowColumns, rowKey, rowsWithLines, secondaryOf } from './request-rows'
import { goTo } from './span-controls'

const DIVISIONS: readonly { value: Division; label: string }[] = [
  { value: 'route', label: 'Route' },
  { value: 'version', label: 'Version' },
  { value: 'process', label: 'Process' },
]

interface RequestSplitProps {
  environment: string
  /** Service and span, as they are in the address. */
  filters: Record<string, string>
  url: UrlFilters
}

/** Where the requests go, which of them fail and which are slow: by route, version or process. */
export function RequestSplit({ environment, filters, url }: RequestSplitProps) {
  const by = DIVISIONS.find(({ value }) => value === url.get('by'))?.value ?? 'route'
  const { reading, failed } = useView<RequestsData>(
    { view: 'requests', environment, filters: { ...filters, by } },
    undefined,
  )
  return (
    <Panel
      title="Requests by"
      actions={
        <SegmentedControl<Division>
          label="Requests by"
          value={by}
          segments={DIVISIONS}
          onChange={value => url.set({ by: value === 'route' ? undefined : value })}
        />
      }
    >
      {reading ? (
        <Split key={by} part={reading.data.requests} span={reading.data.span} by={by} url={url} />
      ) : failed ? (
        <p className="px-3.5 py-3 text-md text-muted">{failed}</p>
      ) : (
        <div role="status" aria-label="The requests are being read" className="grid gap-3 p-3.5">
          <Skeleton className="h-44" />
          <Skeleton className="h-24" />
        </div>
      )}
    </Panel>
  )
}

interface SplitProps {
  part: Part<Extract<RequestsData['requests'], { status: 'up' }>['data']>
  span: Span
  by: Division
  url: UrlFilters
}

function Split({ part, span, by, url }: SplitProps) {
  'use memo'
  const [hovered, setHovered] = useState<number>()
  return (
    <PartBoundary part={useLastKnown(part)} what="The record of figures">
      {({ rows, total, step, until, mostProcesses }) => {
        const all = url.get('service') === undefined
        const given = rowsWithLines(rows, all && by !== 'process')
        const columns = rowColumns(by)
        const order = urlSort(url, columns, 'requests')
        const [requests, latency] = [linesOf(given, 'values'), linesOf(given, 'latency')]
        const { time, begins } = beginWithData(requests, {
          from: span.from,
          to: span.to,
          step,
          until,
        } satisfies ChartTime)
        const shared = {
          time,
          hovered,
          scale: scaleOf(url),
          onHover: setHovered,
          onZoom: (from: number, to: number) => goTo(url, from, to),
        }
        return (
          <>
            <GapNotice begins={begins} gaps={[]} />
            {rows.length === 0 ? null : (
              <div className="grid grid-cols-1 gap-px border-b border-line bg-line wide:grid-cols-2">
                <TimeChart title={`Requests by ${by}`} suffix="/s" lines={requests} empty={NOT_COUNTED} {...shared} />
                <TimeChart
                  title={`p95 latency by ${by}`}
                  unit="seconds"
                  lines={latency}
                  empty={NOT_TIMED}
                  {...shared}
                />
              </div>
            )}
            <DataTable
              label={`Requests by ${by}`}
              rows={inOrder(given, order.sort)}
              rowKey={rowKey}
              columns={columns}
              secondary={secondaryOf}
              {...order}
              empty={<EmptyState title="No requests were counted in this time">{NOT_COUNTED}</EmptyState>}
            />
            {rows.length === 0 ? null : (
              <p className="border-t border-line px-3.5 py-2 text-sm text-muted">
                Means over the time that is shown; percentiles of all its requests.
                {rows.length < total ? ` The ${formatExact(rows.length)} with the most of ${formatExact(total)}.` : ''}
                {by === 'process' ? ` Of each service, at most ${mostProcesses} processes are kept apart.` : ''}
              </p>
            )}
          </>
        )
      }}
    </PartBoundary>
  )
}

const NOT_COUNTED =
  'httpRequests(metrics).watch(server, routeOf) counts and times them; sampleMetrics brings them to the fleet.'
const NOT_TIMED = 'These requests are counted, but not timed in a histogram of the library’s buckets.'
