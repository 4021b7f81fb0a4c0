import { expect, test } from 'vitest'
import { formatAbsolute, formatClock, formatDuration, formatRelative, formatWhole } from './time-format.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

test.each([
  [0, '0 ms'],
  [2.54, '2.5 ms'],
  [9.98, '10 ms'],
  [850, '850 ms'],
  [999.6, '999 ms'],
  [1_250, '1.2 s'],
  [0.03, '< 0.1 ms'],
  [2_000, '2 s'],
  [12_900, '12 s'],
  [MINUTE, '1 min'],
  [4 * MINUTE + 10 * SECOND, '4 min 10 s'],
  [2 * HOUR + 5 * MINUTE + 59 * SECOND, '2 h 5 min'],
  [3 * DAY + 4 * HOUR, '3 d 4 h'],
  [-5, '0 ms'],
])('%d ms last %s', (ms, words) => {
  expect(formatDuration(ms)).toBe(words)
})

test('what ticks is in whole seconds; what has no length is a dash', () => {
  expect(formatWhole(1_900)).toBe('1 s')
  expect(formatWhole(-1)).toBe('0 s')
  expect(formatDuration(Number.NaN)).toBe('–')
})

test.each([
  [0, 'just now'],
  [-900, 'just now'],
  [-1_500, 'in 1 s'],
  [12 * SECOND, '12 s ago'],
  [6 * MINUTE + 50 * SECOND, '6 min ago'],
  [47 * HOUR, '47 h ago'],
  [2 * DAY, '2 d ago'],
  [-2 * HOUR, 'in 2 h'],
])('%d ms before now is %s', (distance, words) => {
  const now = Date.UTC(2026, 2, 4, 12)
  expect(formatRelative(now - distance, now)).toBe(words)
})

test('the clock and the day are of the reader, with two digits each and the zone', () => {
  const at = new Date(2026, 2, 4, 4, 2, 1).getTime()
  expect(formatClock(at)).toBe('04:02:01')
  expect(formatAbsolute(at)).toMatch(/^2026-03-04 04:02:01 \S+$/)
})
