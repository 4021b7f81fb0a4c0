'use client'

import { useState } from 'react'
import type { UrlFilters } from '@/app/(console)/_parts/filters/url-filters'
import { chartEvents } from '@/app/(console)/_parts/series/chart-events'
import { GapNotice } from '@/app/(console)/_parts/series/gap-notice'
import type { ChartTime } from '@/components/charts/chart-series'
import { EventLane, eventsNear } from '@/components/charts/event-lane'
import { beginWithData, gapsOf } from '@/components/charts/gaps'
import { TimeChart } from '@/components/charts/time-chart'
import { TimeTable } from '@/components/charts/time-table'
import { valueFormat } from '@/components/charts/value-format'
import { Panel } from '@/components/status/panel'
import { cn } from '@/components/ui/cn'
import type { MetricsData, Plot } from '@/lib/console/areas/metrics/views/metrics'
import type { Span } from '@/lib/console/series/span'
import { formatAbsolute, formatDuration } from '@/lib/core/time-format'
import { ChartControls, drawsEvents, scaleOf } from './chart-controls'
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

/** Small multiples on one axis of time, with one crosshair and one lane of events; or the same as a table. */
export function FigurePanel({ plot, span, marks, service, asTable, pending, url }: FigurePanelProps) {
  'use memo'
  const [hovered, setHovered] = useState<number>()
  const asked: ChartTime = { from: span.from, to: span.to, step: plot.step, until: plot.until }
  const charts = FIGURE_CHARTS.map(chart => ({ ...chart, drawn: linesOf(chart, plot) }))
  const all = charts.flatMap(({ drawn }) => drawn)
  const { time, begins } = beginWithData(all, asked)
  const events = marks.status === 'down' ? [] : chartEvents(marks.data.list)
  const drawnEvents = drawsEvents(url) ? events : undefined
  const scale = scaleOf(url)
  const zoom = (from: number, to: number) => goTo(url, from, to)
  return (
    <Panel
      title={service ?? 'All services together'}
      note={asTable ? `each value covers ${formatDuration(plot.step)}` : undefined}
      actions={asTable ? undefined : <ChartControls url={url} />}
    >
      {asTable ? (
        <TimeTable
          label="Figures by time"
          time={asked}
          columns={charts.flatMap(({ drawn, title, unit, suffix }) =>
            drawn.map(line => ({
              line,
              header: drawn.length === 1 ? title : `${title}, ${line.label}`,
              format: valueFormat(unit, suffix),
            })),
          )}
        />
      ) : (
        <>
          <p
            className="min-h-7 truncate border-b border-line px-3.5 py-1 text-sm text-muted tabular-nums"
            suppressHydrationWarning
          >
            {hovered === undefined ? (
              <>
                Each value covers {formatDuration(plot.step)}.
                <span className="touch:hidden"> Drag over a chart to zoom.</span>
              </>
            ) : (
              [formatAbsolute(hovered), ...eventsNear(events, hovered, time).map(({ text }) => text)].join(' · ')
            )}
          </p>
          <GapNotice begins={begins} gaps={gapsOf(all, time).filter(({ from }) => from >= (begins ?? 0))} />
          <EventLane events={events} time={time} hovered={hovered} onHover={setHovered} />
          <div
            className={cn(
              'grid grid-cols-1 gap-px bg-line transition-opacity wide:grid-cols-2',
              pending && 'opacity-60',
            )}
          >
            {charts.map(({ id, title, note, unit, suffix, thresholds, missing, drawn }) => (
              <TimeChart
                key={id}
                title={title}
                note={note}
                unit={unit}
                suffix={suffix}
                scale={scale}
                thresholds={thresholds}
                lines={drawn}
                time={time}
                events={drawnEvents}
                empty={missing}
                hovered={hovered}
                onHover={setHovered}
                onZoom={zoom}
              />
            ))}
          </div>
        </>
      )}
    </Panel>
  )
}
