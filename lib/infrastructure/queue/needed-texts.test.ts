import { expect, test } from 'vitest'
import { fieldsOf, neededTexts } from './adapters/bullmq-server/needed-texts.ts'
import type { JobCondition, JobTest } from './job-condition.ts'

const json = (path: string[], is: Extract<JobTest, { test: 'json' }>['is'], text: string, quoted = false): JobTest => ({
  test: 'json',
  field: 'data',
  path,
  is,
  value: { text, quoted },
})
const field = (name: 'id' | 'error', is: '=' | '!=' | '~', value: string): JobTest => ({
  test: 'field',
  field: name,
  is,
  value,
})
const attempts: JobTest = { test: 'number', field: 'attempts', is: '>', value: 1 }
const user: JobTest = { test: 'carries', what: 'user', value: 'u1' }

test.each<[JobCondition, ReturnType<typeof neededTexts>, string[]]>([
  [
    { test: 'text', contains: 'ABC' },
    [{ fields: ['id', 'name', 'failedReason', 'data'], text: 'abc', fold: true }],
    ['name', 'failedReason', 'data'],
  ],
  [field('id', '=', 'A'), [{ fields: ['id'], text: 'A' }], []],
  [field('error', '~', 'A'), [{ fields: ['failedReason'], text: 'a', fold: true }], ['failedReason']],
  [field('error', '!=', 'A'), [], ['failedReason']],
  [attempts, [], ['atm', 'attemptsMade']],
  [user, [{ fields: ['data', 'opts'], text: 'u1' }], ['data', 'opts']],
  [json(['to'], '~', 'Bob'), [{ fields: ['data'], text: 'bob', fold: true }], ['data']],
  [json(['to'], '~', '1.5'), [{ fields: ['data'], text: '1.5', fold: true, number: true }], ['data']],
  [json(['to'], '=', '12', true), [{ fields: ['data'], text: '12' }], ['data']],
  [json(['to'], '=', 'x'), [{ fields: ['data'], text: 'x' }], ['data']],
  [json(['to'], '=', '12'), [{ fields: ['data'], text: '12', number: true }], ['data']],
  [json(['to', '0'], '=', '1.5'), [{ fields: ['data'], text: '"to"' }], ['data']],
  [json(['0'], 'exists', ''), [], ['data']],
  [
    { all: [user, field('id', '=', 'A')] },
    [
      { fields: ['data', 'opts'], text: 'u1' },
      { fields: ['id'], text: 'A' },
    ],
    ['data', 'opts'],
  ],
  [{ any: [user, attempts] }, [], ['data', 'opts', 'atm', 'attemptsMade']],
  [{ not: attempts }, [], ['atm', 'attemptsMade']],
])('the condition %j needs certain texts and fields', (condition, texts, fields) => {
  expect(neededTexts(condition)).toEqual(texts)
  expect([...fieldsOf(condition)]).toEqual(fields)
})
