import { percentileOf } from './percentile.ts'
import type { GroupedSeries, SeriesKind } from './port.ts'

/** What one series measured in one step. */
export interface Figure {
  series: number
  at: number
  value: number
  spread: number[] | null
}

/** The combined value of several series in one step; null where none was measured, or no percentile is known. */
export function together(figures: readonly Figure[], kind: SeriesKind, percentile?: number): number | null {
  if (figures.length === 0) return null
  if (percentile !== undefined) return percentileOf(mergedSpread(figures), percentile)
  const values = figures.map(({ value }) => value)
  return kind === 'worst' ? Math.max(...values) : values.reduce((sum, value) => sum + value, 0)
}

/** Buckets of all of them added up by position: percentiles themselves cannot be added. */
function mergedSpread(figures: readonly Figure[]): number[] {
  const sum: number[] = []
  for (const { spread } of figures)
    for (const [index, count] of (spread ?? []).entries()) sum[index] = (sum[index] ?? 0) + count
  return sum
}

interface Given {
  from: number
  to: number
  step: number
  kind: SeriesKind
  percentiles?: readonly number[]
}

/** Figures of the members of a group, in each step and over all of them. */
export function putTogether(
  figures: readonly Figure[],
  { from, to, step, kind, percentiles = [] }: Given,
): Pick<GroupedSeries, 'values' | 'percentiles' | 'whole'> {
  const steps = Map.groupBy(figures, ({ at }) => Math.round((at - from) / step))
  const count = Math.round((to - from) / step)
  const over = (percentile?: number) =>
    Array.from({ length: count }, (_, index) => together(steps.get(index) ?? [], kind, percentile))
  const values = over()
  const measured = values.filter(value => value !== null)
  const mean = measured.length === 0 ? null : measured.reduce((sum, value) => sum + value, 0) / measured.length
  return {
    values,
    percentiles: percentiles.map(over),
    whole: {
      value: mean,
      percentiles: percentiles.map(percentile => percentileOf(mergedSpread(figures), percentile)),
    },
  }
}
