import { expect, test } from 'vitest'
import { parseQuery } from './parse.ts'

const NOW = Date.parse('2026-03-01T04:00:00Z')
const conditionOf = (query: string) => {
  const parsed = parseQuery(query, NOW)
  if (!parsed.ok) throw new Error(`${parsed.problem.message} at ${parsed.problem.at}`)
  return parsed.condition
}
const data = (path: string[], is: string, text: string, quoted = false) => ({
  test: 'json',
  field: 'data',
  path,
  is,
  value: { text, quoted },
})

test.each([
  ['data.order.id = 42', data(['order', 'id'], '=', '42')],
  ['payload.order.id="42"', data(['order', 'id'], '=', '42', true)],
  ['data.total>=100.5', data(['total'], '>=', '100.5')],
  ['data.items.0.sku != x-1', data(['items', '0', 'sku'], '!=', 'x-1')],
  ['data."first name".de !~ ada', data(['first name', 'de'], '!~', 'ada')],
  ['data.coupon = *', data(['coupon'], 'exists', '*')],
  ['data ~ "a \\"b\\""', data([], '~', 'a "b"', true)],
  ['error ~ timeout', { test: 'field', field: 'error', is: '~', value: 'timeout' }],
  ['queue = shop:mail', { test: 'scope', field: 'queue', is: '=', value: 'shop:mail' }],
  ['state = dead', { test: 'scope', field: 'state', is: '=', value: 'failed' }],
  ['finished > 10m', { test: 'number', field: 'finished', is: '>', value: NOW - 600_000 }],
  ['due < 2h', { test: 'number', field: 'due', is: '<', value: NOW + 7_200_000 }],
  ['added >= 2026-02-28', { test: 'number', field: 'added', is: '>=', value: Date.parse('2026-02-28') }],
  ['user = u-1', { test: 'carries', what: 'user', value: 'u-1' }],
  ['ada@example.com', { test: 'text', contains: 'ada@example.com' }],
  ['"data.x = 1"', { test: 'text', contains: 'data.x = 1' }],
])('%s', (query, condition) => {
  expect(conditionOf(query)).toEqual(condition)
})

test('what stands side by side must all be so, "or" binds less, "not" most, and parentheses group', () => {
  const text = (contains: string) => ({ test: 'text', contains })
  expect(conditionOf('a b or c')).toEqual({ any: [{ all: [text('a'), text('b')] }, text('c')] })
  expect(conditionOf('a and (b or not c)')).toEqual({ all: [text('a'), { any: [text('b'), { not: text('c') }] }] })
  expect(conditionOf('"or" AND "not"')).toEqual({ all: [text('or'), text('not')] })
})

test.each([
  ['', 'Say what to look for', 0],
  ['data.x =', 'A value must follow', 7],
  ['= 4', 'A field must stand before', 0],
  ['name = "a', 'not closed', 7],
  ['a (b or c', 'not closed', 2],
  ['a) b', 'no opening parenthesis', 1],
  ['a or', 'missing at the end', 4],
  ['or b', 'both sides', 0],
  ['a colour = red', 'There is no field “colour”', 2],
  ['name > a', 'can be compared by = != ~ !~', 5],
  ['state = done', 'States are', 8],
  ['attempts > many', 'with a number', 11],
  ['finished > soon', 'with a time', 11],
  ['data..x = 1', 'part of this path is empty', 0],
  ['data = 1', 'can be compared by ~ !~', 5],
  [`${'('.repeat(30)}a`, 'too deep', 21],
  ['x'.repeat(1_001), 'at most 1,000 characters', 1_000],
])('%j is refused with the position of the problem', (query, message, at) => {
  const parsed = parseQuery(query)
  expect(parsed).toMatchObject({ ok: false, problem: { message: expect.stringContaining(message), at } })
})
