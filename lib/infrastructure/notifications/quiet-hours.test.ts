import { describe, expect, test } from 'vitest'
import { loadTimings } from '../scheduler/index.ts'
import { quietUntil } from './quiet-hours.ts'

const timings = await loadTimings()
const NIGHT = { from: '22:00', to: '07:00' }
const until = (now: string, zone: string, hours = NIGHT) => {
  const end = quietUntil(timings, hours, zone, Date.parse(now))
  return end === undefined ? undefined : new Date(end).toISOString()
}

describe('quiet hours', () => {
  test.each([
    ['before they begin', '2026-06-10T19:59:59Z', undefined],
    ['as they begin', '2026-06-10T20:00:00Z', '2026-06-11T05:00:00.000Z'],
    ['after midnight', '2026-06-11T02:00:00Z', '2026-06-11T05:00:00.000Z'],
    ['as they end', '2026-06-11T05:00:00Z', undefined],
  ])('%s', (_when, now, expected) => expect(until(now, 'Europe/Berlin')).toBe(expected))

  test('within one day', () => {
    const noon = { from: '12:00', to: '13:30' }
    expect(until('2026-06-10T12:10:00Z', 'UTC', noon)).toBe('2026-06-10T13:30:00.000Z')
    expect(until('2026-06-10T14:00:00Z', 'UTC', noon)).toBeUndefined()
  })

  test('they end by the clock in the nights in which it changes', () => {
    // Berlin goes from 02:00 to 03:00 on 29 March, and from 03:00 to 02:00 on 25 October.
    expect(until('2026-03-28T23:00:00Z', 'Europe/Berlin')).toBe('2026-03-29T05:00:00.000Z')
    expect(until('2026-10-24T23:00:00Z', 'Europe/Berlin')).toBe('2026-10-25T06:00:00.000Z')
  })

  test('an end that the clock skips is taken once it has passed it', () => {
    expect(until('2026-03-28T23:00:00Z', 'Europe/Berlin', { from: '22:00', to: '02:30' })).toBe(
      '2026-03-29T01:30:00.000Z',
    )
  })

  test('none, and a span without length, disturb nobody', () => {
    expect(quietUntil(timings, undefined, 'UTC', 0)).toBeUndefined()
    expect(until('2026-06-10T12:00:00Z', 'UTC', { from: '12:00', to: '12:00' })).toBeUndefined()
  })
})
