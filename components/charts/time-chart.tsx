'use client'

import dynamic from 'next/dynamic'
import { type ReactNode, useId } from 'react'
import { type ChartLine, opacityOf, strokeOf, timeOf } from '@/components/charts/chart-series'
import type { TimePlotProps } from '@/components/charts/time-plot'
import { formatShort } from '@/components/status/number-format'
import { Skeleton } from '@/components/ui/skeleton'

// recharts is as heavy as the rest of a page: its chunk is asked for only where a chart is drawn.
const TimePlot = dynamic(() => import('@/components/charts/time-plot').then(module => module.TimePlot), {
  ssr: false,
  loading: () => <Skeleton className="h-full" />,
})

interface TimeChartProps extends TimePlotProps {
  title: string
  /** Its unit or what it is: "a second", "99th percentile". */
  note?: ReactNode
  /** Where there is nothing to draw: why, and what would change that. */
  empty: ReactNode
  /** The step that is pointed at, in this chart or in another (ms). */
  hovered?: number
  height?: number
}

/** Lines over time. Gaps stay gaps; the figures of the newest step, or of the one pointed at, stand above in words. */
export function TimeChart({ title, note, empty, hovered, height = 144, ...plot }: TimeChartProps) {
  const heading = useId()
  const format = plot.format ?? formatShort
  const measured = plot.lines.some(({ values }) => values !== undefined)
  return (
    <figure aria-labelledby={heading} className="@container m-0 min-w-0 bg-panel px-3.5 pt-2 pb-1.5">
      <figcaption className="flex min-h-5 flex-wrap items-baseline gap-x-2 text-sm">
        <span id={heading} className="text-md font-semibold">
          {title}
        </span>
        {note ? <span className="text-muted @max-[300px]:hidden">{note}</span> : null}
        {measured ? (
          <span className="ml-auto flex flex-wrap gap-x-3">
            {plot.lines.map(line => (
              <Reading key={line.id} line={line} alone={plot.lines.length === 1}>
                {words(line, plot, hovered, format)}
              </Reading>
            ))}
          </span>
        ) : null}
      </figcaption>
      {measured ? (
        <div aria-hidden style={{ height }} className="-ml-3.5 pt-1">
          <TimePlot {...plot} />
        </div>
      ) : (
        <div style={{ height }} className="grid content-center text-md text-muted">
          {empty}
        </div>
      )}
    </figure>
  )
}

function Reading({ line, alone, children }: { line: ChartLine; alone: boolean; children: ReactNode }) {
  return (
    <span className="flex items-center gap-1.5 text-muted">
      {alone ? null : (
        <>
          <span
            aria-hidden
            className="h-0.5 w-2.5 rounded-full"
            style={{ background: strokeOf(line), opacity: opacityOf(line) }}
          />
          {line.label}
        </>
      )}
      <span className="font-medium text-ink tabular-nums">{children}</span>
    </span>
  )
}

function words(
  { values }: ChartLine,
  { time }: Pick<TimePlotProps, 'time'>,
  hovered: number | undefined,
  format: (value: number) => string,
): string {
  if (!values) return 'not measured'
  const index =
    hovered === undefined ? values.length - 1 : Math.round((hovered - timeOf(0, values.length, time)) / time.step)
  const value = values[index]
  return value === null || value === undefined ? 'not measured' : format(value)
}
