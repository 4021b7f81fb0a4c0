'use client'

import dynamic from 'next/dynamic'
import { type ReactNode, useId, useMemo } from 'react'
import {
  type ChartEvent,
  type ChartLine,
  type ChartThreshold,
  type ChartTime,
  type ChartUnit,
  indexAt,
  type ScaleKind,
  stepsOf,
} from '@/components/charts/chart-series'
import { LineSwatch } from '@/components/charts/line-swatch'
import { isBadNow } from '@/components/charts/palette'
import { readingsOf } from '@/components/charts/readings'
import { tickFormat, valueFormat } from '@/components/charts/value-format'
import { valueScale } from '@/components/charts/value-scale'
import { cn } from '@/components/ui/cn'
import { Skeleton } from '@/components/ui/skeleton'

// After the page, and only in the browser: ticks are of the reader's zone, which the server does not know.
const TimePlot = dynamic(() => import('@/components/charts/time-plot').then(module => module.TimePlot), {
  ssr: false,
  loading: () => <Skeleton className="h-full" />,
})

interface TimeChartProps {
  title: string
  /** What it is of: "the slowest process". */
  note?: ReactNode
  lines: readonly ChartLine[]
  time: ChartTime
  unit?: ChartUnit
  /** What a plain number counts, behind each value: `/s`. */
  suffix?: string
  scale?: ScaleKind
  thresholds?: readonly ChartThreshold[]
  events?: readonly ChartEvent[]
  /** Where there is nothing to draw: why, and what would change that. */
  empty: ReactNode
  hovered?: number
  onHover?: (at: number | undefined) => void
  onZoom?: (from: number, to: number) => void
  height?: number
}

/** Lines over time. Gaps stay gaps; the values of the newest step, or of the one pointed at, are above it in words. */
export function TimeChart({
  title,
  note,
  lines,
  unit,
  suffix,
  scale: kind,
  thresholds,
  empty,
  height = 152,
  ...plot
}: TimeChartProps) {
  const heading = useId()
  const scale = useMemo(() => valueScale({ lines, thresholds, unit, kind }), [lines, thresholds, unit, kind])
  const format = useMemo(() => valueFormat(unit, suffix), [unit, suffix])
  const tick = useMemo(() => tickFormat(unit, suffix), [unit, suffix])
  const measured = lines.some(({ values }) => values !== undefined)
  return (
    <figure aria-labelledby={heading} className="@container m-0 min-w-0 bg-panel px-3.5 pt-2 pb-1.5">
      <figcaption className="flex min-h-5 flex-wrap items-baseline gap-x-2 text-sm">
        <span id={heading} className="text-md font-semibold">
          {title}
        </span>
        {note ? <span className="text-muted @max-[340px]:hidden">{note}</span> : null}
        {measured ? <Readings lines={lines} time={plot.time} hovered={plot.hovered} format={format} /> : null}
      </figcaption>
      {measured ? (
        <div style={{ height }}>
          <TimePlot {...plot} title={title} lines={lines} scale={scale} format={format} tick={tick} />
        </div>
      ) : (
        <div style={{ height }} className="grid content-center text-md text-muted">
          {empty}
        </div>
      )}
    </figure>
  )
}

interface ReadingsProps {
  lines: readonly ChartLine[]
  time: ChartTime
  hovered: number | undefined
  format: (value: number) => string
}

/** A legend that says the values: of all lines, at the same moment. */
function Readings({ lines, time, hovered, format }: ReadingsProps) {
  const count = stepsOf(lines)
  const index = hovered === undefined ? count - 1 : indexAt(hovered, count, time)
  return (
    <span className="ml-auto flex flex-wrap gap-x-3">
      {readingsOf(lines, index, format).map(({ id, label, words }, place) => {
        const line = lines[place] as ChartLine
        const bad = isBadNow({ ...line, values: [line.values?.[index ?? -1] ?? null] })
        return (
          <span key={id} className="flex items-center gap-1.5 text-muted">
            {lines.length === 1 ? null : (
              <>
                <LineSwatch line={line} />
                <span className="max-w-48 truncate" title={label}>
                  {label}
                </span>
              </>
            )}
            <span className={cn('font-medium whitespace-nowrap tabular-nums', bad ? 'text-bad' : 'text-ink')}>
              {words}
            </span>
          </span>
        )
      })}
    </span>
  )
}
