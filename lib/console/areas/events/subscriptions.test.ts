import { expect, test } from 'vitest'
import type { QueueFigures } from './queue-figures.ts'
import { type Subscribed, subscriptionRow } from './subscriptions.ts'

const NOW = 1_000_000
const process = { id: 'p', service: 'worker', instance: 'worker-1', alive: true, handled: 0 }
const subscribed: Subscribed = {
  ...{ name: 'receipts', to: ['order.*'], partitions: 2, keys: ['a', 'b'], services: ['worker'], replays: [] },
  processes: [process],
}
const quiet: QueueFigures = {
  key: 'a',
  title: 'a',
  server: 'main',
  waiting: 0,
  active: 0,
  deadLetters: 0,
  perSecond: 0,
}
const row = (queues: Partial<QueueFigures>[], changes: Partial<Subscribed> = {}) =>
  subscriptionRow(
    { ...subscribed, ...changes },
    new Map(queues.map((figures, at) => [['a', 'b'][at] as string, { ...quiet, ...figures }])),
    NOW,
  )

test('figures are those of all partitions; the oldest is the oldest of any', () => {
  expect(
    row([
      { waiting: 2, waitingSince: NOW - 10 },
      { waiting: 3, waitingSince: NOW - 30, perSecond: 1.5 },
    ]),
  ).toMatchObject({ state: 'handling', waiting: 5, waitingSince: NOW - 30, perSecond: 1.5, deadLetters: 0 })
})

test('what is unknown of one partition is unknown of the subscription, not less', () => {
  const unread = { waiting: undefined, deadLetters: undefined, unknownBecause: 'Redis is away' }
  const found = row([{ waiting: 2 }, unread])
  expect(found).toMatchObject({ state: 'unknown', active: 0 })
  expect(found).not.toHaveProperty('waiting')
  expect(found).not.toHaveProperty('deadLetters')
})

test('the state is the most severe of what is known', () => {
  const late = { waiting: 1, waitingSince: NOW - 60_001 }
  expect(row([late, {}], { processes: [{ ...process, alive: false }] }).state).toBe('unhandled')
  expect(row([late, { deadLetters: 1 }]).state).toBe('behind')
  expect(row([{ waitingSince: NOW - 60_000 }, { deadLetters: 1, paused: true }]).state).toBe('dead-letters')
  expect(row([{}, { paused: true }]).state).toBe('paused')
})

test('figures of a Redis that no longer answers are kept, and said to be old', () => {
  expect(row([{ waiting: 4 }, { staleBecause: 'Redis main does not answer' }])).toMatchObject({
    ...{ state: 'unknown', waiting: 4, staleBecause: 'Redis main does not answer' },
  })
})
