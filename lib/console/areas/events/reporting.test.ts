import { expect, test } from 'vitest'
import type { FleetSnapshot } from '../../fleet/port.ts'
import { DOMAIN } from './events-item.ts'
import { reportingIn } from './reporting.ts'
import { subscribed } from './subscriptions.ts'

const events = { kind: 'events', name: 'checkout', published: 0, stores: true, replays: [] }
const known = { kind: 'known', name: 'receipts', to: ['order.*'], partitions: 2, service: 'billing', prefix: 'bull' }
const snapshot = (items: unknown[], total = items.length): FleetSnapshot => ({
  redisNow: 1_000,
  skew: 0,
  processes: [
    {
      ...{ id: 'p', service: 'checkout', instance: 'checkout-1', state: 'up', lastBeatAt: 1_000, silentFor: 0 },
      details: new Map([[DOMAIN, { v: 1, rev: 1, at: 1_000, total, items }]]) as never,
    },
  ],
})

test('the queues of a subscription follow from its name and partitions', () => {
  expect(subscribed(reportingIn(snapshot([events, known])))).toMatchObject([
    { name: 'receipts', services: ['billing'], keys: ['bull:events-receipts-0', 'bull:events-receipts-1'] },
  ])
})

test('what did not fit into a report, and what is not understood in it, is counted and not taken for nothing', () => {
  expect(reportingIn(snapshot([events, known]))).toMatchObject({ omitted: 0 })
  expect(reportingIn(snapshot([events, { ...known, partitions: 65 }], 5))).toMatchObject({ known: [], omitted: 4 })
})
