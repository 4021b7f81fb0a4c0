import postgres from 'postgres'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { newId } from '../../core/ids.ts'
import { createKeyValue, type KeyValueStore } from '../kv/index.ts'
import { createQueues, openQueueServer, type Queues } from '../queue/index.ts'
import { createBreakerRegistry } from '../resilience/index.ts'
import { testLibraryDatabase } from '../testing/library-database.ts'
import { testQueueServer } from '../testing/queue-server.ts'
import { redisUrl } from '../testing/servers.ts'
import { createEvents, type Delivery, defineEvent, type Events, EventsError } from './index.ts'

const { redis } = testQueueServer()
const Order = z.object({ id: z.string(), cents: z.number() })
const orderPaid = defineEvent({ type: 'order.paid', parse: Order.parse, key: ({ id }) => id })
const orderSent = defineEvent({ type: 'order.sent', parse: Order.parse, key: ({ id }) => id })

const database = testLibraryDatabase('events')
let namespace: string
let queues: Queues
let subscriptions: KeyValueStore
const breakers = createBreakerRegistry()
const opened: Events[] = []
const problems: unknown[] = []

beforeEach(async () => {
  namespace = `e-${newId()}`
  await database.sql`truncate substation_app.event_outbox`
  queues = await createQueues({ redisUrl: redisUrl(), prefix: namespace }, { breakers })
  subscriptions = await createKeyValue({ url: redisUrl(), namespace })
  problems.length = 0
})
afterEach(async () => {
  await Promise.all(opened.splice(0).map(events => events.close()))
  await queues.close({ timeoutMs: 1_000 })
  await subscriptions.close()
})

async function start(options: Partial<Parameters<typeof createEvents>[0]> = {}) {
  const events = await createEvents(
    { service: 'shop', types: [orderPaid, orderSent], onError: error => problems.push(error), ...options },
    { queues, sql: database.sql, subscriptions },
  )
  opened.push(events)
  return events
}
const order = (id: string, cents = 1) => ({ id, cents })
const deadLetters = async (queue: string) => (await (await queues.queue(queue)).deadLetters()).jobs

/** Collects what a subscription is given. */
function collector() {
  const got: Delivery[] = []
  return { got, handler: async (event: Delivery) => void got.push(event), types: () => got.map(({ type }) => type) }
}

describe('with an outbox', () => {
  test('an event is sent when its transaction commits, and never when it rolls back', async () => {
    const events = await start()
    const { got, handler } = collector()
    await events.subscribe({ name: 'receipts', to: ['order.*'] }, handler)
    await database.sql.begin(async transaction => {
      await events.publish(orderPaid, order('kept'), { in: transaction })
    })
    await database.sql
      .begin(async transaction => {
        await events.publish(orderPaid, order('lost'), { in: transaction })
        throw new Error('changed its mind')
      })
      .catch(() => undefined)
    expect(await events.outbox()).toMatchObject({ pending: 1, oldestAt: expect.any(Number) })
    events.startRelay()
    await vi.waitFor(() => expect(got).toHaveLength(1), 10_000)
    expect(got[0]).toMatchObject({
      type: 'order.paid',
      version: 1,
      data: order('kept'),
      key: 'kept',
      source: 'shop',
      attempt: 1,
    })
    await vi.waitFor(async () => expect(await events.outbox()).toEqual({ pending: 0 }), 10_000)
    expect(problems).toEqual([])
  })

  test('each subscription gets those it wants, with its own dead letters', async () => {
    const events = await start()
    const [all, sent] = [collector(), collector()]
    await events.subscribe({ name: 'all', to: ['**'] }, all.handler)
    await events.subscribe({ name: 'sent', to: ['order.sent'], attempts: 1 }, async event => {
      await sent.handler(event)
      throw new Error('no printer')
    })
    events.startRelay()
    await events.publish(orderPaid, order('a'))
    await events.publish(orderSent, order('a'))
    await vi.waitFor(async () => expect(await deadLetters('events-sent')).toHaveLength(1), 10_000)
    await vi.waitFor(() => expect(all.types()).toEqual(['order.paid', 'order.sent']), 10_000)
    expect(sent.types()).toEqual(['order.sent'])
    expect(await deadLetters('events-all')).toEqual([])
    expect((await events.subscriptions()).map(({ name }) => name).toSorted()).toEqual(['all', 'sent'])
  })

  test('events of a key keep their order, also when one needs several attempts', async () => {
    const events = await start()
    const done: number[] = []
    let failures = 2
    await events.subscribe({ name: 'ledger', to: ['order.*'], partitions: 3, backoffMs: 1 }, async ({ key, data }) => {
      const { cents } = data as { cents: number }
      if (key === 'a' && cents === 2 && failures-- > 0) throw new Error('busy')
      if (key === 'a') done.push(cents)
    })
    for (let cents = 1; cents <= 6; cents++)
      for (const id of ['a', 'b', 'c']) await events.publish(orderPaid, order(id, cents))
    events.startRelay()
    await vi.waitFor(() => expect(done).toHaveLength(6), 10_000)
    expect(done).toEqual([1, 2, 3, 4, 5, 6])
  })

  test('what was sent before a relay failed is not delivered twice', async () => {
    const events = await start()
    const { got, handler } = collector()
    await events.subscribe({ name: 'receipts', to: ['**'] }, handler)
    for (const id of ['a', 'b', 'c']) await events.publish(orderPaid, order(id))
    // Once every event is in its queue, and noting that fails.
    await database.sql.unsafe(`
      create function refuse() returns trigger language plpgsql as $$ begin raise 'the disk is full'; end $$;
      create trigger refuse before update on substation_app.event_outbox execute function refuse()`)
    events.startRelay()
    await vi.waitFor(() => expect(problems.length).toBeGreaterThan(0), 10_000)
    await vi.waitFor(() => expect(got).toHaveLength(3), 10_000)
    expect(await events.outbox()).toMatchObject({ pending: 3 })
    await database.sql.unsafe('drop trigger refuse on substation_app.event_outbox; drop function refuse')
    await vi.waitFor(async () => expect(await events.outbox()).toEqual({ pending: 0 }), 10_000)
    await events.publish(orderPaid, order('last'))
    await vi.waitFor(() => expect(got.at(-1)?.key).toBe('last'), 10_000)
    expect(got.map(({ key }) => key)).toEqual(['a', 'b', 'c', 'last'])
  })

  test('of two relays one sends at a time, and the other takes over', async () => {
    const [first, second] = [await start(), await start()]
    const { got, handler } = collector()
    await first.subscribe({ name: 'receipts', to: ['**'] }, handler)
    first.startRelay()
    second.startRelay()
    for (let cents = 0; cents < 50; cents++) await first.publish(orderPaid, order('a', cents))
    await vi.waitFor(() => expect(got).toHaveLength(50), 15_000)
    expect(got.map(({ data }) => (data as { cents: number }).cents)).toEqual(Array.from({ length: 50 }, (_, at) => at))
    expect(problems).toEqual([])
  })

  test('stored events are replayed to one subscription from a point in time', async () => {
    const events = await start()
    const [mine, other] = [collector(), collector()]
    await events.subscribe({ name: 'mine', to: ['order.paid'] }, mine.handler)
    await events.subscribe({ name: 'other', to: ['**'] }, other.handler)
    events.startRelay()
    await events.publish(orderPaid, order('old'))
    await vi.waitFor(() => expect(other.got).toHaveLength(1), 10_000)
    const from = (other.got[0]?.at ?? 0) + 1
    await vi.waitUntil(() => Date.now() > from)
    await events.publish(orderPaid, order('new'))
    await events.publish(orderSent, order('new'))
    await vi.waitFor(() => expect([mine.got.length, other.got.length]).toEqual([2, 3]), 10_000)
    expect(await events.replay('mine', { from })).toBe(1)
    await vi.waitFor(() => expect(mine.got).toHaveLength(3), 10_000)
    const [, before, again] = mine.got
    expect(again?.id).toBe(before?.id)
    expect(again?.deliveryId).not.toBe(before?.deliveryId)
    expect(other.got).toHaveLength(3)
    await expect(events.replay('nobody', { from })).rejects.toMatchObject({ code: 'EVENTS_UNKNOWN' })
    expect(await events.removeSent(-60_000)).toBe(3)
    expect(await events.replay('mine', { from: 0 })).toBe(0)
  })

  test('without its table it says which migrations to run', async () => {
    const bare = postgres(database.url, { max: 1, onnotice: () => {} })
    await bare`alter table substation_app.event_outbox rename to hidden`
    try {
      const events = await createEvents({ service: 'shop' }, { queues, sql: bare })
      await expect(events.publish(orderPaid, order('a'))).rejects.toMatchObject({
        code: 'EVENTS_REFUSED',
        nextStep: expect.stringContaining("libraryMigrations('events')"),
      })
    } finally {
      await bare`alter table substation_app.hidden rename to event_outbox`
      await bare.end()
    }
  })
})

describe('causes', () => {
  test('what a handler publishes names the event that led to it, and shares its correlation', async () => {
    const events = await start()
    const { got, handler } = collector()
    await events.subscribe({ name: 'shipping', to: ['order.paid'] }, async ({ data }) => {
      await events.publish(orderSent, data as z.infer<typeof Order>)
    })
    await events.subscribe({ name: 'mail', to: ['order.sent'] }, handler)
    events.startRelay()
    const paid = await events.publish(orderPaid, order('a'), { correlationId: 'request-7' })
    await vi.waitFor(() => expect(got).toHaveLength(1), 10_000)
    expect(got[0]).toMatchObject({ correlationId: 'request-7', causationId: paid.id })
    expect(paid).not.toHaveProperty('causationId')
  })
})

describe('versions and values', () => {
  const v2 = defineEvent({
    type: 'order.paid',
    version: 2,
    parse: z.object({ id: z.string(), amount: z.object({ cents: z.number() }) }).parse,
    upcasts: { 1: data => ({ id: (data as { id: string }).id, amount: { cents: (data as { cents: number }).cents } }) },
  })

  test('an older event reaches a newer handler in its version; a newer one is a dead letter that says so', async () => {
    const [older, newer] = [await start(), await start({ types: [v2] })]
    const { got, handler } = collector()
    await newer.subscribe({ name: 'newer', to: ['order.paid'] }, handler)
    older.startRelay()
    await older.publish(orderPaid, order('a', 7))
    await vi.waitFor(() => expect(got).toHaveLength(1), 10_000)
    expect(got[0]).toMatchObject({ version: 2, data: { id: 'a', amount: { cents: 7 } } })
    await older.subscribe({ name: 'older', to: ['order.paid'] }, handler)
    await newer.publish(v2, { id: 'b', amount: { cents: 1 } })
    await vi.waitFor(async () => expect(await deadLetters('events-older')).toHaveLength(1), 10_000)
    expect((await deadLetters('events-older'))[0]).toMatchObject({
      error: 'order.paid is of version 2; this process knows it up to 1',
      attemptsMade: 1,
    })
  })

  test('data that is not of its type is refused with the field, at either end', async () => {
    const events = await start()
    await expect(events.publish(orderPaid, { id: 'a' } as never)).rejects.toMatchObject({
      code: 'EVENTS_VALUE',
      message: expect.stringMatching(/^The data is not of order\.paid: cents: /),
    })
    const { got, handler } = collector()
    await events.subscribe({ name: 'strict', to: ['order.paid'] }, handler)
    const loose = defineEvent({ type: 'order.paid', parse: value => value })
    await events.publish(loose, { id: 7 })
    events.startRelay()
    await vi.waitFor(async () => expect(await deadLetters('events-strict')).toHaveLength(1), 10_000)
    expect((await deadLetters('events-strict'))[0]).toMatchObject({
      error: expect.stringMatching(/id: /),
      attemptsMade: 1,
    })
    expect(got).toEqual([])
  })

  test('a type that cannot read an older version of itself, and one declared twice, are refused', async () => {
    expect(() =>
      defineEvent({ type: 'order.paid', version: 3, parse: Order.parse, upcasts: { 1: data => data } }),
    ).toThrow('order.paid is at version 3 and does not say how version 2 becomes 3')
    expect(() => defineEvent({ type: 'Order Paid', parse: Order.parse })).toThrow(EventsError)
    await expect(createEvents({ service: 'shop', types: [orderPaid, v2] })).rejects.toMatchObject({
      code: 'EVENTS_OPTIONS',
    })
  })
})

describe('subscriptions', () => {
  test('while its breaker is open no event is taken; afterwards they are handled in order', async () => {
    const breaker = breakers.create({
      name: `mail-$newId()`,
      policy: { kind: 'consecutive', failures: 1 },
      halfOpenAfterMs: 600_000,
    })
    const events = await start()
    const { got, handler } = collector()
    await events.subscribe({ name: 'mail', to: ['**'], breaker }, handler)
    events.startRelay()
    breaker.force({ id: newId(), state: 'open', reason: 'test', by: 'test', since: Date.now() } as never)
    await events.publish(orderPaid, order('a', 1))
    await events.publish(orderPaid, order('a', 2))
    const waiting = openQueueServer(redis)
    await vi.waitFor(
      async () =>
        expect((await waiting.readings([{ prefix: namespace, name: 'events-mail' }]))[0]?.counts).toMatchObject({
          waiting: 2,
        }),
      10_000,
    )
    expect(got).toEqual([])
    breaker.release()
    await vi.waitFor(() => expect(got).toHaveLength(2), 15_000)
    expect(got.map(({ data }) => (data as { cents: number }).cents)).toEqual([1, 2])
  })

  test('another number of partitions, a bad name and a bad pattern are refused', async () => {
    const events = await start()
    const handler = () => undefined
    await events.subscribe({ name: 'a', to: ['**'], partitions: 2 }, handler)
    const other = await start()
    for (const [options, words] of [
      [{ name: 'a', to: ['**'], partitions: 3 }, /has 2 partitions, not 3/],
      [{ name: 'a b', to: ['**'] }, /is not a name/],
      [{ name: 'b', to: [] }, /at least one pattern/],
      [{ name: 'b', to: ['Order'] }, /is not a pattern/],
      [{ name: 'b', to: ['**'], partitions: 0 }, /1 to 64 partitions/],
    ] as const)
      await expect(other.subscribe(options, handler)).rejects.toThrow(words)
    expect(await events.unsubscribe('a')).toBe(true)
    expect(await events.unsubscribe('a')).toBe(false)
  })

  test('what is closed handles nothing more, and refuses to publish', async () => {
    const events = await start()
    const { got, handler } = collector()
    const subscription = await events.subscribe({ name: 'a', to: ['**'] }, handler)
    await subscription.close()
    events.startRelay()
    await events.publish(orderPaid, order('a'))
    await vi.waitFor(async () => expect(await events.outbox()).toEqual({ pending: 0 }), 10_000)
    expect(got).toEqual([])
    await events.close()
    await expect(events.publish(orderPaid, order('b'))).rejects.toMatchObject({ code: 'EVENTS_CLOSED' })
  })
})

describe('without an outbox', () => {
  test('events go to the queues and to listeners of this process; what needs the outbox says so', async () => {
    const events = await createEvents({ service: 'shop', types: [orderPaid], onError: error => problems.push(error) })
    opened.push(events)
    const { got, handler } = collector()
    await events.subscribe({ name: 'receipts', to: ['order.*'] }, handler)
    const heard: string[] = []
    const end = events.on('order.*', ({ type }) => heard.push(type))
    events.on('**', () => Promise.reject(new Error('a listener failed')))
    await events.publish(orderPaid, order('a'))
    await vi.waitFor(() => expect(got).toHaveLength(1), 10_000)
    end()
    await events.publish(orderPaid, order('b'))
    expect(heard).toEqual(['order.paid'])
    expect(problems.map(String)).toEqual(['Error: a listener failed', 'Error: a listener failed'])
    expect(await events.outbox()).toBeUndefined()
    expect(() => events.startRelay()).toThrow(/needs an outbox/)
    await expect(events.replay('receipts', { from: 0 })).rejects.toMatchObject({ code: 'EVENTS_NO_OUTBOX' })
  })
})
