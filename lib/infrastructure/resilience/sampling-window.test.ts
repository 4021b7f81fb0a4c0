import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { SamplingWindow } from './sampling-window.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
})
afterEach(() => {
  vi.useRealTimers()
})
const pass = (ms: number) => vi.setSystemTime(Date.now() + ms)
const open = (durationMs = 10_000, minimumRps = 0) =>
  new SamplingWindow({ kind: 'sampling', threshold: 0.5, durationMs, minimumRps })

test('forgets slice by slice: none too early, and all after its duration', () => {
  const window = open()
  for (let second = 0; second < 10; second++) {
    window.success()
    pass(1_000)
  }
  // The slice that is beginning has taken the place of the oldest.
  for (let left = 9; left >= 0; left--) {
    expect(window.counts()).toEqual({ calls: left, failures: 0 })
    pass(1_000)
  }
})

test('opens above its threshold, and at no fewer calls than its rate asks for', () => {
  const window = open(90_000, 1 / 3)
  for (let call = 0; call < 29; call++) expect(window.failure()).toBe(false)
  expect(window.failure()).toBe(true)
  const half = open()
  half.success()
  expect(half.failure()).toBe(false)
  expect(half.failure()).toBe(true)
})

test('an hour takes no more slices than a minute', () => {
  const window = open(3_600_000)
  window.failure()
  pass(3_500_000)
  expect(window.counts()).toEqual({ calls: 1, failures: 1 })
  pass(160_000)
  expect(window.counts()).toEqual({ calls: 0, failures: 0 })
})

test('a clock that is set back empties it, and then it counts on', () => {
  const window = open()
  window.failure()
  pass(-3_600_000)
  expect(window.counts()).toEqual({ calls: 0, failures: 0 })
  window.failure()
  expect(window.counts()).toEqual({ calls: 1, failures: 1 })
  window.clear()
  expect(window.counts()).toEqual({ calls: 0, failures: 0 })
})
