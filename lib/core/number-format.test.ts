import { expect, test } from 'vitest'
import { formatBytes, formatExact, formatPercent, formatShort } from './number-format.ts'

test.each([
  [0, '0'],
  [1_204, '1,204'],
  [9_999, '9,999'],
  [12_431, '12.4k'],
  [99_949, '99.9k'],
  [124_310, '124k'],
  [3_100_000, '3.1M'],
  [2e15, '2P'],
  [-12_431, '-12.4k'],
  [0.314, '0.31'],
  [0.005, '0.01'],
  [0.003, '< 0.01'],
  [2, '2'],
  [12.34, '12.3'],
  [431.6, '432'],
])('%d in short is %s', (value, words) => {
  expect(formatShort(value)).toBe(words)
})

test.each([
  [999_999, '1M'],
  [99_999, '100k'],
  [999_950_000, '1G'],
])('%d is rounded into the next unit: %s', (value, words) => {
  expect(formatShort(value)).toBe(words)
})

test.each([
  [0, '0 B'],
  [512, '512 B'],
  [1_023.6, '1 KiB'],
  [1_536, '1.5 KiB'],
  [2 ** 20, '1 MiB'],
  [2 ** 20 - 1, '1 MiB'],
  [477 * 2 ** 20, '477 MiB'],
  [12.4 * 2 ** 30, '12.4 GiB'],
])('%d bytes are %s', (bytes, words) => {
  expect(formatBytes(bytes)).toBe(words)
})

test.each([
  [0, '0 %'],
  [0.0004, '< 0.1 %'],
  [0.056, '5.6 %'],
  [0.5, '50 %'],
  [0.9996, '> 99.9 %'],
  [1, '100 %'],
])('a share of %d is %s: nearly all is not all, and nearly nothing not nothing', (ratio, words) => {
  expect(formatPercent(ratio)).toBe(words)
})

test('every digit, and what is no number is a dash', () => {
  expect(formatExact(12_431.5)).toBe('12,431.5')
  for (const format of [formatShort, formatBytes, formatPercent]) {
    expect(format(Number.NaN)).toBe('–')
    expect(format(Number.POSITIVE_INFINITY)).toBe('–')
  }
})
