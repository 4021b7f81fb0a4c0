import { expect, test } from 'vitest'
import { bytes, duration, many, share } from './words.ts'

test('figures are read as people say them', () => {
  expect([0, 1_023, 1_536, 20_480, 5 * 1_024 ** 3, 3_000 * 1_024 ** 4].map(bytes)).toEqual([
    '0 bytes',
    '1023 bytes',
    '1.5 kB',
    '20 kB',
    '5.0 GB',
    '3000 TB',
  ])
  expect([0.1234, 12.4, 1_500].map(duration)).toEqual(['0.12 ms', '12 ms', '1.5 s'])
  expect([0, 0.004, 0.5].map(share)).toEqual(['0 %', '0.4 %', '50 %'])
  expect([many(1, 'row'), many(1_204.4, 'row'), many(2, 'was', 'were')]).toEqual(['1 row', '1,204 rows', '2 were'])
})
