import { expect, test } from 'vitest'
import { settingText } from '../index.ts'
import { settingBytes, settingMillis } from './setting-value.ts'

test.each([
  ['16384', '8kB', '128MB'],
  ['4096', 'kB', '4MB'],
  ['1024', 'MB', '1GB'],
  ['1000', 'ms', '1s'],
  ['300', 's', '5min'],
  ['60', 'min', '1h'],
  ['7', '8kB', '56kB'],
  ['1', 'B', '1B'],
  ['-1', 'ms', '-1'],
  ['0', 's', '0'],
  ['on', undefined, 'on'],
  ['100', undefined, '100'],
])('%s of %s is %s', (value, unit, text) => {
  expect(settingText(value, unit)).toBe(text)
})

test('amounts are compared in bytes and milliseconds', () => {
  expect(settingBytes('2', '8kB')).toBe(16_384)
  expect(settingBytes('2', undefined)).toBe(2)
  expect(settingMillis('2', 'min')).toBe(120_000)
  expect(settingMillis('2', undefined)).toBe(2)
})
