import { expect, test } from 'vitest'
import { ofQueues } from './attention.ts'
import type { ServerReading, WatchedQueue } from './port.ts'

const NOW = 1_000_000_000

const queue = (name: string, more: Partial<WatchedQueue> = {}) =>
  ({
    key: `bull:${name}`,
    name,
    prefix: 'bull',
    writer: { major: 6 },
    paused: false,
    inPausedList: 0,
    counts: { waiting: 0, prioritized: 0, active: 0, delayed: 0, failed: 0, completed: 0 },
    rate: { known: false, reason: '' },
    workers: { known: true, value: [] },
    ...more,
  }) as unknown as WatchedQueue
const idle = (name: string, waiting: number, waitingSince = NOW) =>
  queue(name, { counts: { waiting, prioritized: 0 } as WatchedQueue['counts'], waitingSince })

const itemsOf = (...queues: WatchedQueue[]) => {
  const data: ServerReading = { queues, evictionPolicy: 'noeviction', search: {} as ServerReading['search'] }
  return ofQueues([{ name: 'main', part: { status: 'up', data, at: NOW } }], NOW)
}

test('one queue in trouble is an item that opens that queue', () => {
  expect(itemsOf(idle('mail', 3))).toMatchObject([
    { subject: 'mail', text: 'has no worker and 3 jobs wait', href: 'queues?server=main&queue=bull%3Amail' },
  ])
})

test('twelve queues with one trouble are one item with their number, their names and the filtered list', () => {
  const items = itemsOf(...Array.from({ length: 12 }, (_, at) => idle(`q${at}`, at === 7 ? 5_000 : 1, NOW - at)))
  expect(items).toHaveLength(1)
  expect(items[0]).toMatchObject({
    subject: '12 queues',
    text: 'have no worker and 5,011 jobs wait',
    count: 12,
    href: 'queues?state=no-workers',
    since: NOW - 11,
  })
  // The worst of them is named first, and decides the rank of the item.
  expect(items[0]?.detail).toMatch(/^q7, .* and 9 more\.$/)
  expect(items[0]?.share).toBeCloseTo(0.92, 1)
})

test('each queue is listed only under its most severe trouble', () => {
  const both = { ...idle('mail', 3), failedLately: 500 }
  expect(itemsOf(both, queue('pay', { failedLately: 2, workers: { known: false, reason: '' } }))).toMatchObject([
    { subject: 'mail', text: expect.stringContaining('no worker') },
    { subject: 'pay', text: 'has 2 new dead letters in ten minutes', band: 'degraded' },
  ])
})
