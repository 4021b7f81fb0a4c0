import { expect, test } from 'vitest'
import { toEntry } from '../../fleet/event-entry.ts'
import { toldOnce } from './merge-timeline.ts'

let id = 0
function transition(at: number, instance: string, to: string, cause?: string) {
  return toEntry({
    streamId: String(id++),
    kind: 'breaker.transition',
    process: 'p'.repeat(26),
    service: 'checkout',
    instance,
    at,
    data: { breaker: 'payments-api', to, cause },
  })
}

const outage = (instance: string, at: number) => [
  transition(at, instance, 'open'),
  transition(at + 10_000, instance, 'half-open'),
  transition(at + 10_100, instance, 'open'),
  transition(at + 20_100, instance, 'half-open'),
  transition(at + 20_200, instance, 'open'),
  transition(at + 30_200, instance, 'half-open'),
  transition(at + 30_300, instance, 'closed'),
]

test('an outage in two processes is its opening and its end', () => {
  const told = toldOnce([...outage('checkout-1', 0), ...outage('checkout-2', 2_000)])
  expect(told.map(entry => entry.text)).toEqual([
    'payments-api closed in checkout-1 and checkout-2',
    'payments-api opened in checkout-1 and checkout-2; 4 probes failed',
  ])
  expect(told[1]?.at).toBe(0)
})

test('a probe that is under way is told', () => {
  const told = toldOnce([transition(0, 'checkout-1', 'open'), transition(10_000, 'checkout-1', 'half-open')])
  expect(told.map(entry => entry.text)).toEqual([
    'payments-api is half-open in checkout-1',
    'payments-api opened in checkout-1',
  ])
})

test('twice in one place is two things, and so is the same long after', () => {
  const told = toldOnce([
    transition(0, 'checkout-1', 'open'),
    transition(5_000, 'checkout-1', 'closed'),
    transition(6_000, 'checkout-1', 'open'),
    transition(60_000, 'checkout-2', 'open'),
  ])
  expect(told).toHaveLength(4)
})

test('what an operator did stands as it is', () => {
  const told = toldOnce([
    transition(0, 'checkout-1', 'half-open'),
    transition(1_000, 'checkout-1', 'open', 'forced'),
    transition(2_000, 'checkout-1', 'closed', 'released'),
  ])
  expect(told.map(entry => entry.text)).toEqual([
    'payments-api was released and is closed in checkout-1',
    'payments-api was forced open in checkout-1',
    'payments-api is half-open in checkout-1',
  ])
})
