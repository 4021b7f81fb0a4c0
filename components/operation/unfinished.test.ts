import { expect, test } from 'vitest'
import { effectOf } from './live-preview.ts'
import { isUnfilled, reasonProblem } from './unfinished.ts'

const invalid = (...paths: string[]) => ({
  code: 'invalid' as const,
  message: 'not understood',
  fields: Object.fromEntries(paths.map(path => [path, 'is wrong'])),
})

test.each([
  [{}, true, 'A reason is needed.'],
  [{ reason: '   ' }, true, 'A reason is needed.'],
  [{ reason: ' ab ' }, true, 'The reason is too short.'],
  [{ reason: 'ab' }, false, 'The reason is too short.'],
  [{ reason: '' }, false, undefined],
  [{}, false, undefined],
  [{ reason: 'provider is down' }, true, undefined],
])('the reason of %j, required: %s, is answered with %s', (input, required, message) => {
  expect(reasonProblem(input, required)?.message).toBe(message)
  if (message) expect(reasonProblem(input, required)?.fields).toHaveProperty('reason')
})

test('a preview refused for empty fields alone is a form that is not filled in yet', () => {
  expect(isUnfilled(invalid('where.pattern'), { where: { by: 'pattern', pattern: '' } })).toBe(true)
  expect(isUnfilled(invalid('minutes'), { minutes: Number.NaN })).toBe(true)
  expect(isUnfilled(invalid('where.pattern'), { where: { pattern: '[' } })).toBe(false)
  expect(isUnfilled(invalid('where.pattern', 'minutes'), { where: { pattern: '' }, minutes: -1 })).toBe(false)
  expect(isUnfilled(invalid('createJournal'), { createJournal: false })).toBe(false)
  expect(isUnfilled(invalid(), {})).toBe(false)
  expect(isUnfilled({ ...invalid('where.pattern'), code: 'forbidden' }, { where: { pattern: '' } })).toBe(false)
})

test('a reason changes nothing of what is previewed, and an empty number never becomes “without end”', () => {
  expect(effectOf({ cache: 'a', reason: 'x' })).toBe(effectOf({ cache: 'a', reason: 'another' }))
  expect(effectOf({ cache: 'a' })).not.toBe(effectOf({ cache: 'b' }))
  expect(JSON.parse(effectOf({ minutes: Number.NaN }))).toEqual({ minutes: '' })
  expect(JSON.parse(effectOf({ minutes: null }))).toEqual({ minutes: null })
})
