'use client'

import { useState } from 'react'
import { chartEvents } from '@/app/(console)/_parts/series/chart-events'
import { GapNotice } from '@/app/(console)/_parts/series/gap-notice'
import type { ChartLine, ChartUnit } from '@/components/charts/chart-series'
import { EventLane, eventsNear } from '@/components/charts/event-lane'
import { beginWithData, gapsOf } from '@/components/charts/gaps'
import { TimeChart } from '@/components/charts/time-chart'
import { formatAbsolute, formatDuration } from '@/components/status/time-format'
import type { QueryData, QueryHistory } from '@/lib/console/areas/database/views/query'

interface QueryChartsProps {
  history: QueryHistory
  marks: QueryData['marks']
}

/** Mean, calls and rows of a statement, with deploys and acts. */
export function QueryCharts({ history, marks }: QueryChartsProps) {
  'use memo'
  const [hovered, setHovered] = useState<number>()
  const charts = chartsOf(history)
  const lines = charts.flatMap(chart => chart.lines)
  const { time, begins } = beginWithData(lines, history)
  const events = !marks || marks.status === 'down' ? [] : chartEvents(marks.data.list)
  return (
    <div className="border-t border-line">
      <p className="min-h-7 truncate px-3.5 py-1 text-sm text-muted tabular-nums" suppressHydrationWarning>
        {hovered === undefined
          ? `Each value covers ${formatDuration(history.step)}.`
          : [formatAbsolute(hovered), ...eventsNear(events, hovered, time).map(({ text }) => text)].join(' · ')}
      </p>
      {marks?.status === 'down' ? (
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
            empty="Its figures are not kept: it is not among the forty statements that take most of the time."
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
}

function chartsOf({ mean, calls, rows }: QueryHistory): Chart[] {
  return [
    {
      title: 'Mean',
      note: 'time of a call',
      lines: [
        { id: 'mean', label: 'mean', hue: 1, values: mean?.map(value => (value === null ? null : value / 1_000)) },
      ],
      unit: 'seconds',
    },
    { title: 'Calls', lines: [{ id: 'calls', label: 'calls', hue: 2, values: calls }], suffix: '/s' },
    { title: 'Rows', lines: [{ id: 'rows', label: 'rows', hue: 3, values: rows }], suffix: '/s' },
  ]
}
