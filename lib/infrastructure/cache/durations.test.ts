import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Durations } from './durations.ts'

test('nothing was measured: no report', () => {
  expect(new Durations().report()).toBeUndefined()
})

test('percentiles are in order, within a bucket of the true ones, and never above the longest', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 90_000, noNaN: true }), { minLength: 1, maxLength: 200 }), list => {
      const durations = new Durations()
      for (const ms of list) durations.add(ms)
      const { count, p50, p95 } = durations.report() ?? { count: 0, p50: 0, p95: 0 }
      const sorted = list.toSorted((a, b) => a - b)
      const exact = (share: number) => sorted[Math.ceil(share * list.length) - 1] ?? 0
      expect(count).toBe(list.length)
      expect(p50).toBeLessThanOrEqual(p95)
      expect(p95).toBeLessThanOrEqual(Math.max(...list) + 0.05)
      for (const [estimate, share] of [
        [p50, 0.5],
        [p95, 0.95],
      ] as const) {
        expect(estimate).toBeLessThanOrEqual(Math.max(0.1, exact(share) * 2) + 0.05)
        expect(estimate).toBeGreaterThanOrEqual(exact(share) / 2 - 0.05)
      }
    }),
  )
})

test('what takes longer than the last bound counts as that bound', () => {
  const durations = new Durations()
  durations.add(10_000_000)
  expect(durations.report()).toEqual({ count: 1, p50: 104_858, p95: 104_858 })
})
