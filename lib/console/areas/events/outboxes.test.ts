import { expect, test } from 'vitest'
import type { EventsItem } from './events-item.ts'
import { outboxRows } from './outboxes.ts'
import type { Reporting } from './reporting.ts'

const NOW = 1_000_000
const reporting = (service: string, living: boolean, changes: Partial<EventsItem> = {}): Reporting<EventsItem> => ({
  process: {
    ...{ id: `${service}-id`, service, instance: `${service}-1`, state: living ? 'up' : 'lost' },
    ...{ lastBeatAt: NOW, silentFor: 0, details: new Map() },
  },
  living,
  item: { kind: 'events', name: service, published: 2, stores: true, database: 'd', replays: [], ...changes },
  time: at => at,
})

test('an outbox is that of the services whose processes live; only where none does, of those that had it', () => {
  const lost = reporting('billing', false)
  expect(outboxRows([lost, reporting('checkout', true)], NOW)).toMatchObject([
    { services: ['checkout'], published: 4, processes: [{ service: 'checkout' }] },
  ])
  expect(outboxRows([lost], NOW)).toMatchObject([{ services: ['billing'], state: 'unknown', processes: [] }])
})

test('that there are more than were counted is kept', () => {
  const outbox = { pending: 10_000, more: true as const, oldestAt: NOW - 60_001, at: NOW }
  const relay = { since: 0, relayed: 0, standby: false }
  expect(outboxRows([reporting('checkout', true, { outbox, relay })], NOW)).toMatchObject([
    { pending: 10_000, more: true, state: 'late' },
  ])
})
