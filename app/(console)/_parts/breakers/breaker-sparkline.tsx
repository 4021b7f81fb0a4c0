'use client'

import type { SeriesKey } from '@/lib/console/series/port'
import { RowSparkline } from '../series/row-sparkline'
import { seriesOf } from '../series/sparklines'

const keyOf = (series: string, breaker: string): SeriesKey => ({ service: '*', series: seriesOf(series, { breaker }) })

/** The series that `BreakerSparkline` draws, for the `Sparklines` above the rows. */
export function breakerSparklines(breakers: readonly { name: string }[]): SeriesKey[] {
  return breakers.flatMap(({ name }) => [keyOf('breaker_calls', name), keyOf('breaker_failures', name)])
}

/** Calls through a breaker in every process, and in them those that failed. */
export function BreakerSparkline({ name, figure = true }: { name: string; figure?: boolean }) {
  return (
    <RowSparkline
      of={keyOf('breaker_calls', name)}
      bad={{ of: keyOf('breaker_failures', name), label: 'Failures a second' }}
      label="Calls a second"
      figure={figure}
    />
  )
}
