import { expect, test } from 'vitest'
import { dyingSinces } from './dying-since.ts'

const MINUTE = 60_000
const since = (sinces: ReturnType<typeof dyingSinces>, first: number, last: number) =>
  sinces.of('bull:mail', { dyingSince: first * MINUTE, lastFailedAt: last * MINUTE }).dyingSince

test('a trouble is as old as its first dead letter, however many die after it', () => {
  const sinces = dyingSinces()
  expect(since(sinces, 1, 2)).toBe(MINUTE)
  // The first has left the ten minutes that a reading looks at.
  expect(since(sinces, 4, 13)).toBe(MINUTE)
  expect(since(sinces, 22, 22)).toBe(MINUTE)
})

test('after ten minutes of peace, or when all were taken away, it is another trouble', () => {
  const sinces = dyingSinces()
  since(sinces, 1, 2)
  expect(since(sinces, 13, 13)).toBe(13 * MINUTE)
  expect(sinces.of('bull:mail', {})).toEqual({})
  expect(since(sinces, 14, 14)).toBe(14 * MINUTE)
})
