import { expect, test } from 'vitest'
import { timeTicks } from './time-axis'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** In the reader's zone, which is that of this process. */
const at = (hour: number, minute = 0, second = 0, day = 4) => new Date(2026, 2, day, hour, minute, second).getTime()
const labels = (from: number, to: number, most?: number) => timeTicks({ from, to }, most).map(({ label }) => label)

test('ticks of an hour that begins at 20:43 are at round times', () => {
  expect(labels(at(20, 43, 17), at(21, 43, 17))).toEqual(['20:45', '21:00', '21:15', '21:30'])
})

test('minutes have seconds, quarters of an hour five minutes, days their name at midnight', () => {
  expect(labels(at(4, 2, 3), at(4, 3, 3))).toEqual(['04:02:15', '04:02:30', '04:02:45', '04:03:00'])
  expect(labels(at(4, 2), at(4, 17))).toEqual(['04:05', '04:10', '04:15'])
  expect(labels(at(15, 10), at(15, 10) + 24 * HOUR)).toEqual(['18:00', 'Mar 5', '06:00', '12:00'])
  expect(labels(at(15), at(15) + 7 * 24 * HOUR)).toEqual(['Mar 6', 'Mar 8', 'Mar 10'])
})

test('a tick stays where it is while the range moves on', () => {
  const from = at(15)
  const first = timeTicks({ from, to: from + 30 * 24 * HOUR })
  const later = timeTicks({ from: from + 25 * HOUR, to: from + 25 * HOUR + 30 * 24 * HOUR })
  const shared = (ticks: { at: number }[]) =>
    ticks.map(tick => tick.at).filter(tick => tick > from + 25 * HOUR && tick < from + 30 * 24 * HOUR)
  expect(shared(first).length).toBeGreaterThan(1)
  expect(shared(later)).toEqual(shared(first))
})

test.each([MINUTE, 15 * MINUTE, HOUR, 6 * HOUR, 24 * HOUR, 7 * 24 * HOUR, 30 * 24 * HOUR])(
  'a stretch of %i ms has two to five of them, in order and within it',
  length => {
    const from = at(20, 43, 17)
    const ticks = timeTicks({ from, to: from + length })
    expect(ticks.length).toBeGreaterThanOrEqual(2)
    expect(ticks.length).toBeLessThanOrEqual(6)
    expect(ticks.map(tick => tick.at)).toEqual(ticks.map(tick => tick.at).toSorted((a, b) => a - b))
    expect(ticks.every(tick => tick.at >= from && tick.at <= from + length)).toBe(true)
  },
)

test('a change of summer time moves no tick off the hour', () => {
  // Where the zone of this process has none, this is an ordinary night.
  for (const night of [new Date(2026, 2, 28, 18), new Date(2026, 9, 24, 18)]) {
    const from = night.getTime()
    const ticks = timeTicks({ from, to: from + 24 * HOUR })
    expect(ticks.map(tick => new Date(tick.at).getMinutes())).toEqual(ticks.map(() => 0))
    expect(ticks.map(tick => new Date(tick.at).getHours() % 6)).toEqual(ticks.map(() => 0))
  }
})
