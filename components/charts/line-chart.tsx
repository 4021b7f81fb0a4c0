'use client'

import dynamic from 'next/dynamic'
import { colourOf } from '@/components/charts/chart-series'
import type { LinePlotProps } from '@/components/charts/line-plot'
import { formatShort } from '@/components/status/number-format'
import { Skeleton } from '@/components/ui/skeleton'

// recharts is as heavy as the rest of a page: its chunk is asked for only where a chart is drawn.
const LinePlot = dynamic(() => import('@/components/charts/line-plot').then(module => module.LinePlot), {
  ssr: false,
  loading: () => <Skeleton className="h-full" />,
})

export interface LineChartProps extends LinePlotProps {
  /** What it shows, over which time: "Calls a second, last hour". */
  label: string
  height?: number
}

/** Lines over time. Gaps stay gaps, thresholds and events are marked, and the newest values are there in words. */
export function LineChart({ label, height = 180, ...plot }: LineChartProps) {
  const format = plot.format ?? formatShort
  return (
    <figure className="grid gap-1.5">
      <figcaption className="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm text-muted">
        <span>{label}</span>
        {plot.series.map(series => (
          <span key={series.id} className="flex items-center gap-1.5">
            <span aria-hidden className="h-0.5 w-3 rounded-full" style={{ background: colourOf(series) }} />
            {series.label}
            <span className="font-medium text-ink">{newest(plot, series.id, format)}</span>
          </span>
        ))}
      </figcaption>
      <div aria-hidden style={{ height }}>
        <LinePlot {...plot} />
      </div>
    </figure>
  )
}

function newest({ points }: LinePlotProps, id: string, format: (value: number) => string) {
  const value = points.at(-1)?.values[id]
  return value === null || value === undefined ? 'not measured' : format(value)
}
