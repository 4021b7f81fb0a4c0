import { expect, test } from 'vitest'
import { valueScale } from './value-scale'

const line = (values: (number | null)[]) => ({ id: 'a', label: 'a', values })
const quiet = Array.from({ length: 100 }, () => 0.004)
const threshold = { value: 0.1, label: 'degraded above 100 ms' }

test('a linear scale ends at a round tick, and keeps the true value of what it cuts', () => {
  const scale = valueScale({ lines: [line([2.5, ...quiet])], unit: 'seconds' })
  expect(scale.top).toBe(0.006)
  expect(scale.ticks).toEqual([0, 0.002, 0.004, 0.006])
  expect(scale.at(0.003)).toBe(0.5)
  expect(scale.at(2.5)).toBe(1)
  expect(scale.outliers).toEqual([{ index: 0, value: 2.5, lines: [{ label: 'a', value: 2.5 }] }])
})

test('a logarithmic scale shows all of it, equal factors at equal distances, and zero at the bottom', () => {
  const scale = valueScale({ lines: [line([2.5, 0, ...quiet])], unit: 'seconds', kind: 'log' })
  expect(scale.outliers).toEqual([])
  expect(scale.top).toBeGreaterThanOrEqual(2.5)
  expect(scale.at(0.1) - scale.at(0.01)).toBeCloseTo(scale.at(1) - scale.at(0.1))
  expect(scale.at(0)).toBe(0)
})

test('a threshold is drawn when it is near, with room above; a distant one would press the line flat', () => {
  expect(valueScale({ lines: [line(quiet)], thresholds: [threshold] }).thresholds).toEqual([])
  const near = valueScale({ lines: [line(quiet.map(() => 0.09))], thresholds: [threshold] })
  expect(near.thresholds).toEqual([threshold])
  expect(near.top).toBeGreaterThan(0.1)
})

test('a gauge below zero is drawn below zero', () => {
  const scale = valueScale({ lines: [line([-4, 4])] })
  expect(scale.at(-4)).toBeLessThan(scale.at(0))
  expect(scale.at(0)).toBeLessThan(scale.at(4))
})

test('only zero, or nothing, has a scale', () => {
  expect(valueScale({ lines: [line([0, 0])] }).ticks).toEqual([0, 1])
  expect(valueScale({ lines: [line([0, null])], kind: 'log' }).ticks).toEqual([0, 1])
})
