import { expect, test } from 'vitest'
import { areUnknown, ofOutboxes } from './attention.ts'
import type { OutboxRow } from './outboxes.ts'

const NOW = 1_000_000
const row = (changes: Partial<OutboxRow>): OutboxRow => ({
  ...{ id: 'd', services: ['checkout'], state: 'relaying', pending: 3, published: 9, relays: [], processes: [] },
  ...changes,
})
const found = (changes: Partial<OutboxRow>) => ofOutboxes([row(changes)], NOW)
const relay = { process: 'p', instance: 'worker-1', relayed: 0, standby: false }

test('an outbox without a relay needs attention once its oldest event has waited for a minute', () => {
  expect(found({ state: 'no-relay', oldestAt: NOW - 60_000 })).toEqual([])
  expect(found({ state: 'no-relay', oldestAt: NOW - 60_001 })).toMatchObject([
    {
      subject: 'Outbox of checkout',
      text: 'has events that no process sends',
      detail: '3 wait. No living process runs the relay.',
      since: NOW - 60_001,
    },
  ])
})

test('a relay that runs and sends nothing needs attention, though it reports no failure', () => {
  expect(found({ state: 'late', more: true, oldestAt: NOW - 60_001, relays: [relay] })).toMatchObject([
    { band: 'degraded', text: 'sends its events late', detail: expect.stringMatching(/^More than 3 wait\./) },
  ])
  expect(found({ state: 'relaying', relays: [relay] })).toEqual([])
})

test('outboxes of which none can be read are unknown; one that can be is enough, and so is having none', () => {
  expect(areUnknown([row({ state: 'unknown' }), row({ state: 'unknown' })])).toBe(true)
  expect(areUnknown([row({ state: 'unknown' }), row({})])).toBe(false)
  expect(areUnknown([])).toBe(false)
})

test('a relay that fails says where, why and since when', () => {
  const failing = { since: NOW - 5, message: 'Redis is away' }
  expect(found({ state: 'failing', pending: undefined, relays: [{ ...relay, failing }] })).toMatchObject([
    { band: 'failing', since: NOW - 5, detail: 'worker-1: Redis is away. How many events wait is not known.' },
  ])
})
