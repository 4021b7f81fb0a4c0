'use client'

import { RelativeTime } from '@/components/status/relative-time'
import { Unknown } from '@/components/status/short-number'
import type { SparklineTone } from '@/components/status/sparkline'
import { cn } from '@/components/ui/cn'
import type { SeriesKey } from '@/lib/console/platform/samples'
import { formatShort } from '@/lib/core/number-format'
import { RowSparkline } from './row-sparkline'
import { Sparklines, useSparkline } from './sparklines'

export interface Trend {
  of: SeriesKey
  label: string
  /** The current value, where that is known apart from the samples; otherwise the newest of them. */
  now?: number
  format?: (value: number) => string
  /** Behind the figure: `/s`. */
  unit?: string
  tone?: SparklineTone
}

/** A sheet is as wide as a phone, or much wider. */
const COLUMNS: Record<number, string> = { 2: 'grid-cols-2', 3: 'grid-cols-3', 4: 'grid-cols-2 wide:grid-cols-4' }

/** At the head of a sheet: the last quarter of an hour of what matters most of its subject, each with its newest figure. */
export function Trends({ environment, trends }: { environment: string; trends: readonly Trend[] }) {
  const sampled = trends.find(trend => trend.now === undefined)
  return (
    <Sparklines environment={environment} keys={trends.map(trend => trend.of)}>
      <dl className={cn('grid gap-px border-b border-line bg-line', COLUMNS[trends.length])}>
        {trends.map(trend => (
          <div key={trend.label} className="min-w-0 bg-panel px-4 py-2.5">
            <dt className="truncate text-sm text-muted">{trend.label}</dt>
            <dd>
              <Newest trend={trend} />
              <RowSparkline
                of={trend.of}
                label={trend.unit ? `${trend.label} ${trend.unit}` : trend.label}
                format={trend.format}
                tone={trend.tone}
                className="mt-1"
              />
            </dd>
          </div>
        ))}
      </dl>
      {sampled ? <AsOf of={sampled.of} /> : null}
    </Sparklines>
  )
}

/** A figure of samples is of a moment ago, which matters while things change. */
function AsOf({ of }: { of: SeriesKey }) {
  const recent = useSparkline(of)
  if (recent.status !== 'up') return null
  return (
    <p className="border-b border-line px-4 py-1 text-right text-xs text-faint">
      sampled <RelativeTime at={recent.series.until} />
    </p>
  )
}

function Newest({ trend: { of, now, format = formatShort, unit } }: { trend: Trend }) {
  const recent = useSparkline(of)
  const newest = now ?? (recent.status === 'up' ? recent.series.values.at(-1) : undefined) ?? undefined
  if (newest === undefined) return <Unknown className="block text-base" />
  return (
    <span className="block truncate text-base font-semibold tabular-nums">
      {format(newest)}
      {unit ? (
        <span className="text-sm font-normal text-muted">
          {unit.startsWith('/') ? '' : ' '}
          {unit}
        </span>
      ) : null}
    </span>
  )
}
