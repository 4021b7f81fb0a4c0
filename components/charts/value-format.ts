import type { ChartUnit } from '@/components/charts/chart-series'
import { formatBytes, formatExact, formatShort } from '@/lib/core/number-format'
import { formatDuration } from '@/lib/core/time-format'

/** A value in words; `suffix` is what a plain number counts: `/s`, ` cores`. */
export function valueFormat(unit: ChartUnit = 'number', suffix = ''): (value: number) => string {
  if (unit === 'bytes') return formatBytes
  if (unit === 'seconds') return value => formatDuration(value * 1_000)
  return value => `${formatShort(value)}${suffix}`
}

/** A value on an axis, where all are below each other: short, and without the zeros that a lone figure has for its width. */
export function tickFormat(unit: ChartUnit = 'number', suffix = ''): (value: number) => string {
  const format = valueFormat(unit)
  // A long unit is said once, in the heading.
  const short = suffix.length <= 2 ? suffix : ''
  return value => (value === 0 ? '0' : unit === 'number' && value < 10_000 ? formatExact(value) : format(value)) + short
}
