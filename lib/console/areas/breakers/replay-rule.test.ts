import { expect, test } from 'vitest'
import { replayRule, type Step } from './replay-rule.ts'
import type { Rule } from './rule.ts'

const STEP = 10_000
/** Steps from pairs of calls and failures; null where nothing was measured. */
const steps = (...counts: ([calls: number, failures: number] | null)[]): (Step | null)[] =>
  counts.map((pair, index) => (pair ? { at: index * STEP, calls: pair[0], failures: pair[1] } : null))
const replay = (rule: Rule, list: (Step | null)[], halfOpenAfterMs = 10_000) =>
  replayRule(list, rule, { stepMs: STEP, halfOpenAfterMs })

const thirtyPercent: Rule = { kind: 'sampling', threshold: 0.3, durationMs: 20_000, minimumRps: 0.5 }

test('a share over time opens when it is passed, with enough calls, and not before', () => {
  const quiet: [number, number][] = [
    [10, 3],
    [10, 3],
    [2, 2],
  ]
  expect(replay(thirtyPercent, steps(...quiet)).openings).toEqual([{ at: 2 * STEP, calls: 12, failures: 5 }])
  expect(replay(thirtyPercent, steps([10, 3], [10, 3])).openings).toEqual([])
  // Nine calls of which all fail are too few.
  expect(replay(thirtyPercent, steps([5, 5], [4, 4])).openings).toEqual([])
  expect(replay(thirtyPercent, steps([5, 5], [5, 5])).openings).toMatchObject([{ at: STEP, calls: 10 }])
})

test('what has left the window does not count', () => {
  expect(replay(thirtyPercent, steps([10, 3], [0, 0], [10, 1], [5, 0])).openings).toEqual([])
})

test('it closes after a step in which a probe would have succeeded, and counts from zero again', () => {
  const found = replay(thirtyPercent, steps([10, 10], [10, 10], [10, 0], [10, 4]))
  expect(found.openings).toEqual([
    { at: 0, until: 3 * STEP, calls: 10, failures: 10 },
    { at: 3 * STEP, calls: 10, failures: 4 },
  ])
  expect(found).toMatchObject({ openSteps: 4, measured: 4 })
})

test('it stays open until its wait is over, and through steps without a call', () => {
  const found = replay(thirtyPercent, steps([10, 10], [10, 0], [10, 0], [0, 0], [10, 0]), 30_000)
  expect(found.openings).toEqual([{ at: 0, until: 5 * STEP, calls: 10, failures: 10 }])
})

test('what was not measured counts as nothing, and windows do not reach over it', () => {
  const found = replay(thirtyPercent, steps([5, 5], null, [5, 5]))
  expect(found).toEqual({ openings: [], openSteps: 0, measured: 2 })
})

test('failures in a row count over steps in which nothing succeeded', () => {
  const five: Rule = { kind: 'consecutive', failures: 5 }
  expect(replay(five, steps([3, 3], [2, 2])).openings).toEqual([{ at: STEP, calls: 5, failures: 5 }])
  expect(replay(five, steps([3, 3], [10, 9], [4, 4])).openings).toEqual([])
  expect(replay(five, steps([3, 3], [0, 0], [2, 2])).openings).toMatchObject([{ at: 2 * STEP }])
})

test('the last so many calls are taken from as many steps as they need', () => {
  const half: Rule = { kind: 'count', threshold: 0.5, size: 10, minimumCalls: 10 }
  expect(replay(half, steps([20, 20])).openings).toMatchObject([{ at: 0, calls: 10, failures: 10 }])
  // Of the last ten, six succeeded and four are from a step in which all failed.
  expect(replay(half, steps([4, 4], [6, 0])).openings).toEqual([])
  expect(replay(half, steps([100, 0], [6, 6])).openings).toEqual([{ at: STEP, calls: 10, failures: 6 }])
  expect(replay(half, steps([4, 4])).openings).toEqual([])
})

test('without a minimum it counts from ten calls in its time, as the library does', () => {
  const rule: Rule = { kind: 'sampling', threshold: 0.5, durationMs: 20_000 }
  expect(replay(rule, steps([9, 9])).openings).toEqual([])
  expect(replay(rule, steps([10, 10])).openings).toHaveLength(1)
})
