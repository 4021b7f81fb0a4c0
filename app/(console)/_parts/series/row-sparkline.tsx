'use client'

import { aboveZero } from '@/components/charts/line-path'
import { robustTop } from '@/components/charts/outliers'
import { Sparkline, type SparklineTone } from '@/components/status/sparkline'
import { cn } from '@/components/ui/cn'
import type { SeriesKey } from '@/lib/console/platform/samples'
import { formatShort } from '@/lib/core/number-format'
import { type Recent, useSparkline } from './sparklines'

interface RowSparklineProps {
  /** One of those that the `Sparklines` above asks for. */
  of: SeriesKey
  /** What it shows, with its unit: "Requests a second". */
  label: string
  /** The newest figure in words; default a short number. */
  format?: (value: number) => string
  tone?: SparklineTone
  /** A part of it, drawn into it in the colour of what is bad: of calls, those that failed. */
  bad?: { of: SeriesKey; label: string }
  /** The newest figure beside the line. */
  figure?: boolean
  className?: string
}

/** The last quarter of an hour of one series in a row of a table. What is not known is a dotted line that says why, never a zero. */
export function RowSparkline({
  of,
  label,
  format = formatShort,
  tone,
  bad,
  figure = false,
  className,
}: RowSparklineProps) {
  const recent = useSparkline(of)
  const badRecent = useSparkline(bad?.of ?? of)
  if (recent.status === 'pending')
    return <span className={cn('block h-5 w-full', className)} aria-busy="true" aria-hidden />
  const values = recent.status === 'up' ? recent.series.values : []
  const badValues = bad && badRecent.status === 'up' ? badRecent.series.values : []
  const { top } = robustTop([{ values }])
  const newest = values.at(-1) ?? null
  const anyBad = badValues.some(value => value !== null && value > 0)
  const words = [wordsOf(recent, label, format), anyBad && bad ? wordsOf(badRecent, bad.label, format) : '']
    .filter(Boolean)
    .join('. ')
  return (
    <span className={cn('flex min-w-0 items-center gap-2', className)} title={words}>
      <span className="relative block h-5 min-w-0 flex-1">
        <Sparkline values={values} label={words} tone={tone} className="h-5 w-full" />
        {anyBad ? (
          <span aria-hidden className="absolute inset-0">
            <Sparkline values={aboveZero(badValues)} label="" tone="bad" max={top} className="h-5 w-full" />
          </span>
        ) : null}
      </span>
      {figure ? (
        <span aria-hidden className="w-9 shrink-0 whitespace-nowrap text-right text-sm tabular-nums text-muted">
          {newest === null ? '–' : format(newest)}
        </span>
      ) : null}
    </span>
  )
}

function wordsOf(recent: Recent, label: string, format: (value: number) => string): string {
  if (recent.status === 'down') return `${label}: not known, ${recent.reason}`
  const values = recent.status === 'up' ? recent.series.values : []
  const known = values.filter(value => value !== null)
  if (known.length === 0) return `${label}: not measured in the last 15 minutes`
  const newest = values.at(-1) ?? null
  return `${label}, last 15 minutes: ${newest === null ? 'not measured' : format(newest)} now, at most ${format(Math.max(...known))}`
}
