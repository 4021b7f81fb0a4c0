import { expect, test } from 'vitest'
import type { Mark } from '../../series/marks.ts'
import type { BreakerInstance } from './collect.ts'
import { historyOf } from './history.ts'

const MINUTE = 60_000
const span = { from: 0, to: 60 * MINUTE }
let next = 0
const event = (process: string, minute: number, from: string, to: string, breaker = 'payments') => ({
  streamId: `${next++}-0`,
  kind: 'breaker.transition',
  process,
  service: 'checkout',
  instance: `checkout-${process}`,
  at: minute * MINUTE,
  data: { breaker, from, to, cause: 'threshold' },
})
const instance = (process: string, effective = 'closed') =>
  ({ process, instance: `checkout-${process}`, service: 'checkout', effective }) as BreakerInstance

test('a lane begins with the state before its first change and ends with that after its last', () => {
  const events = [
    event('1', 30, 'half-open', 'closed'),
    event('1', 10, 'closed', 'open'),
    event('1', 29, 'open', 'half-open'),
  ]
  expect(historyOf('payments', [instance('1')], events, [], span).lanes).toEqual([
    {
      instance: 'checkout-1',
      service: 'checkout',
      spans: [
        { from: 0, to: 10 * MINUTE, state: 'closed' },
        { from: 10 * MINUTE, to: 29 * MINUTE, state: 'open' },
        { from: 29 * MINUTE, to: 30 * MINUTE, state: 'half-open' },
        { from: 30 * MINUTE, to: 60 * MINUTE, state: 'closed' },
      ],
    },
  ])
})

test('those that were open longest come first, the rest is counted, and other breakers do not count', () => {
  const many = Array.from({ length: 10 }, (_, at) => event(String(at), 50 - at, 'closed', 'open'))
  const found = historyOf(
    'payments',
    [...many.map(({ process }) => instance(process, 'open')), instance('quiet'), instance('silent', 'unknown')],
    [...many, event('quiet', 5, 'closed', 'open', 'ledger')],
    [],
    span,
  )
  expect(found.lanes).toHaveLength(8)
  expect(found.lanes[0]?.instance).toBe('checkout-9')
  expect(found.moreLanes).toBe(2)
  expect(found.unchanged).toEqual({ count: 2, states: ['closed', 'unknown'] })
})

test('a change to the same effective state makes no span of its own; a state that is not known is said so', () => {
  const events = [event('1', 10, 'closed', 'closed'), event('1', 20, 'closed', 'ajar')]
  expect(historyOf('payments', [instance('1')], events, [], span).lanes[0]?.spans).toEqual([
    { from: 0, to: 20 * MINUTE, state: 'closed' },
    { from: 20 * MINUTE, to: 60 * MINUTE, state: 'unknown' },
  ])
})

test('marks are deploys of its services and acts that name it', () => {
  const mark = (kind: Mark['kind'], text: string): Mark => ({ id: text, kind, at: MINUTE, tone: 'neutral', text })
  const marks = [
    mark('deploy', 'checkout 2.1.0 was deployed, after 2.0.9'),
    mark('deploy', 'checkouts 9 was deployed, after 8'),
    mark('act', 'ada: forced open payments'),
    mark('act', 'ada: invalidated catalogue'),
    mark('act', 'ada: forced open payments-api on 2 of 2 processes'),
    mark('act', 'ada: forced open cache:payments'),
    mark('breaker', 'payments opened in checkout-1'),
  ]
  expect(historyOf('payments', [instance('1')], [], marks, span).marks.map(({ text }) => text)).toEqual([
    'checkout 2.1.0 was deployed, after 2.0.9',
    'ada: forced open payments',
  ])
})

test('what became of a process that is gone is not known after its last change', () => {
  const events = [event('gone', 10, 'closed', 'open'), event('silent', 20, 'closed', 'open')]
  const found = historyOf('payments', [instance('silent', 'unknown')], events, [], span)
  expect(found.lanes.map(({ spans }) => spans.at(-1))).toEqual([
    { from: 10 * MINUTE, to: 60 * MINUTE, state: 'unknown' },
    { from: 20 * MINUTE, to: 60 * MINUTE, state: 'unknown' },
  ])
})
