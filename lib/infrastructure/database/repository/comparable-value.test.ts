import { expect, test } from 'vitest'
import { comparableValue } from './comparable-value.ts'

const date = new Date('2026-01-02T03:04:05Z')

test.each<[string, unknown, unknown]>([
  ['number', 1.5, 1.5],
  ['number', '1.5', 1.5],
  ['bigint', 7, 7n],
  ['bigint', 7n, 7n],
  ['bigint', '-9223372036854775808', -9_223_372_036_854_775_808n],
  ['boolean', true, true],
  ['boolean', 'true', true],
  ['boolean', 'false', false],
  ['date', date, date],
  ['date', '2026-01-02T03:04:05Z', date],
  ['decimal', '1.10', '1.10'],
  ['decimal', 5, '5'],
  ['text', 'a', 'a'],
  ['string', 5n, '5'],
])('a %s is made of %o', (kind, given, expected) => {
  expect(comparableValue('field', kind, given)).toEqual(expected)
})

test.each<[string, unknown]>([
  ['number', Number.POSITIVE_INFINITY],
  ['number', ''],
  ['number', null],
  ['bigint', 1.5],
  ['bigint', '1e3'],
  ['bigint', '12345678901234567890'],
  ['boolean', 'yes'],
  ['boolean', 1],
  ['date', 'yesterday'],
  ['date', new Date(Number.NaN)],
  ['date', 5],
  ['text', 'a\0'],
  ['text', {}],
  ['decimal', true],
  ['json', '{}'],
  ['array', []],
])('a %s is not made of %o', (kind, given) => {
  expect(() => comparableValue('field', kind, given)).toThrow(/field is compared with/)
})
