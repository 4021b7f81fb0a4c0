'use client'

import { Unknown } from '@/components/status/short-number'
import type { SparklineTone } from '@/components/status/sparkline'
import { cn } from '@/components/ui/cn'
import type { SeriesKey } from '@/lib/console/series/port'
import { RowSparkline } from './row-sparkline'
import { Sparklines, useSparkline } from './sparklines'

export interface Trend {
  of: SeriesKey
  /** What it is, with its unit: "Done a second". */
  label: string
  format: (value: number) => string
  tone?: SparklineTone
}

/** On a phone two beside each other, unless they are three. */
const COLUMNS: Record<number, string> = { 2: 'grid-cols-2', 3: 'grid-cols-3', 4: 'grid-cols-2 sm:grid-cols-4' }

/** At the head of a sheet: the last quarter of an hour of what matters most of its subject, each with its newest figure. */
export function Trends({ environment, trends }: { environment: string; trends: readonly Trend[] }) {
  return (
    <Sparklines environment={environment} keys={trends.map(trend => trend.of)}>
      <dl className={cn('grid gap-px border-b border-line bg-line', COLUMNS[trends.length])}>
        {trends.map(trend => (
          <div key={trend.label} className="min-w-0 bg-panel px-4 py-2.5">
            <dt className="truncate text-sm text-muted">{trend.label}</dt>
            <dd>
              <Newest trend={trend} />
              <RowSparkline {...trend} className="mt-1" />
            </dd>
          </div>
        ))}
      </dl>
    </Sparklines>
  )
}

function Newest({ trend }: { trend: Trend }) {
  const recent = useSparkline(trend.of)
  const newest = recent.status === 'up' ? recent.series.values.at(-1) : undefined
  return (
    <span className="block truncate text-base font-semibold tabular-nums">
      {newest === undefined || newest === null ? <Unknown /> : trend.format(newest)}
    </span>
  )
}
