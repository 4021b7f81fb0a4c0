import { expect, test } from 'vitest'
import type { JobCondition, JobTest } from './job-condition.ts'
import { matches, type ReadJob } from './job-matches.ts'

const data = {
  count: 3,
  text: '5',
  word: 'Bob',
  gone: null,
  on: true,
  list: ['a', { name: 'x' }],
  user: { id: 7 },
  trace: 'prefix-t1-suffix',
  deep: { a: { b: { c: { d: { e: { userId: 'far' } } } } } },
}
const job: ReadJob = {
  text: field => (field === 'error' ? 'Refused' : undefined),
  number: field => (field === 'attempts' ? 2 : undefined),
  json: field => (field === 'data' ? JSON.stringify(data).replace('Bob', '\\u0042ob') : undefined),
}

type JsonTest = Extract<JobTest, { test: 'json' }>
const at = (path: string, is: JsonTest['is'], text = '', quoted = false): JobTest => ({
  test: 'json',
  field: 'data',
  path: path === '' ? [] : path.split('.'),
  is,
  value: { text, quoted },
})
const attempts = (is: Extract<JobTest, { test: 'number' }>['is'], value: number): JobTest => ({
  test: 'number',
  field: 'attempts',
  is,
  value,
})
const error = (is: '=' | '!=' | '~' | '!~', value: string): JobTest => ({ test: 'field', field: 'error', is, value })

test.each<[boolean, JobCondition]>([
  [true, { any: [attempts('=', 9), { not: attempts('=', 9) }] }],
  [false, { all: [attempts('=', 2), attempts('=', 9)] }],
  [true, { test: 'text', contains: 'REFUSED' }],
  [true, { test: 'text', contains: 'bob' }],
  [false, { test: 'text', contains: 'nowhere' }],
  [true, attempts('!=', 3)],
  [true, attempts('<', 3)],
  [true, attempts('<=', 2)],
  [false, attempts('>', 2)],
  [true, attempts('>=', 2)],
  [false, { test: 'number', field: 'due', is: '>', value: 0 }],
  [false, { test: 'field', field: 'stack', is: '!=', value: 'x' }],
  [true, error('=', 'Refused')],
  [true, error('!=', 'refused')],
  [true, error('~', 'refused')],
  [false, error('!~', 'refused')],
  [true, at('', '~', 'bob')],
  [true, at('', '!~', 'nowhere')],
  [false, { ...(at('x', '=', '1') as JsonTest), field: 'result' }],
  [true, at('gone', 'exists')],
  [false, at('none', 'exists')],
  [false, at('none', '!=', '1')],
  [false, at('word.deeper', 'exists')],
  [true, at('count', '=', '3')],
  [true, at('count', '=', '3.0')],
  [true, at('count', '>', '2')],
  [false, at('count', '=', '3', true)],
  [true, at('text', '>', '4')],
  [true, at('text', '=', '5', true)],
  [false, at('text', '=', '5.0')],
  [false, at('word', '>', '4')],
  [true, at('word', '>', 'Alice')],
  [false, at('on', '>', 'a')],
  [true, at('on', '=', 'true')],
  [true, at('gone', '=', 'null')],
  [false, at('word', '<', '')],
  [true, at('word', '!=', 'Alice')],
  [false, at('word', '!~', 'BOB')],
  [true, at('list', '=', 'a')],
  [true, at('list.0', '=', 'a')],
  [true, at('list.name', '=', 'x')],
  [true, at('user', '~', 'ID')],
  [false, at('user', '=', '7')],
  [true, { test: 'carries', what: 'user', value: '7' }],
  [true, { test: 'carries', what: 'trace', value: 't1' }],
  [false, { test: 'carries', what: 'workspace', value: '7' }],
  [false, { test: 'carries', what: 'user', value: 'far' }],
])('is %s: %j', (met, condition) => {
  expect(matches(condition, job)).toBe(met)
})
