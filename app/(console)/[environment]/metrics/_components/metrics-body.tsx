'use client'

import dynamic from 'next/dynamic'
import { DroppedFilters } from '@/app/(console)/_parts/filters/dropped-filters'
import { FilterSelect } from '@/app/(console)/_parts/filters/filter-select'
import { goShallow, ShallowLinks } from '@/app/(console)/_parts/filters/shallow'
import { useUrlFilters } from '@/app/(console)/_parts/filters/url-filters'
import { pickFilters, useFilteredView } from '@/app/(console)/_parts/filters/use-filtered-view'
import { useLastKnown } from '@/app/(console)/_parts/series/last-known'
import { BesideSheet } from '@/app/(console)/_parts/sheets/beside-sheet'
import { type Joining, joiningLines } from '@/app/(console)/_parts/teaching/joining'
import { PageHeader } from '@/components/shell/page-header'
import { Panel } from '@/components/status/panel'
import { PartBoundary } from '@/components/status/part-boundary'
import { EmptyState } from '@/components/ui/empty-state'
import { SegmentedControl } from '@/components/ui/segmented-control'
import { Sheet } from '@/components/ui/sheet'
import type { MetricsData } from '@/lib/console/areas/metrics/views/metrics'
import type { Reading } from '@/lib/console/platform/view/read'
import { FigurePanel } from './figure-panel'
import { MarkList } from './mark-list'
import { RegisteredMetrics } from './registered-metrics'
import { RequestSplit } from './request-split'
import { SamplingNotice } from './sampling-notice'
import { SpanControls } from './span-controls'

// Both are asked for when they are looked at.
const MetricSheet = dynamic(() => import('./metric-sheet').then(module => module.MetricSheet))

export const SPAN_FILTERS = ['service', 'range', 'from', 'to'] as const

interface MetricsBodyProps {
  initial: Reading<MetricsData>
  joining: Joining
}

export function MetricsBody({ initial, joining }: MetricsBodyProps) {
  const { environment } = joining
  const url = useUrlFilters()
  const filters = pickFilters(url.get, SPAN_FILTERS)
  const { reading, pending } = useFilteredView<MetricsData>({ view: 'metrics', environment, filters }, initial)
  const { span, marks, sampling, services } = reading.data
  const figures = useLastKnown(reading.data.figures)
  const metric = url.get('metric')
  const asTable = url.get('as') === 'table'
  const known = services.status === 'down' ? [] : services.data
  return (
    <ShallowLinks>
      <BesideSheet open={metric !== undefined}>
        <PageHeader
          title="Metrics"
          actions={
            <SegmentedControl
              label="Figures as"
              value={asTable ? 'table' : 'charts'}
              segments={[
                { value: 'charts', label: 'Charts' },
                { value: 'table', label: 'Table' },
              ]}
              onChange={as => url.set({ as: as === 'table' ? 'table' : undefined })}
            />
          }
        />
        <DroppedFilters
          dropped={[...reading.dropped, ...(span.problem ? [{ filter: 'from', problem: span.problem }] : [])]}
        />
        <div className="mb-3 flex flex-wrap items-center gap-2">
          <FilterSelect
            label="Service"
            value={url.get('service') ?? ''}
            options={[
              { value: '', label: 'All services together' },
              ...known.map(service => ({ value: service, label: service })),
            ]}
            onChange={service => goShallow(url.href({ service }), 'push')}
            className="w-48 max-wide:w-full"
          />
          <SpanControls url={url} span={span} />
        </div>
        <SamplingNotice sampling={sampling} />
        <div className="@container">
          <div className="grid grid-cols-1 grid-rows-[auto_auto_1fr] items-start gap-4 @min-[980px]:grid-cols-[minmax(0,1fr)_300px]">
            <PartBoundary
              part={figures}
              what="The record of figures"
              className="overflow-clip rounded-lg border border-line"
            >
              {plot =>
                Object.keys(plot.values).length === 0 ? (
                  <Panel title="Figures" note="none yet">
                    <EmptyState title="Nothing has been measured yet" code={joiningLines(joining, TAUGHT)}>
                      Whatever joins the fleet is measured every ten seconds from then on, looked at or not; the first
                      figures are here within half a minute.
                    </EmptyState>
                  </Panel>
                ) : (
                  <FigurePanel
                    plot={plot}
                    span={span}
                    marks={marks}
                    service={url.get('service')}
                    asTable={asTable}
                    pending={pending}
                    url={url}
                  />
                )
              }
            </PartBoundary>
            <RequestSplit environment={environment} filters={filters} url={url} />
            <MarkList
              environment={environment}
              marks={marks}
              span={span}
              className="@min-[980px]:col-start-2 @min-[980px]:row-span-3 @min-[980px]:row-start-1"
            />
            <RegisteredMetrics environment={environment} url={url} current={metric} />
          </div>
        </div>
      </BesideSheet>
      <Sheet
        aria-label={metric}
        open={metric !== undefined}
        onOpenChange={open => (open ? undefined : url.set({ metric: undefined }))}
      >
        {metric === undefined ? null : (
          <MetricSheet key={metric} name={metric} environment={environment} filters={filters} url={url} />
        )}
      </Sheet>
    </ShallowLinks>
  )
}

const TAUGHT = {
  imports: "import { createMetrics, httpRequests, sampleMetrics } from 'substation/metrics'",
  lines: [
    "const registry = await createMetrics({ adapter: 'prom-client', maxSeries: 500, processMetrics: true })",
    "httpRequests(registry).watch(server, request => request.url ?? '/')",
    'const metrics = sampleMetrics(registry)',
    'metrics.start()',
  ],
  name: 'metrics',
}
