import { expect, test } from 'vitest'
import { indexAt, timeOf } from './chart-series'
import { readingsOf } from './readings'

const time = { from: 0, to: 100, step: 10, until: 40 }
const lines = [
  { id: 'p50', label: 'p50', values: [1, null, 3] },
  { id: 'p99', label: 'p99', values: undefined },
]

test('a moment belongs to the step it falls into, and to none outside of what was asked for', () => {
  expect(timeOf(0, 3, time)).toBe(10)
  expect([10, 19, 20, 39].map(at => indexAt(at, 3, time))).toEqual([0, 0, 1, 2])
  expect([9, 40].map(at => indexAt(at, 3, time))).toEqual([undefined, undefined])
})

test('all lines say their value of one step; what was not measured is distinguished from what never was', () => {
  const words = (index: number | undefined) => readingsOf(lines, index, String).map(reading => reading.words)
  expect(words(2)).toEqual(['3', 'not measured'])
  expect(words(1)).toEqual(['no sample', 'not measured'])
  expect(words(undefined)).toEqual(['no sample', 'not measured'])
})
