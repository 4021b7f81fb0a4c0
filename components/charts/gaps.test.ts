import { expect, test } from 'vitest'
import type { ChartTime } from './chart-series'
import { beginWithData, gapsOf } from './gaps'

const STEP = 10
const over = (count: number): ChartTime => ({ from: 0, to: count * STEP, step: STEP, until: count * STEP })
const line = (values: (number | null)[] | undefined) => ({ id: 'a', label: 'a', values })

test('a gap is where no line has a value, with its times', () => {
  const lines = [line([1, null, null, 1, null, 1]), line([1, null, null, null, 2, 1])]
  expect(gapsOf(lines, over(6))).toEqual([{ from: 10, to: 30 }])
})

test('a line that was never measured makes no gap; a gap ends with the axis', () => {
  expect(gapsOf([line([1, 1]), line(undefined)], over(2))).toEqual([])
  expect(gapsOf([line([null, 1, null])], { ...over(3), from: 5, to: 25 })).toEqual([
    { from: 5, to: 10 },
    { from: 20, to: 25 },
  ])
})

test('a range that is mostly empty begins where data begins, and says since when', () => {
  const values = Array.from({ length: 100 }, (_, index) => (index < 80 ? null : 1))
  const { time, begins } = beginWithData([line(values)], over(100))
  expect(begins).toBe(800)
  expect(time.from).toBeGreaterThan(700)
  expect(time.from).toBeLessThan(800)
  expect(time).toMatchObject({ to: 1000, step: STEP, until: 1000 })
})

test('a range that is filled by half, has a gap later or no data at all is shown as asked for', () => {
  const half = Array.from({ length: 100 }, (_, index) => (index < 50 ? null : 1))
  expect(beginWithData([line(half)], over(100))).toEqual({ time: over(100) })
  const later = Array.from({ length: 100 }, (_, index) => (index < 5 ? 1 : null))
  expect(beginWithData([line(later)], over(100))).toEqual({ time: over(100) })
  expect(beginWithData([line([null, null])], over(2))).toEqual({ time: over(2) })
})
