import { expect, test } from 'vitest'
import { outliersOf, robustTop } from './outliers'

const line = (values: (number | null)[], label = 'p99') => ({ id: label, label, values })
const hour = Array.from({ length: 180 }, (_, index) => 0.004 + (index % 5) / 1_000)

test('the first sample after a start does not press the hour flat', () => {
  const { top, cut } = robustTop([line([2.5, ...hour])])
  expect(cut).toBe(true)
  expect(top).toBeGreaterThanOrEqual(0.008)
  expect(top).toBeLessThan(0.01)
})

test('many starts do not either: what counts is that each is over at once', () => {
  const starts = hour.map((value, index) => (index % 20 === 0 ? 2.5 : value))
  expect(robustTop([line(starts)]).top).toBeLessThan(0.01)
})

test('a line that is spiky by nature is drawn as it is', () => {
  const spiky = hour.map((value, index) => (index % 5 === 0 ? 2.5 : value))
  expect(robustTop([line(spiky)])).toEqual({ top: 2.5, cut: false })
})

test('what lasts is no outlier, however short against the hour, nor is what is only a little larger', () => {
  const lasting = hour.map((value, index) => (index > 150 && index < 155 ? 2.5 : value))
  expect(robustTop([line(lasting)])).toEqual({ top: 2.5, cut: false })
  expect(robustTop([line([30, ...lasting])]).top).toBeCloseTo(2.5 * 1.15)
  expect(robustTop([line([0.02, ...hour])])).toEqual({ top: 0.02, cut: false })
})

test('each line is judged on its own: a slow percentile is no outlier of a fast one', () => {
  const slow = line(hour.map(value => value * 100))
  expect(robustTop([line(hour, 'p50'), slow]).cut).toBe(false)
  const cut = robustTop([line([2.5, ...hour], 'p50'), line([2.5, ...hour.map(value => value * 2)])])
  expect(cut.top).toBeGreaterThanOrEqual(0.016)
  expect(cut.top).toBeLessThan(0.02)
})

test('a burst of errors over zero is what matters, and is drawn whole', () => {
  expect(robustTop([line([...hour.map(() => 0), 8])])).toEqual({ top: 8, cut: false })
})

test('of few values none is the odd one; nothing measured has no top', () => {
  expect(robustTop([line([0.001, 0.001, 2.5])])).toEqual({ top: 2.5, cut: false })
  expect(robustTop([line([null, null])])).toEqual({ top: 0, cut: false })
})

test('what is cut is known by step, with the true value of each line', () => {
  const lines = [line([1, 9, null, 1], 'p50'), line([1, 12, 11, 1], 'p99')]
  expect(outliersOf(lines, 10)).toEqual([
    { index: 1, value: 12, lines: [{ label: 'p99', value: 12 }] },
    { index: 2, value: 11, lines: [{ label: 'p99', value: 11 }] },
  ])
  expect(outliersOf(lines, 5)[0]?.lines).toEqual([
    { label: 'p50', value: 9 },
    { label: 'p99', value: 12 },
  ])
})
