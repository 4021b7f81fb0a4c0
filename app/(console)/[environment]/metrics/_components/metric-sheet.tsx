'use client'

import { useState } from 'react'
import { useView } from '@/app/(console)/_frame/use-view'
import type { UrlFilters } from '@/app/(console)/_parts/filters/url-filters'
import { useLastKnown } from '@/app/(console)/_parts/series/last-known'
import type { ChartLine } from '@/components/charts/chart-series'
import { TimeChart } from '@/components/charts/time-chart'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { formatBytes, formatExact, formatShort } from '@/components/status/number-format'
import { PartBoundary } from '@/components/status/part-boundary'
import { Unknown } from '@/components/status/short-number'
import { Sparkline } from '@/components/status/sparkline'
import { CopyButton } from '@/components/ui/copy-button'
import { EmptyState } from '@/components/ui/empty-state'
import { SheetBody, SheetHeader } from '@/components/ui/sheet'
import { Skeleton } from '@/components/ui/skeleton'
import { Table, TableCell, TableHead, TableRow } from '@/components/ui/table'
import type { LabelSet, SeriesData } from '@/lib/console/areas/metrics/views/series'
import type { Part } from '@/lib/console/platform/part/part'
import { formatSeconds } from './figures'
import { KIND } from './registered-metrics'
import { goTo } from './span-controls'

type Known = Extract<SeriesData['series'], { status: 'up' }>['data']

interface MetricSheetProps {
  name: string
  environment: string
  /** Service and span, as they stand in the address. */
  filters: Record<string, string>
  url: UrlFilters
}

/** One metric over the span of the page: all of it, and its label sets. */
export function MetricSheet({ name, environment, filters, url }: MetricSheetProps) {
  const { reading, failed } = useView<SeriesData>(
    { view: 'series', environment, filters: { ...filters, name } },
    undefined,
  )
  return (
    <>
      <SheetHeader title={<MiddleTruncate text={name} mono />} description={filters.service ?? 'All services together'}>
        <span className="flex h-(--control) items-center">
          <CopyButton value={name} label="Copy the name" />
        </span>
      </SheetHeader>
      <SheetBody>
        {reading ? (
          <Shown part={reading.data.series} span={reading.data.span} url={url} />
        ) : failed ? (
          <p className="text-md text-muted">{failed}</p>
        ) : (
          <div role="status" aria-label="The metric is being read" className="grid gap-3">
            <Skeleton className="h-[190px]" />
            <Skeleton className="h-24" />
          </div>
        )}
      </SheetBody>
    </>
  )
}

function Shown({ part, span, url }: { part: Part<Known>; span: SeriesData['span']; url: UrlFilters }) {
  const [hovered, setHovered] = useState<number>()
  return (
    <PartBoundary part={useLastKnown(part)} what="The record of figures">
      {data =>
        data.kind === undefined ? (
          <EmptyState title="Nothing of this name has been measured">
            It may be of another service, or from before the thirty days that figures are kept.
          </EmptyState>
        ) : (
          <div className="-mx-4 -mt-2 grid gap-3">
            <TimeChart
              title={data.kind === 'spread' ? 'Percentiles' : 'All label sets together'}
              note={KIND[data.kind]}
              lines={linesOf(data)}
              format={formatOf(data.name, data.kind === 'spread')}
              time={{ from: span.from, to: span.to, step: data.plot.step, until: data.plot.until }}
              height={200}
              empty="It was not measured in this time."
              hovered={hovered}
              onHover={setHovered}
              onZoom={(from, to) => goTo(url, from, to)}
            />
            <LabelSets data={data} />
          </div>
        )
      }
    </PartBoundary>
  )
}

function LabelSets({ data: { name, kind, sets, total } }: { data: Known }) {
  const format = formatOf(name, false)
  return (
    <section>
      <h3 className="px-4 pb-1 text-md font-semibold">
        Label sets{' '}
        <span className="text-sm font-normal text-muted">
          {sets.length < total
            ? `the ${formatExact(sets.length)} largest of ${formatExact(total)}`
            : formatExact(total)}
          {kind === 'spread' ? ', observations a second' : kind === 'rate' ? ', a second' : ''}
        </span>
      </h3>
      <Table className="table-fixed">
        <thead>
          <tr>
            <TableHead className="pl-4">Labels</TableHead>
            <TableHead className="w-[110px]">Over time</TableHead>
            <TableHead className="w-[76px] text-right">Newest</TableHead>
            <TableHead className="w-[82px] pr-4 text-right">Most</TableHead>
          </tr>
        </thead>
        <tbody>
          {sets.map(set => (
            <TableRow key={set.series}>
              <TableCell className="pl-4">
                <MiddleTruncate text={labelsOf(set, name)} mono />
              </TableCell>
              <TableCell>
                <Sparkline values={set.values} label={`${labelsOf(set, name)} over time`} className="h-5 w-full" />
              </TableCell>
              <TableCell className="text-right tabular-nums">{worded(set.newest, format)}</TableCell>
              <TableCell className="pr-4 text-right tabular-nums">{worded(set.most, format)}</TableCell>
            </TableRow>
          ))}
        </tbody>
      </Table>
    </section>
  )
}

function worded(value: number | null, format: (value: number) => string) {
  return value === null ? <Unknown why="Not measured in this time" /> : format(value)
}

/** `route="GET /", status="200"` of `http_requests_total{route="GET /",status="200"}`. */
function labelsOf({ series }: LabelSet, name: string): string {
  const labels = series.startsWith(`${name}{`) ? series.slice(name.length + 1, -1) : ''
  return labels === '' ? 'no labels' : labels.replaceAll('",', '", ')
}

function linesOf({ kind, plot: { values } }: Known): ChartLine[] {
  if (kind !== 'spread') return [{ id: 'value', label: 'value', values: values.value }]
  return [
    { id: 'p50', label: 'p50', strength: 'faint', values: values.p50 },
    { id: 'p95', label: 'p95', strength: 'middle', values: values.p95 },
    { id: 'p99', label: 'p99', values: values.p99 },
  ]
}

/** Prometheus' names end with their unit. */
function formatOf(name: string, percentiles: boolean): (value: number) => string {
  const family = name.split('{')[0] ?? name
  if (percentiles || (family.endsWith('_seconds') && !percentiles && family.includes('lag'))) return formatSeconds
  return family.endsWith('_bytes') ? formatBytes : formatShort
}
