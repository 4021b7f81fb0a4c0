import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { newId } from '../../core/ids.ts'
import { postgresAccess } from '../kv/index.ts'
import { createQueues, type Job, PermanentJobError, type Queues, type Worker } from '../queue/index.ts'
import { freePort } from '../testing/free-port.ts'
import { libraryDatabase } from '../testing/library-database.ts'
import { postgresOutbox } from './adapters/postgres-outbox.ts'
import { Causes } from './causes.ts'
import { deliver } from './delivery.ts'
import { parsedData } from './event-type.ts'
import { eventsOver } from './events.ts'
import { partitionOf } from './fan-out.ts'
import { createEvents, type Delivery, defineEvent } from './index.ts'
import type { Outbox, StoredEvent } from './outbox.ts'
import type { DomainEvent, EventHandler } from './port.ts'
import { startRelay } from './relay.ts'
import type { Tally } from './reports.ts'

const paid = defineEvent({ type: 'order.paid', parse: z.object({ cents: z.number() }).parse })
const event = (changes: Partial<DomainEvent> = {}): DomainEvent => {
  const id = newId()
  return {
    id,
    type: 'order.paid',
    version: 1,
    data: { cents: 1 },
    at: 1_000,
    correlationId: id,
    source: 'shop',
    ...changes,
  }
}

describe('a delivery', () => {
  async function delivered(handler: EventHandler, { attempts = 2, type = paid, data = event() } = {}) {
    const lines: string[] = []
    const job: Job<DomainEvent> = {
      id: 'job',
      name: data.type,
      data,
      attempt: 1,
      attempts: 1,
      addedAt: 1_000,
      signal: new AbortController().signal,
      log: async line => void lines.push(line),
      progress: async () => {},
      childrenValues: async () => ({}),
      childrenErrors: async () => ({}),
      childrenCounts: async () => ({ completed: 0, failed: 0 }),
    }
    const types = new Map([[type.type, type]])
    const tally: Tally = { handled: 0, failed: 0, deadLettered: 0 }
    const error = await deliver({ types, causes: new Causes(), handler, attempts, backoffMs: 0, tally })(job).catch(
      (error: unknown) => error,
    )
    return { error, lines, tally }
  }

  test('an event of a type that is not known here is handled as it came', async () => {
    const got: Delivery[] = []
    const data = event({ type: 'order.lost', data: 'anything' })
    await delivered(delivery => void got.push(delivery), { data })
    expect(got).toMatchObject([{ ...data, deliveryId: 'job', attempt: 1 }])
  })

  test('an event that cannot be brought to the version of this process is given up at once', async () => {
    const handler = vi.fn()
    const type = defineEvent({
      type: 'order.paid',
      version: 2,
      parse: paid.parse,
      upcasts: {
        1: () => {
          throw new Error('cents are gone')
        },
      },
    })
    const { error } = await delivered(handler, { type: type as typeof paid })
    expect(error).toBeInstanceOf(PermanentJobError)
    expect(error).toMatchObject({ message: 'The data of order.paid could not be brought to version 2' })
    expect(handler).not.toHaveBeenCalled()
  })

  test('after its last attempt the error is that of the handler, with its stack, and is not tried again', async () => {
    const failure = new Error('no printer')
    const { error, lines } = await delivered(() => Promise.reject(failure))
    expect(lines).toEqual(['attempt 1 of 2 failed: no printer'])
    expect(error).toBeInstanceOf(PermanentJobError)
    expect(error).toMatchObject({ message: 'no printer', stack: failure.stack, cause: failure })
  })

  test('what is thrown and is no error is told as text', async () => {
    const { error, lines } = await delivered(() => Promise.reject('busy'))
    expect(lines).toEqual(['attempt 1 of 2 failed: busy'])
    expect(error).toMatchObject({ message: 'busy', cause: 'busy' })
  })

  test('an error that is permanent ends it at the first attempt', async () => {
    const failure = new PermanentJobError('no such customer')
    const { error, lines } = await delivered(() => Promise.reject(failure))
    expect(error).toBe(failure)
    expect(lines).toEqual([])
  })
})

test('data that is refused says why: by field, as a whole, or in the words of the parser', () => {
  expect(() => parsedData(paid, 7)).toThrow(/^The data is not of order\.paid: it: /)
  const strict = defineEvent({
    type: 'order.paid',
    parse: () => {
      throw new Error('closed on Sundays')
    },
  })
  expect(() => parsedData(strict, 7)).toThrow('The data is not of order.paid: closed on Sundays')
})

test('an event without a key is in the partition of its id, always the same', () => {
  const id = newId()
  expect(partitionOf({ id }, 8)).toBe(partitionOf({ id: 'another', key: id }, 8))
})

test('a listener hears only what it wants, and its errors hurt nobody', async () => {
  const events = await createEvents({ service: 'shop' })
  const heard = vi.fn(() => Promise.reject(new Error('a listener failed')))
  const other = vi.fn()
  events.on('order.paid', heard)
  events.on('order.sent', other)
  await expect(events.publish(paid, { cents: 1 })).resolves.toMatchObject({ type: 'order.paid' })
  expect(heard).toHaveBeenCalledTimes(1)
  expect(other).not.toHaveBeenCalled()
  await events.close()
})

test('a subscription whose worker cannot be opened is not reported, and what was opened of it is closed', async () => {
  const queues = await createQueues()
  const opened: Worker[] = []
  const work: Queues['work'] = async (name, ...rest) => {
    if (name.endsWith('-1')) throw new Error('no such breaker')
    const worker = await queues.work(name, ...rest)
    vi.spyOn(worker, 'close')
    opened.push(worker)
    return worker
  }
  const parts = { service: 'shop', types: [paid], subscriptions: undefined, onError: () => undefined }
  const events = eventsOver({ ...parts, queues: { ...queues, work }, outbox: undefined })
  const subscribed = events.subscribe({ name: 'receipts', to: ['**'], partitions: 2 }, () => undefined)
  await expect(subscribed).rejects.toThrow('no such breaker')
  expect(events.reports()).not.toContainEqual(expect.objectContaining({ kind: 'subscription' }))
  expect(opened.map(({ close }) => vi.mocked(close).mock.calls.length)).toEqual([1])
  await events.close()
  await queues.close()
})

test('a message that is long is cut before it is reported', async () => {
  const outbox = { ...filled(1), state: () => Promise.reject(new Error('x'.repeat(5_000))) }
  const queues = await createQueues()
  const parts = { service: 'shop', types: [paid], queues, subscriptions: undefined, onError: () => undefined }
  const events = eventsOver({ ...parts, outbox })
  await vi.waitFor(() => expect(events.reports()[0]).toMatchObject({ outbox: { unknownBecause: 'x'.repeat(300) } }))
  await events.close()
  await queues.close()
})

/** An outbox with so many events, all pending. */
function filled(count: number): Outbox {
  const all = Array.from({ length: count }, (_, at): StoredEvent => ({ ...event(), position: at + 1 }))
  let pending = all
  return {
    add: async () => undefined,
    async sendNext(limit, send) {
      const next = pending.slice(0, limit)
      await send(next)
      pending = pending.slice(limit)
      return next.length
    },
    stored: async (_, after, limit) => all.slice(after, after + limit),
    countByType: async () => new Map([['order.paid', all.length]]),
    find: async () => undefined,
    database: async () => 'd',
    state: async () => ({ pending: pending.length }),
    removeSent: async () => 0,
    close: async () => undefined,
  }
}

test('more events than one piece are replayed, all of them', async () => {
  const queues = await createQueues()
  const parts = { service: 'shop', types: [paid], queues, subscriptions: undefined, onError: () => undefined }
  const events = eventsOver({ ...parts, outbox: filled(501) })
  const got = vi.fn()
  await events.subscribe({ name: 'receipts', to: ['**'], lockMs: 5_000 }, got)
  expect(await events.replay('receipts', { from: 0 })).toBe(501)
  await vi.waitFor(() => expect(got).toHaveBeenCalledTimes(501), 10_000)
  await events.close()
  await queues.close()
})

test('a relay sends piece after piece until nothing is pending', async () => {
  const outbox = filled(501)
  const pieces: number[] = []
  const relay = startRelay({ outbox, send: async sent => pieces.push(sent.length), onError: () => undefined })
  await vi.waitFor(() => expect(pieces.slice(0, 2)).toEqual([500, 1]))
  await relay.stop()
  expect(await outbox.state()).toEqual({ pending: 0 })
})

describe('an outbox in Postgres', () => {
  let database: Awaited<ReturnType<typeof libraryDatabase>>
  let sql: postgres.Sql
  beforeAll(async () => {
    database = await libraryDatabase('events')
    sql = postgres(database.url, { max: 2, onnotice: () => {} })
  })
  afterAll(async () => {
    await sql.end()
    await database.drop()
  })
  const outboxOf = async (pool: postgres.Sql) =>
    postgresOutbox(await postgresAccess({ sql: pool }, { timeoutMs: 5_000, name: 'events' }))

  test('what could not be sent stays pending, and the failure is that of the sending', async () => {
    const outbox = await outboxOf(sql)
    await outbox.add(event())
    const failure = new Error('no queue')
    await expect(outbox.sendNext(10, () => Promise.reject(failure))).rejects.toBe(failure)
    expect(await outbox.state()).toMatchObject({ pending: 1 })
    expect(await outbox.sendNext(10, async () => undefined)).toBe(1)
    expect(await outbox.state()).toEqual({ pending: 0 })
  })

  test('a Postgres that does not answer is told as unreachable; what it refuses in its words', async () => {
    const away = postgres(`postgres://127.0.0.1:${await freePort()}/none`, { max: 1, connect_timeout: 1 })
    await expect((await outboxOf(away)).state()).rejects.toMatchObject({ code: 'EVENTS_UNREACHABLE', retryable: true })
    await away.end()
    const refused = (await outboxOf(sql)).stored({ from: 0, until: 1 }, 0, -1)
    await expect(refused).rejects.toMatchObject({ code: 'EVENTS_REFUSED', message: expect.stringContaining('LIMIT') })
  })
})
