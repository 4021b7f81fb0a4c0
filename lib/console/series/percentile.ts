import { DURATION_BUCKETS } from '../../infrastructure/metrics/index.ts'

/** Buckets of the fixed layout: one below each bound, and one above all. */
export const BUCKETS = DURATION_BUCKETS.length + 1

/** Turns the cumulative buckets of a histogram into the observations between each two bounds; undefined for another layout. */
export function toSpread(buckets: readonly (readonly [number, number])[], count: number): number[] | undefined {
  if (buckets.length !== DURATION_BUCKETS.length) return
  let below = 0
  const spread: number[] = []
  for (const [index, [bound, at]] of buckets.entries()) {
    if (Math.abs(bound - (DURATION_BUCKETS[index] as number)) > bound * 1e-9) return
    spread.push(Math.max(0, at - below))
    below = at
  }
  return [...spread, Math.max(0, count - below)]
}

/**
 * The percentile of a spread, in seconds, assuming an even distribution within a bucket as Prometheus' histogram_quantile does; null without
 * observations. Above the last bound it is only known to be more: then the last bound is returned.
 * https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile
 */
export function percentileOf(spread: readonly number[], share: number): number | null {
  const total = spread.reduce((sum, count) => sum + count, 0)
  if (!(total > 0)) return null
  const rank = share * total
  let below = 0
  for (const [index, count] of spread.entries()) {
    const upper = DURATION_BUCKETS[index]
    if (upper === undefined) break
    if (count > 0 && below + count >= rank) {
      const lower = index === 0 ? 0 : (DURATION_BUCKETS[index - 1] as number)
      return lower + (upper - lower) * Math.max(0, (rank - below) / count)
    }
    below += count
  }
  return DURATION_BUCKETS.at(-1) as number
}
