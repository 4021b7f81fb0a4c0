'use client'

import { useView } from '@/app/(console)/_frame/use-view'
import type { UrlFilters } from '@/app/(console)/_parts/filters/url-filters'
import { useLastKnown } from '@/app/(console)/_parts/series/last-known'
import { valueFormat } from '@/components/charts/value-format'
import { MiddleTruncate } from '@/components/status/middle-truncate'
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
import { formatExact } from '@/lib/core/number-format'
import { type KnownMetric, MetricChart, unitOf } from './metric-chart'

interface MetricSheetProps {
  name: string
  environment: string
  /** Service and span, as they are in the address. */
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

function Shown({ part, span, url }: { part: Part<KnownMetric>; span: SeriesData['span']; url: UrlFilters }) {
  return (
    <PartBoundary part={useLastKnown(part)} what="The record of figures">
      {data =>
        data.kind === undefined ? (
          <EmptyState title="Nothing of this name has been measured">
            It may be of another service, or from before the thirty days that figures are kept.
          </EmptyState>
        ) : (
          <div className="-mx-4 -mt-2 grid gap-3">
            <MetricChart data={data} span={span} url={url} />
            <LabelSets data={data} />
          </div>
        )
      }
    </PartBoundary>
  )
}

function LabelSets({ data: { name, kind = 'gauge', sets, total } }: { data: KnownMetric }) {
  const { unit, suffix } = unitOf(name, kind)
  const format = valueFormat(unit, suffix)
  return (
    <section>
      <h3 className="px-4 pb-1 text-md font-semibold">
        Label sets{' '}
        <span className="text-sm font-normal text-muted">
          {sets.length < total
            ? `the ${formatExact(sets.length)} largest of ${formatExact(total)}`
            : formatExact(total)}
          {kind === 'spread' ? ', observations per second' : ''}
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
