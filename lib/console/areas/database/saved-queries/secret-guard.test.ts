import { expect, test } from 'vitest'
import { HIDDEN } from '../../../../infrastructure/logging/index.ts'
import { databaseConsole } from '../../../testing/database-console.ts'
import { shownValue } from '../browse/shown-value.ts'
import { guardedJson, guardedText } from './secret-guard.ts'

const shop = databaseConsole()

const SECRET_TEXTS = [
  'pays by 4111 1111 1111 1111',
  'amex 378282246310005.',
  '30569309025904',
  'é4111111111111111',
  'DE89 3704 0044 0532 0130 00',
  'to GB82WEST12345698765432',
  'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc',
  '-----BEGIN RSA PRIVATE KEY-----\nMII',
  'AKIAIOSFODNN7EXAMPLE',
  'sk_live_4eC39HqLyjWDarjtT1zdp7dc',
  'sk-abcdefghijklmnopqrstuv',
  'ghp_abcdefghijklmnopqrstuvwxyzABCDEFGHIJ',
  'xoxb-123456789012',
  'AIzaSyA1234567890abcdefghijklmnopqrstuvw',
  'SG.abcdefghijklmnopqrst.abcdefghijklmnopqrst',
  'npm_abcdefghijklmnopqrstuvwxyz0123456789',
  'redis://app:pass@host:6379/0',
  'HTTP://app:p/x@host redis://:only@h',
  'Authorization: BEARER abcdefghijklmnop',
  'q?API_KEY=x1',
  'password=abc',
  '{"apiKey":"k"}',
  ' [{"deep":{"Pass-Word":"k"}}]',
  '{"p\\u0061ssword":"k"}',
  '{"pin":"1234"}',
  '{"cvv2":"123"}',
]

const PLAIN_TEXTS = [
  '01K5H8V7Z4N6QW3ERTY0AB12CD',
  '1764325200000',
  '123e4567-e89b-42d3-a456-426614174000',
  '+49 30 901820',
  'https://shop.test/a?b=c',
  'ada@shop.test',
  'ORDER-2026-000123',
  'the company spins',
  '{"city":"Oslo","company":{"shipping":1}}',
  '[1,2,3]',
  '',
]

const SECRET_JSON = [
  { apiKey: 'k' },
  { deep: [{ list: [{ 'Pass Word': 'k' }] }] },
  { 'pass"word': 'k' },
  { token: { a: 1 } },
  { card: 4111111111111111 },
  ['4111 1111 1111 1111'],
  { url: 'postgres://a:b@c/d' },
]
const PLAIN_JSON = [{ tokens: 7, hasPassword: true, secret: null }, [1, 2], 'text', 3, null, { at: 1764325200000 }]

const guarded = async (guard: (value: string) => string, type: string, value: string) => {
  const [row] = await shop.bench.sql.unsafe(
    `select ${guard('v')}::text as shown from (select $1::text::${type} as v) t`,
    [value],
  )
  return row?.shown as string | null
}

test.for(SECRET_TEXTS)('hidden in a query wherever it is masked when shown: %s', async text => {
  expect(shownValue(text, { structured: false })).not.toBe(text)
  expect(await guarded(guardedText, 'text', text)).toBe(HIDDEN)
})

test.for(PLAIN_TEXTS)('left as it is: %s', async text => {
  expect(shownValue(text, { structured: false })).toBe(text)
  expect(await guarded(guardedText, 'text', text)).toBe(text)
})

test.for(SECRET_JSON)('JSON that is hidden whole: %j', async value => {
  const text = JSON.stringify(value)
  expect(shownValue(text, { structured: true })).not.toBe(text)
  expect(JSON.parse((await guarded(guardedJson, 'jsonb', text)) ?? '')).toEqual(
    Array.isArray(value) ? [HIDDEN] : { [HIDDEN]: HIDDEN },
  )
})

test.for(PLAIN_JSON)('JSON that is left as it is: %j', async value => {
  expect(JSON.parse((await guarded(guardedJson, 'jsonb', JSON.stringify(value))) ?? '')).toEqual(value)
})
