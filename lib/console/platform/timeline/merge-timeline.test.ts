import { expect, test } from 'vitest'
import { toEntry } from '../../fleet/event-entry.ts'
import { mergeTimeline } from './merge-timeline.ts'

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
  const merged = mergeTimeline([...outage('checkout-1', 0), ...outage('checkout-2', 2_000)])
  expect(merged.map(entry => entry.text)).toEqual([
    'payments-api closed in checkout-1 and checkout-2',
    'payments-api opened in checkout-1 and checkout-2; 4 probes failed',
  ])
  expect(merged[1]?.at).toBe(0)
})

test('a probe that is under way is shown', () => {
  const merged = mergeTimeline([transition(0, 'checkout-1', 'open'), transition(10_000, 'checkout-1', 'half-open')])
  expect(merged.map(entry => entry.text)).toEqual([
    'payments-api is half-open in checkout-1',
    'payments-api opened in checkout-1',
  ])
})

test('twice in one place is two entries, and so is the same long after', () => {
  const merged = mergeTimeline([
    transition(0, 'checkout-1', 'open'),
    transition(5_000, 'checkout-1', 'closed'),
    transition(6_000, 'checkout-1', 'open'),
    transition(60_000, 'checkout-2', 'open'),
  ])
  expect(merged).toHaveLength(4)
})

test('a breaker that flaps is one entry with how often it opened, whatever it is at the moment', () => {
  const turns = Array.from({ length: 19 }, (_, at) => [
    transition(at * 4_000, 'checkout-1', 'open'),
    transition(at * 4_000 + 2_000, 'checkout-1', 'closed'),
  ]).flat()
  const steady = transition(10_000, 'checkout-2', 'open')
  expect(mergeTimeline([...turns, steady]).map(entry => [entry.text, entry.at])).toEqual([
    ['payments-api flapped in checkout-1: opened 19 times in 74 s', 74_000],
    ['payments-api opened in checkout-2', 10_000],
  ])
})

test('an outage with failing probes does not flap, and neither do two outages', () => {
  const probed = Array.from({ length: 5 }, (_, at) => [
    transition(at * 10_000, 'checkout-1', 'half-open'),
    transition(at * 10_000 + 100, 'checkout-1', 'open'),
  ]).flat()
  expect(mergeTimeline([transition(-5_000, 'checkout-1', 'open'), ...probed]).map(entry => entry.text)).toEqual([
    'payments-api opened in checkout-1; 5 probes failed',
  ])
  const twice = [0, 20_000].flatMap(at => [
    transition(at, 'checkout-1', 'open'),
    transition(at + 10_000, 'checkout-1', 'closed'),
  ])
  expect(mergeTimeline(twice)).toHaveLength(4)
})

function lifetime(kind: 'process.registered' | 'process.left', process: string, at: number, service = 'backup') {
  return toEntry({ streamId: String(id++), kind, process, service, instance: `${service}-1`, at, data: {} })
}

test('processes that live for a moment are one entry per service; one that stays is shown as it is', () => {
  const runs = Array.from({ length: 12 }, (_, at) => [
    lifetime('process.registered', `run-${at}`, at * 30_000),
    lifetime('process.left', `run-${at}`, at * 30_000 + 1_000),
  ]).flat()
  const staying = lifetime('process.registered', 'api', 5_000, 'api')
  expect(mergeTimeline([...runs, staying]).map(entry => entry.text)).toEqual([
    'backup ran 12 times, the last for 1 s',
    'api-1 started',
  ])
})

test('what an operator did is shown as it is', () => {
  const merged = mergeTimeline([
    transition(0, 'checkout-1', 'half-open'),
    transition(1_000, 'checkout-1', 'open', 'forced'),
    transition(2_000, 'checkout-1', 'closed', 'released'),
  ])
  expect(merged.map(entry => entry.text)).toEqual([
    'payments-api was released and is closed in checkout-1',
    'payments-api was forced open in checkout-1',
    'payments-api is half-open in checkout-1',
  ])
})
