'use client'

import type { SeriesKey } from '@/lib/console/platform/samples'
import { RowSparkline } from '../series/row-sparkline'
import { seriesOf } from '../series/sparklines'

export const breakerSeries = (series: string, breaker: string): SeriesKey => ({
  service: '*',
  series: seriesOf(series, { breaker }),
})

/** The series that `BreakerSparkline` draws, for the `Sparklines` above the rows. */
export function breakerSparklines(breakers: readonly { name: string }[]): SeriesKey[] {
  return breakers.flatMap(({ name }) => [breakerSeries('breaker_calls', name), breakerSeries('breaker_failures', name)])
}

/** Calls through a breaker in every process, and in them those that failed. */
export function BreakerSparkline({ name, figure = true }: { name: string; figure?: boolean }) {
  return (
    <RowSparkline
      of={breakerSeries('breaker_calls', name)}
      bad={{ of: breakerSeries('breaker_failures', name), label: 'Failures per second' }}
      label="Calls a second"
      figure={figure}
    />
  )
}
