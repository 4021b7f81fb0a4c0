'use client'

import { useView } from '@/app/(console)/_frame/use-view'
import type { UrlFilters } from '@/app/(console)/_parts/filters/url-filters'
import { type HistoryChart, HistoryCharts } from '@/app/(console)/_parts/series/history-charts'
import { HoursControl, hoursOf } from '@/app/(console)/_parts/series/hours-control'
import { Section } from '@/app/(console)/_parts/sheets/section'
import { SheetWaiting } from '@/app/(console)/_parts/sheets/sheet-waiting'
import type { ChartLine } from '@/components/charts/chart-series'
import { PartBoundary } from '@/components/status/part-boundary'
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
          {history => (
            <HistoryCharts
              charts={chartsOf(history, group.layers)}
              span={history}
              marks={reading.data.marks}
              over="over all processes"
            />
          )}
        </PartBoundary>
      ) : (
        <SheetWaiting what="The figures over time" failed={failed} />
      )}
    </Section>
  )
}

const NOT_MEASURED = 'It was not measured in this time.'
const percent = (values: (number | null)[] | undefined) => values?.map(value => (value === null ? null : value * 100))

function chartsOf(history: CacheHistory, layers: CacheGroup['layers']): HistoryChart[] {
  const ratios: ChartLine[] = [
    { id: 'any', label: 'overall', hue: 1, values: percent(history.ratio) },
    ...(layers.includes('l1')
      ? [{ id: 'l1', label: 'memory', hue: 2 as const, values: percent(history.l1Ratio) }]
      : []),
    ...(layers.includes('l2') ? [{ id: 'l2', label: 'Redis', hue: 3 as const, values: percent(history.l2Ratio) }] : []),
  ]
  const inMemory: HistoryChart[] = [
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
