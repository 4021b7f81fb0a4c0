'use client'

import { useState } from 'react'
import type { UrlFilters } from '@/app/(console)/_parts/filters/url-filters'
import { marksOf } from '@/app/(console)/_parts/series/chart-marks'
import type { ChartTime } from '@/components/charts/chart-series'
import { TimeChart } from '@/components/charts/time-chart'
import { TimeTable } from '@/components/charts/time-table'
import { Panel } from '@/components/status/panel'
import { formatAbsolute, formatDuration } from '@/components/status/time-format'
import { cn } from '@/components/ui/cn'
import type { MetricsData, Plot } from '@/lib/console/areas/metrics/views/metrics'
import type { Span } from '@/lib/console/series/span'
import { FIGURE_CHARTS, linesOf } from './figures'
import { goTo } from './span-controls'

interface FigurePanelProps {
  plot: Plot
  span: Span
  marks: MetricsData['marks']
  service: string | undefined
  asTable: boolean
  pending: boolean
  url: UrlFilters
}

/** Small multiples on one axis of time, with one crosshair; or the same as a table. */
export function FigurePanel({ plot, span, marks, service, asTable, pending, url }: FigurePanelProps) {
  'use memo'
  const [hovered, setHovered] = useState<number>()
  const time: ChartTime = { from: span.from, to: span.to, step: plot.step, until: plot.until }
  const lines = marks.status === 'down' ? [] : marksOf(marks.data.list)
  const charts = FIGURE_CHARTS.map(chart => ({ ...chart, drawn: linesOf(chart, plot) }))
  const zoom = (from: number, to: number) => goTo(url, from, to)
  return (
    <Panel
      title={service ?? 'All services together'}
      note={
        <span className="tabular-nums" suppressHydrationWarning>
          {hovered === undefined ? (
            <>
              a value is {formatDuration(plot.step)}
              {asTable ? null : <span className="touch:hidden">; drag over a chart to zoom</span>}
            </>
          ) : (
            formatAbsolute(hovered)
          )}
        </span>
      }
    >
      {asTable ? (
        <TimeTable
          label="Figures by time"
          time={time}
          columns={charts.flatMap(({ drawn, title, format }) =>
            drawn.map(line => ({ line, header: drawn.length === 1 ? title : `${title}, ${line.label}`, format })),
          )}
        />
      ) : (
        <div
          className={cn('grid grid-cols-1 gap-px bg-line transition-opacity wide:grid-cols-2', pending && 'opacity-60')}
        >
          {charts.map(({ id, title, note, format, thresholds, missing, drawn }) => (
            <TimeChart
              key={id}
              title={title}
              note={note}
              format={format}
              thresholds={thresholds}
              lines={drawn}
              time={time}
              marks={lines}
              empty={missing}
              sync="metrics"
              hovered={hovered}
              onHover={setHovered}
              onZoom={zoom}
            />
          ))}
        </div>
      )}
    </Panel>
  )
}
