import { expect, test } from 'vitest'
import { isWhole, toDraft, toPolicy } from './rule-draft'

test.each([
  { kind: 'consecutive', failures: 7 },
  { kind: 'count', threshold: 0.25, size: 40, minimumCalls: 12 },
  { kind: 'sampling', threshold: 0.3, durationMs: 60_000, minimumRps: 0.5 },
] as const)('a form that begins with %j changes nothing of it', policy => {
  expect(toPolicy(toDraft(policy))).toEqual(policy)
})

test('what a rule leaves to its default is written out, and never beyond what it looks at', () => {
  expect(toDraft({ kind: 'count', threshold: 0.5, size: 20 }).calls).toBe(20)
  expect(toDraft({ kind: 'sampling', threshold: 0.5, durationMs: 10_000 }).calls).toBe(1)
  expect(toPolicy({ kind: 'count', threshold: 50, size: 10, calls: 99, within: 1, failures: 1 })).toMatchObject({
    minimumCalls: 10,
  })
})

test.each([{ calls: 2.5 }, { within: 3_601 }, { size: Number.NaN }, { failures: 0 }, { threshold: 100 }])(
  'a rule with %j is not asked about',
  patch => {
    const rule = toDraft({ kind: 'sampling', threshold: 0.375, durationMs: 60_000, minimumRps: 1 })
    expect(isWhole(rule)).toBe(true)
    expect(isWhole({ ...rule, ...patch })).toBe(false)
  },
)

test('an empty field stays an invalid number, which the operation refuses with its name', () => {
  expect(
    toPolicy({ kind: 'sampling', threshold: Number.NaN, within: 60, size: 1, failures: 1, calls: 1 }),
  ).toMatchObject({ threshold: Number.NaN })
})
