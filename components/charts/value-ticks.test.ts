import { expect, test } from 'vitest'
import { linearTicks, logTicks } from './value-ticks'

const MIB = 2 ** 20

test('numbers are in steps of 1, 2 and 5', () => {
  expect(linearTicks(0.31, 'number')).toEqual([0, 0.1, 0.2, 0.3, 0.4])
  expect(linearTicks(7.3, 'number')).toEqual([0, 2, 4, 6, 8])
  expect(linearTicks(10, 'number')).toEqual([0, 5, 10])
  expect(linearTicks(41, 'number')).toEqual([0, 20, 40, 60])
  expect(linearTicks(12_431, 'number')).toEqual([0, 5_000, 10_000, 15_000])
})

test('bytes are in powers of two', () => {
  expect(linearTicks(477 * MIB, 'bytes').map(value => value / MIB)).toEqual([0, 128, 256, 384, 512])
  expect(linearTicks(900 * MIB, 'bytes').map(value => value / MIB)).toEqual([0, 256, 512, 768, 1_024])
  expect(linearTicks(3, 'bytes')).toEqual([0, 1, 2, 3])
})

test('seconds are in steps of 1, 2 and 5 below one, and in those of a clock above', () => {
  expect(linearTicks(0.0031, 'seconds')).toEqual([0, 0.001, 0.002, 0.003, 0.004])
  expect(linearTicks(2.5, 'seconds')).toEqual([0, 1, 2, 3])
  expect(linearTicks(50, 'seconds')).toEqual([0, 15, 30, 45, 60])
  expect(linearTicks(200, 'seconds')).toEqual([0, 60, 120, 180, 240])
  expect(linearTicks(86_400 * 3, 'seconds').map(value => value / 3_600)).toEqual([0, 20, 40, 60, 80])
})

test('what is below zero has ticks too, and zero is one of them', () => {
  expect(linearTicks(7, 'number', { least: -3 })).toEqual([-5, 0, 5, 10])
  expect(linearTicks(0, 'number', { least: -3 })).toEqual([-3, -2, -1, 0])
})

test('nothing but zero has an axis too', () => {
  expect(linearTicks(0, 'number')).toEqual([0, 1])
  expect(linearTicks(0, 'bytes')).toEqual([0, 1_024])
})

test.each([
  ['number', 17],
  ['seconds', 0.0173],
  ['seconds', 7_777],
  ['bytes', 123_456_789],
] as const)('the ticks of %s reach over the value, with at most four steps', (unit, value) => {
  const ticks = linearTicks(value, unit)
  expect(ticks.at(-1)).toBeGreaterThanOrEqual(value)
  expect(ticks.at(-2)).toBeLessThan(value)
  expect(ticks.length).toBeLessThanOrEqual(5)
})

test('a logarithmic axis has 1, 2, 5 within a decade, powers of ten over several, powers of two of bytes', () => {
  expect(logTicks(2.2, 17, 'number')).toEqual([2, 5, 10, 20])
  expect(logTicks(0.0004, 2.5, 'seconds')).toEqual([0.0002, 0.001, 0.01, 0.1, 1, 5])
  expect(logTicks(100 * MIB, 500 * MIB, 'bytes').map(value => value / MIB)).toEqual([64, 128, 256, 512])
  expect(logTicks(0.0006, 1.1, 'seconds')).toEqual([0.0005, 0.01, 0.1, 2])
  expect(logTicks(3, 3, 'number')).toEqual([2, 5])
  expect(logTicks(5, 5, 'number')).toEqual([5, 50])
})
