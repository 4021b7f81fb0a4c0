import { expect, test } from 'vitest'
import { createMetrics, DURATION_BUCKETS } from '../../infrastructure/metrics/index.ts'
import { readFamilies } from './families.ts'
import { percentileOf, toSpread } from './percentile.ts'

/** The same numbers in every run, from 0 to 1. */
function random(seed: number) {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** Three processes, one of them slow: averaging their percentiles would be far off. */
async function observed() {
  const next = random(7)
  const seconds: number[] = []
  const spreads: number[][] = []
  for (const scale of [0.01, 0.012, 0.9]) {
    const metrics = await createMetrics({ adapter: 'memory', maxSeries: 10, processMetrics: false })
    const timer = metrics.histogram({ name: 'http_request_seconds', help: 'x' })
    for (let index = 0; index < (scale > 0.5 ? 300 : 3_000); index++) {
      const value = scale * (0.2 + 2 * next() ** 2)
      seconds.push(value)
      timer.observe(value)
    }
    const count = readFamilies(await metrics.collect()).counts.get('http_request_seconds')
    spreads.push([...(count?.buckets ?? [])])
  }
  const merged = (spreads[0] ?? []).map((_, index) => spreads.reduce((sum, spread) => sum + (spread[index] ?? 0), 0))
  return { seconds: seconds.sort((a, b) => a - b), merged, spreads }
}

test.each([0.5, 0.95, 0.99])('p%d of merged buckets is in the bucket of the exact one', async share => {
  const { seconds, merged } = await observed()
  const exact = seconds[Math.ceil(share * seconds.length) - 1] as number
  const percentile = percentileOf(merged, share) as number
  const upper = DURATION_BUCKETS.find(bound => bound >= exact) as number
  expect(percentile).toBeGreaterThan(upper / 2)
  expect(percentile).toBeLessThanOrEqual(upper)
})

test('merged is not averaged: the slow process shows in the p95 of all', async () => {
  const { seconds, merged, spreads } = await observed()
  const exact = seconds[Math.ceil(0.95 * seconds.length) - 1] as number
  const averaged = spreads.reduce((sum, spread) => sum + (percentileOf(spread, 0.95) as number), 0) / spreads.length
  const off = (value: number) => Math.abs(value - exact) / exact
  expect(off(percentileOf(merged, 0.95) as number)).toBeLessThan(0.5)
  expect(off(averaged)).toBeGreaterThan(off(percentileOf(merged, 0.95) as number))
})

test('without observations there is no percentile, and above the last bound the last bound is given', () => {
  const none = Array.from({ length: DURATION_BUCKETS.length + 1 }, () => 0)
  expect(percentileOf(none, 0.5)).toBeNull()
  expect(percentileOf([...none.slice(0, -1), 5], 0.5)).toBe(DURATION_BUCKETS.at(-1))
})

test('another layout is not forced into ours', () => {
  expect(toSpread([[0.1, 1]], 1)).toBeUndefined()
  expect(
    toSpread(
      DURATION_BUCKETS.map(bound => [bound * 1.5, 0]),
      0,
    ),
  ).toBeUndefined()
})
