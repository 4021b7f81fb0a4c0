'use client'

import { memo } from 'react'
import type { ChartEvent, ChartLine, ChartTime } from '@/components/charts/chart-series'
import { EventLines } from '@/components/charts/event-lines'
import { PlotCursor, type PlotCursorProps } from '@/components/charts/plot-cursor'
import { GapLabels, OutlierMarks, ThresholdLabels, TimeLabels, ValueLabels } from '@/components/charts/plot-labels'
import { PlotLines } from '@/components/charts/plot-lines'
import type { ValueScale } from '@/components/charts/value-scale'
import { cn } from '@/components/ui/cn'

export interface TimePlotProps extends Omit<PlotCursorProps, 'format'> {
  lines: readonly ChartLine[]
  time: ChartTime
  scale: ValueScale
  /** Values in words, and on the axis. */
  format: (value: number) => string
  tick: (value: number) => string
  /** Drawn as lines, with a word above each. */
  events?: readonly ChartEvent[]
}

/** The drawing itself: axes, lines, and what can be pointed at. It is drawn in the browser, since its times are of the reader's zone. */
export function TimePlot({ events = [], ...plot }: TimePlotProps) {
  return (
    <div className={cn('relative h-full pb-5 pl-14', events.length > 0 ? 'pt-8' : 'pt-4')}>
      <div className="relative h-full">
        <Drawing {...plot} events={events} />
        <PlotCursor {...plot} />
      </div>
    </div>
  )
}

/** Apart from what moves with the pointer. */
const Drawing = memo(function Drawing({
  lines,
  time,
  scale,
  format,
  tick,
  events = [],
}: Omit<TimePlotProps, 'hovered'>) {
  return (
    <div aria-hidden>
      <ValueLabels scale={scale} format={tick} />
      <TimeLabels time={time} />
      <EventLines events={events} time={time} />
      <PlotLines lines={lines} time={time} scale={scale} />
      <GapLabels lines={lines} time={time} />
      <ThresholdLabels scale={scale} />
      <OutlierMarks lines={lines} time={time} scale={scale} format={format} />
    </div>
  )
})
