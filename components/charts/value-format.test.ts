import { expect, test } from 'vitest'
import { tickFormat, valueFormat } from './value-format'

test('a value has its unit; seconds and bytes are written in larger or smaller ones', () => {
  expect(valueFormat('number', '/s')(6.25)).toBe('6.25/s')
  expect(valueFormat('number', ' cores')(0.314)).toBe('0.31 cores')
  expect(valueFormat('seconds')(0.0025)).toBe('2.5 ms')
  expect(valueFormat('bytes')(256 * 2 ** 20)).toBe('256 MiB')
})

test('a tick has a short unit, no zeros that say nothing, and zero is bare', () => {
  expect([0, 0.1, 0.25, 15_000].map(tickFormat('number', '/s'))).toEqual(['0/s', '0.1/s', '0.25/s', '15k/s'])
  expect([0, 0.5].map(tickFormat('number', ' cores'))).toEqual(['0', '0.5'])
  expect([0, 0.05, 2].map(tickFormat('seconds'))).toEqual(['0', '50 ms', '2 s'])
  expect([0, 2 ** 29].map(tickFormat('bytes'))).toEqual(['0', '512 MiB'])
})
