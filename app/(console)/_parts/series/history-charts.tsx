'use client'

import { useState } from 'react'
import { chartEvents } from '@/app/(console)/_parts/series/chart-events'
import { GapNotice } from '@/app/(console)/_parts/series/gap-notice'
import type { ChartLine, ChartUnit } from '@/components/charts/chart-series'
import { EventLane, eventsNear } from '@/components/charts/event-lane'
import { beginWithData, gapsOf } from '@/components/charts/gaps'
import { TimeChart } from '@/components/charts/time-chart'
import { cn } from '@/components/ui/cn'
import type { Part } from '@/lib/console/platform/part/part'
import type { Marks } from '@/lib/console/series/marks'
import { formatAbsolute, formatDuration } from '@/lib/core/time-format'

export interface HistoryChart {
  title: string
  note?: string
  lines: ChartLine[]
  unit?: ChartUnit
  suffix?: string
  empty: string
}

interface HistoryChartsProps {
  charts: readonly HistoryChart[]
  /** The span of all of them, and the step of their values (ms). */
  span: { from: number; to: number; step: number; until: number }
  /** Left out while they are not known yet. */
  marks?: Part<Marks>
  /** What one value is of, after "Each value covers 30 s, ". */
  over?: string
  /** Beside each other where there is room. */
  wide?: boolean
}

/** Charts over one span of time, with deploys and acts. */
export function HistoryCharts({ charts, span, marks, over, wide = false }: HistoryChartsProps) {
  'use memo'
  const [hovered, setHovered] = useState<number>()
  const lines = charts.flatMap(chart => chart.lines)
  const { time, begins } = beginWithData(lines, span)
  const events = !marks || marks.status === 'down' ? [] : chartEvents(marks.data.list)
  return (
    <div className="border-t border-line">
      <p className="min-h-7 truncate px-3.5 py-1 text-sm text-muted tabular-nums" suppressHydrationWarning>
        {hovered === undefined
          ? `Each value covers ${formatDuration(span.step)}${over ? `, ${over}` : ''}.`
          : [formatAbsolute(hovered), ...eventsNear(events, hovered, time).map(({ text }) => text)].join(' · ')}
      </p>
      {marks?.status === 'down' ? (
        <p className="px-3.5 py-1 text-sm text-warning">Deploys and acts are not shown: {marks.reason}</p>
      ) : null}
      <GapNotice begins={begins} gaps={gapsOf(lines, time).filter(({ from }) => from >= (begins ?? 0))} />
      <EventLane events={events} time={time} hovered={hovered} onHover={setHovered} />
      <div
        className={cn(
          'grid grid-cols-1 gap-px bg-line',
          wide && 'desk:grid-cols-2 desk:[&>:last-child:nth-child(odd)]:col-span-2',
        )}
      >
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
