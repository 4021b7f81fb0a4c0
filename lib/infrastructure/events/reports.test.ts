import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { newId } from '../../core/ids.ts'
import { createKeyValue, type KeyValueStore } from '../kv/index.ts'
import { createQueues, PermanentJobError, type Queues } from '../queue/index.ts'
import { testLibraryDatabase } from '../testing/library-database.ts'
import { redisUrl } from '../testing/servers.ts'
import { createEvents, defineEvent, type Events, type EventsReport, type SubscriptionReport } from './index.ts'

const paid = defineEvent({ type: 'order.paid', parse: z.object({ cents: z.number() }).parse })
const sent = defineEvent({ type: 'order.sent', parse: z.object({ cents: z.number() }).parse })

const database = testLibraryDatabase('events')
let prefix: string
let queues: Queues
let subscriptions: KeyValueStore
let events: Events

beforeEach(async () => {
  prefix = `e-${newId()}`
  await database.sql`truncate substation_app.event_outbox`
  queues = await createQueues({ redisUrl: redisUrl(), prefix })
  subscriptions = await createKeyValue({ url: redisUrl(), namespace: prefix })
  events = await createEvents({ service: 'shop', types: [paid, sent] }, { queues, sql: database.sql, subscriptions })
})
afterEach(async () => {
  await events.close()
  await queues.close({ timeoutMs: 1_000 })
  await subscriptions.close()
})

const process = () => events.reports().find((one): one is EventsReport => one.kind === 'events')
const subscription = () => events.reports().find((one): one is SubscriptionReport => one.kind === 'subscription')
const until = (check: () => void) => vi.waitFor(check, { timeout: 20_000, interval: 50 })

test('what waits in the outbox, who relays, and what was handled, failed and given up', async () => {
  await until(() => expect(process()?.outbox).toMatchObject({ pending: 0 }))
  expect(process()).not.toHaveProperty('relay')
  await events.publish(paid, { cents: 1 })
  await events.publish(paid, { cents: 13 })
  await until(() => expect(process()?.outbox).toMatchObject({ pending: 2, oldestAt: expect.any(Number) }))

  const before = events.revision
  await events.subscribe({ name: 'receipts', to: ['order.*'], partitions: 2, attempts: 1 }, ({ data }) => {
    if ((data as { cents: number }).cents === 13) throw new PermanentJobError('unlucky')
  })
  events.startRelay()
  expect(events.revision).toBeGreaterThan(before)
  await until(() =>
    expect(subscription()).toMatchObject({
      ...{ name: 'receipts', to: ['order.*'], partitions: 2, prefix },
      ...{ handled: 1, failed: 1, deadLettered: 1, lastHandledAt: expect.any(Number) },
    }),
  )
  await until(() => {
    expect(process()).toMatchObject({
      ...{
        name: 'shop',
        published: 2,
        stores: true,
        database: expect.stringMatching(/^\d+\/\d+$/),
        outbox: { pending: 0 },
      },
      relay: { relayed: 2, lastAt: expect.any(Number) },
    })
    expect(process()?.relay).not.toHaveProperty('failing')
  })
}, 60_000)

test('an outbox that cannot be read is unknown and not empty, and the relay says why it fails', async () => {
  await database.sql`alter table substation_app.event_outbox rename to moved`
  try {
    events.startRelay()
    await until(() => {
      expect(process()?.outbox).toMatchObject({ unknownBecause: expect.stringContaining('event_outbox') })
      expect(process()?.outbox).not.toHaveProperty('pending')
      expect(process()?.relay?.failing).toMatchObject({ message: expect.stringContaining('event_outbox') })
    })
  } finally {
    await database.sql`alter table substation_app.moved rename to event_outbox`
  }
  await until(() => expect(process()?.relay).not.toHaveProperty('failing'))
}, 60_000)

test('subscriptions of other services are items of their own, known once this process has asked for them', async () => {
  const other = await createEvents({ service: 'billing' }, { queues, subscriptions })
  await other.subscribe({ name: 'invoices', to: ['order.*'], partitions: 2 }, () => undefined)
  await events.subscribe({ name: 'receipts', to: ['order.*'] }, () => undefined)
  await events.subscriptions()
  await until(() =>
    expect(events.reports().slice(1)).toMatchObject([
      { kind: 'subscription', name: 'receipts', prefix },
      { kind: 'known', name: 'invoices', to: ['order.*'], partitions: 2, service: 'billing', prefix },
    ]),
  )
  await other.close()
})

test('the outbox is read from the first report on, and no more of it is counted than is of use', async () => {
  await database.sql`
    insert into substation_app.event_outbox (id, type, version, data, source, correlation_id, published_at)
    select 'e' || n, 'order.paid', 1, '{}', 'shop', 'e', to_timestamp(n) from generate_series(1, 10001) n`
  expect(await events.outbox()).toEqual({ pending: 10_000, more: true, oldestAt: 1_000 })
  await database.sql`delete from substation_app.event_outbox where id = 'e1'`
  expect(await events.outbox()).toEqual({ pending: 10_000, oldestAt: 2_000 })
  expect(process()).not.toHaveProperty('outbox')
  await until(() => expect(process()?.outbox).toMatchObject({ pending: 10_000 }))
})

test('a count that takes too long is ended by the database, and says what helps', async () => {
  await events.subscribe({ name: 'receipts', to: ['order.paid'] }, () => undefined)
  const locked = await database.sql.reserve()
  await locked`begin`
  await locked`lock table substation_app.event_outbox in access exclusive mode`
  try {
    await expect(events.count('receipts', { from: 0, timeoutMs: 50 })).rejects.toMatchObject({
      code: 'EVENTS_REFUSED',
      message: expect.stringContaining('choose a shorter span'),
    })
    const waiting = await locked`
      select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%count(*)%'`
    expect(waiting).toHaveLength(0)
  } finally {
    await locked`rollback`
    locked.release()
  }
})

test('a replay is counted before, reported while it goes on, and adds nothing twice under its id', async () => {
  const got = vi.fn()
  const first = await events.publish(paid, { cents: 1 })
  const other = await events.publish(sent, { cents: 2 })
  const span = { from: first.at - 1, until: Date.now() + 1 }
  await events.subscribe({ name: 'receipts', to: ['order.paid'] }, got)
  expect(await events.count('receipts', span)).toBe(1)
  await expect(events.count('none', span)).rejects.toMatchObject({ code: 'EVENTS_UNKNOWN' })
  expect(await events.replay('receipts', { ...span, id: 'again' })).toBe(1)
  await events.replay('receipts', { ...span, id: 'again' })
  expect(process()?.replays).toMatchObject([
    { id: 'again', subscription: 'receipts', sent: 1, endedAt: expect.any(Number) },
    { id: 'again' },
  ])
  const queue = await queues.queue('events-receipts')
  await until(() => expect(got).toHaveBeenCalledTimes(1))
  await vi.waitFor(
    async () => expect(await queue.counts()).toMatchObject({ completed: 1, waiting: 0, active: 0 }),
    10_000,
  )
  expect(got).toHaveBeenCalledTimes(1)

  expect(await events.find(other.id)).toEqual({ type: 'order.sent', version: 1, source: 'shop', publishedAt: other.at })
  events.startRelay()
  await vi.waitFor(async () => expect(await events.find(other.id)).toHaveProperty('sentAt'), 10_000)
  expect(await events.find(newId())).toBeUndefined()
  expect(await events.find('no id')).toBeUndefined()
}, 60_000)

test('without an outbox its depth is not known, and no event can be counted or found', async () => {
  const direct = await createEvents({ service: 'direct' })
  await direct.publish(paid, { cents: 1 })
  expect(direct.reports()).toEqual([{ kind: 'events', name: 'direct', published: 1, stores: false, replays: [] }])
  await expect(direct.find(newId())).rejects.toMatchObject({ code: 'EVENTS_NO_OUTBOX' })
  await direct.close()
})
