import { expect, test } from 'vitest'
import { failureOf, storeErrorOf } from './failures.ts'
import { IdempotencyError } from './port.ts'

test.each([
  ['text', 'declined', { name: 'Error', message: 'declined' }],
  [
    'a code that is a number',
    Object.assign(new RangeError('no'), { code: 402 }),
    { name: 'RangeError', message: 'no', code: '402' },
  ],
  ['a code that is neither', Object.assign(new Error('no'), { code: {} }), { name: 'Error', message: 'no' }],
  ['a long message', new Error('x'.repeat(5_000)), { name: 'Error', message: 'x'.repeat(1_000) }],
])('of a failure with %s, name, message and code are kept', (_, error, kept) => {
  expect(failureOf(error)).toEqual(kept)
})

test('an error of the store says whether to try again, and what to do', () => {
  const known = new IdempotencyError('known', { code: 'CLOSED' })
  expect(storeErrorOf('Redis', known)).toBe(known)
  expect(storeErrorOf('Redis', Object.assign(new Error('x'), { code: 'ECONNREFUSED' }))).toMatchObject({
    code: 'UNREACHABLE',
    retryable: true,
    message: 'Redis refuses connections',
  })
  expect(storeErrorOf('Redis', Object.assign(new Error('x'), { code: 'ENOTFOUND' }))).toMatchObject({
    retryable: false,
  })
  const refused = storeErrorOf('Postgres', new Error('syntax error'))
  expect(refused).toMatchObject({ code: 'REFUSED', retryable: false, message: 'Postgres refused it: syntax error' })
  expect(refused.nextStep).toBeUndefined()
})
