'use client'

import { useState } from 'react'
import { useView } from '@/app/(console)/_frame/use-view'
import type { UrlFilters } from '@/app/(console)/_parts/filters/url-filters'
import { chartEvents } from '@/app/(console)/_parts/series/chart-events'
import { GapNotice } from '@/app/(console)/_parts/series/gap-notice'
import { HoursControl, hoursOf } from '@/app/(console)/_parts/series/hours-control'
import { Section } from '@/app/(console)/_parts/sheets/section'
import { SheetWaiting } from '@/app/(console)/_parts/sheets/sheet-waiting'
import type { ChartLine, ChartUnit } from '@/components/charts/chart-series'
import { EventLane, eventsNear } from '@/components/charts/event-lane'
import { beginWithData, gapsOf } from '@/components/charts/gaps'
import { TimeChart } from '@/components/charts/time-chart'
import { PartBoundary } from '@/components/status/part-boundary'
import { formatAbsolute, formatDuration } from '@/components/status/time-format'
import type { CacheGroup } from '@/lib/console/areas/caches/group'
import type { CacheHistory, CacheHistoryData } from '@/lib/console/areas/caches/views/cache-history'

interface CacheChartsProps {
  environment: string
  group: CacheGroup
  url: UrlFilters
}

/** What the cache answered and held over the last hours, with deploys and acts. */
export function CacheCharts({ environment, group, url }: CacheChartsProps) {
  const hours = hoursOf(url.get('hours'))
  const { reading, failed } = useView<CacheHistoryData>(
    { view: 'cache-history', environment, filters: { name: group.name, hours } },
    undefined,
  )
  return (
    <Section title="Over time">
      <div className="px-4 pb-2">
        <HoursControl hours={hours} url={url} />
      </div>
      {reading ? (
        <PartBoundary part={reading.data.history} what="The figures over time">
          {history => <Charts history={history} marks={reading.data.marks} layers={group.layers} />}
        </PartBoundary>
      ) : (
        <SheetWaiting what="The figures over time" failed={failed} />
      )}
    </Section>
  )
}

interface ChartsProps {
  history: CacheHistory
  marks: CacheHistoryData['marks']
  layers: CacheGroup['layers']
}

function Charts({ history, marks, layers }: ChartsProps) {
  'use memo'
  const [hovered, setHovered] = useState<number>()
  const charts = chartsOf(history, layers)
  const lines = charts.flatMap(chart => chart.lines)
  const { time, begins } = beginWithData(lines, history)
  const events = marks.status === 'down' ? [] : chartEvents(marks.data.list)
  return (
    <div className="border-t border-line">
      <p className="min-h-7 truncate px-3.5 py-1 text-sm text-muted tabular-nums" suppressHydrationWarning>
        {hovered === undefined
          ? `Each value covers ${formatDuration(history.step)}, over all processes.`
          : [formatAbsolute(hovered), ...eventsNear(events, hovered, time).map(({ text }) => text)].join(' · ')}
      </p>
      {marks.status === 'down' ? (
        <p className="px-3.5 py-1 text-sm text-warning">Deploys and acts are not shown: {marks.reason}</p>
      ) : null}
      <GapNotice begins={begins} gaps={gapsOf(lines, time).filter(({ from }) => from >= (begins ?? 0))} />
      <EventLane events={events} time={time} hovered={hovered} onHover={setHovered} />
      <div className="grid grid-cols-1 gap-px bg-line">
        {charts.map(({ title, ...chart }) => (
          <TimeChart
            key={title}
            title={title}
            {...chart}
            time={time}
            events={events}
            hovered={hovered}
            onHover={setHovered}
            height={120}
          />
        ))}
      </div>
    </div>
  )
}

interface Chart {
  title: string
  note?: string
  lines: ChartLine[]
  unit?: ChartUnit
  suffix?: string
  empty: string
}

const NOT_MEASURED = 'It was not measured in this time.'
const percent = (values: (number | null)[] | undefined) => values?.map(value => (value === null ? null : value * 100))

function chartsOf(history: CacheHistory, layers: CacheGroup['layers']): Chart[] {
  const ratios: ChartLine[] = [
    { id: 'any', label: 'overall', hue: 1, values: percent(history.ratio) },
    ...(layers.includes('l1')
      ? [{ id: 'l1', label: 'memory', hue: 2 as const, values: percent(history.l1Ratio) }]
      : []),
    ...(layers.includes('l2') ? [{ id: 'l2', label: 'Redis', hue: 3 as const, values: percent(history.l2Ratio) }] : []),
  ]
  const inMemory: Chart[] = [
    {
      title: 'Memory',
      lines: [{ id: 'bytes', label: 'memory', hue: 2, values: history.bytes }],
      unit: 'bytes',
      empty: NOT_MEASURED,
    },
    {
      title: 'Evictions',
      note: 'from memory, because it was full',
      lines: [{ id: 'evictions', label: 'evictions', hue: 2, values: history.evictions }],
      suffix: '/s',
      empty: NOT_MEASURED,
    },
  ]
  return [
    { title: 'Hit ratio', lines: ratios, suffix: ' %', empty: 'There were no lookups in this time.' },
    {
      title: 'Origin load saved',
      note: 'lookups a second answered by memory or Redis',
      lines: [{ id: 'answered', label: 'answered', hue: 1, values: history.answered }],
      suffix: '/s',
      empty: NOT_MEASURED,
    },
    ...(layers.includes('l1') ? inMemory : []),
  ]
}
