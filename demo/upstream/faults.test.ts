import { expect, test } from 'vitest'
import { FAULT_EVERY, FAULT_LASTS, Faults, FIRST_FAULT, readModes, scheduled, untilChange } from './faults.ts'

test('payments are well at first, then fail for a minute of every five', () => {
  expect(scheduled(0)).toBe('ok')
  expect(scheduled(FIRST_FAULT - 1)).toBe('ok')
  for (const cycle of [0, 1, 2]) {
    const start = FIRST_FAULT + cycle * FAULT_EVERY
    expect(scheduled(start)).toBe('fail')
    expect(scheduled(start + FAULT_LASTS - 1)).toBe('fail')
    expect(scheduled(start + FAULT_LASTS)).toBe('ok')
    expect(scheduled(start + FAULT_EVERY - 1)).toBe('ok')
  }
})

test('the time until the next change leads to a change', () => {
  for (const at of [0, 1_000, FIRST_FAULT, FIRST_FAULT + 1, FIRST_FAULT + FAULT_LASTS, FIRST_FAULT + 3 * FAULT_EVERY]) {
    const wait = untilChange(at)
    expect(scheduled(at + wait - 1)).toBe(scheduled(at))
    expect(scheduled(at + wait)).not.toBe(scheduled(at))
  }
})

test('an order overrides the schedule until it is given back', () => {
  const faults = new Faults()
  faults.set({ payments: 'hang' })
  expect(faults.meet('payments')).toBe('hang')
  faults.set({ payments: 'schedule' })
  expect(faults.meet('payments')).toBe('ok')
  expect(faults.report().calls).toEqual({ payments: 2, tax: 0, mail: 0 })
})

test.each([
  [undefined, 'send an object such as {"payments":"fail"}'],
  [['fail'], 'send an object such as {"payments":"fail"}'],
  [{ bank: 'ok' }, 'bank is not one of payments, tax, mail'],
  [{ mail: 'off' }, 'mail must be one of schedule, ok, fail, hang'],
])('a control request that makes no sense is answered in words: %j', (body, words) => {
  expect(readModes(body)).toBe(words)
})
