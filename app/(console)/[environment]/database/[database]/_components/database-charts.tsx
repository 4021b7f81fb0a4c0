'use client'

import { useView } from '@/app/(console)/_frame/use-view'
import { useUrlFilters } from '@/app/(console)/_parts/filters/url-filters'
import { type HistoryChart, HistoryCharts } from '@/app/(console)/_parts/series/history-charts'
import { HoursControl, hoursOf } from '@/app/(console)/_parts/series/hours-control'
import { SheetWaiting } from '@/app/(console)/_parts/sheets/sheet-waiting'
import type { ChartLine } from '@/components/charts/chart-series'
import { Panel } from '@/components/status/panel'
import { PartBoundary } from '@/components/status/part-boundary'
import type { DatabaseHistory, DatabaseHistoryData } from '@/lib/console/areas/database/views/history'

/** What the database did over the last hours, with deploys and acts. */
export function DatabaseCharts({ environment, name }: { environment: string; name: string }) {
  const url = useUrlFilters()
  const hours = hoursOf(url.get('hours'))
  const { reading, failed } = useView<DatabaseHistoryData>(
    { view: 'database-history', environment, filters: { name, hours } },
    undefined,
  )
  return (
    <Panel title="Over time" actions={<HoursControl hours={hours} url={url} />}>
      {reading ? (
        <PartBoundary part={reading.data.history} what="The figures over time">
          {history => (
            <HistoryCharts
              charts={chartsOf(history)}
              span={history}
              marks={reading.data.marks}
              over="of samples ten seconds apart"
              wide
            />
          )}
        </PartBoundary>
      ) : (
        <SheetWaiting what="The figures over time" failed={failed} />
      )}
    </Panel>
  )
}

const NOT_MEASURED = 'It was not measured in this time.'

function chartsOf({ values }: DatabaseHistory): HistoryChart[] {
  const line = (label: string, values: ChartLine['values'], hue: ChartLine['hue'] = 1): ChartLine => ({
    id: label,
    label,
    hue,
    values,
  })
  const percent = values.hitRatio?.map(value => (value === null ? null : value * 100))
  return [
    {
      title: 'Connections',
      note: 'of the whole server',
      lines: [line('open', values.connections)],
      empty: NOT_MEASURED,
    },
    {
      title: 'Transactions',
      lines: [line('committed or rolled back', values.transactions)],
      suffix: '/s',
      empty: NOT_MEASURED,
    },
    {
      title: 'Longest transaction',
      note: 'of the whole server, without this console’s',
      lines: [line('open for', values.longestTransaction)],
      unit: 'seconds',
      empty: NOT_MEASURED,
    },
    {
      title: 'Locks waited for',
      lines: [line('waiting', values.waiting)],
      empty: NOT_MEASURED,
    },
    {
      title: 'Cache hit ratio',
      note: 'of blocks read between two samples',
      lines: [line('hit', percent)],
      suffix: ' %',
      empty: 'Nothing was read in this time.',
    },
    {
      title: 'Write-ahead log',
      note: 'written a second',
      lines: [line('written', values.writeAhead)],
      unit: 'bytes',
      suffix: '/s',
      empty: NOT_MEASURED,
    },
    { title: 'Size', lines: [line('on disk', values.bytes)], unit: 'bytes', empty: NOT_MEASURED },
    ...(values.behind
      ? [
          {
            title: 'Replication',
            note: 'the follower furthest behind',
            lines: [line('behind', values.behind)],
            unit: 'bytes' as const,
            empty: NOT_MEASURED,
          },
        ]
      : []),
  ]
}
