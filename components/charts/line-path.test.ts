import { expect, test } from 'vitest'
import { aboveZero, linePaths } from './line-path'

const place = { x: (index: number) => index / 4, y: (value: number) => value / 10 }

test('a path for each stretch: from middle to middle, flat to its edges', () => {
  const paths = linePaths([10, 5, null, 0], place)
  expect(paths.map(({ line }) => line)).toEqual(['M0 0L125 0L375 500L500 500', 'M750 1000L875 1000L1000 1000'])
  expect(paths[0]?.area).toBe('M0 0L125 0L375 500L500 500L500 1000L0 1000Z')
})

test('nothing measured is no path', () => {
  expect(linePaths([null, null], place)).toEqual([])
})

test('above zero: the bursts with the zeros they rise from; a line of zeros has none', () => {
  expect(aboveZero([0, 0, 0, 3, 0, 0, null, 2])).toEqual([null, null, 0, 3, 0, null, null, 2])
  expect(aboveZero([0, 0])).toEqual([null, null])
})
