import { expect, test } from 'vitest'
import { failingSinceTracker } from './failing-since.ts'

const MINUTE = 60_000
const since = (tracker: ReturnType<typeof failingSinceTracker>, first: number, last: number) =>
  tracker.of('bull:mail', { failingSince: first * MINUTE, lastFailedAt: last * MINUTE }).failingSince

test('a trouble is as old as its first dead letter, however many follow', () => {
  const tracker = failingSinceTracker()
  expect(since(tracker, 1, 2)).toBe(MINUTE)
  // The first is older than the ten minutes of a reading.
  expect(since(tracker, 4, 13)).toBe(MINUTE)
  expect(since(tracker, 22, 22)).toBe(MINUTE)
})

test('after ten quiet minutes, or when all were removed, it is new trouble', () => {
  const tracker = failingSinceTracker()
  since(tracker, 1, 2)
  expect(since(tracker, 13, 13)).toBe(13 * MINUTE)
  expect(tracker.of('bull:mail', {})).toEqual({})
  expect(since(tracker, 14, 14)).toBe(14 * MINUTE)
})
