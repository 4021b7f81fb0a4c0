import postgres from 'postgres'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { newId } from '../../../core/ids.ts'
import { createEvents, defineEvent, type Events } from '../../../infrastructure/events/index.ts'
import { joinFleet } from '../../../infrastructure/fleet/index.ts'
import { createKeyValue, type KeyValueStore } from '../../../infrastructure/kv/index.ts'
import { createQueues, PermanentJobError, type Queues } from '../../../infrastructure/queue/index.ts'
import { libraryDatabase } from '../../../infrastructure/testing/library-database.ts'
import { createDatabase, redisUrl } from '../../../infrastructure/testing/servers.ts'
import { Commands } from '../../fleet/resources.ts'
import type { Console } from '../../open.ts'
import { RunTakenOverError } from '../../platform/operation/taken-over.ts'
import { actorOf, openTestConsole, TEST_FLEET_KEY, testSettings } from '../../testing/open-test-console.ts'
import { finishedIn, refusalOf } from '../../testing/outcomes.ts'
import { followReplay } from './follow-replay.ts'
import { storedIn } from './stored.ts'
import { eventView } from './views/event.ts'
import { eventsView } from './views/events.ts'

const paid = defineEvent({
  type: 'order.paid',
  parse: z.object({ order: z.string(), cents: z.number() }).parse,
  key: ({ order }) => order,
})

let database: Awaited<ReturnType<typeof createDatabase>>
let shop: Awaited<ReturnType<typeof libraryDatabase>>
let sql: postgres.Sql
let console: Console
let subscriptions: KeyValueStore
let queues: Queues
let publisher: Events
let handler: Events
const prefix = `t-${newId()}`
const members: { stop(): Promise<void> }[] = []
const handled: string[] = []
const operator = actorOf('operator')
const environment = () => console.settings.environments[0]?.name ?? ''

beforeAll(async () => {
  database = await createDatabase()
  shop = await libraryDatabase('events')
  sql = postgres(shop.url, { max: 4, onnotice: () => {} })
  const settings = testSettings({ databaseUrl: database.url, redisUrl: redisUrl() })
  Object.assign(settings.environments[0] as object, { redis: [{ name: 'main', url: redisUrl(), prefixes: [prefix] }] })
  console = await openTestConsole(settings)
  queues = await createQueues({ redisUrl: redisUrl(), prefix })
  subscriptions = await createKeyValue({ url: redisUrl(), namespace: prefix })
  publisher = await createEvents({ service: 'checkout', types: [paid] }, { queues, sql, subscriptions })
  handler = await createEvents({ service: 'billing', types: [paid] }, { queues, subscriptions })
  await handler.subscribe({ name: 'receipts', to: ['order.*'], partitions: 2, attempts: 1 }, ({ id, data }) => {
    if ((data as { cents: number }).cents === 13) throw new PermanentJobError('no printer takes 13')
    handled.push(id)
  })
  await handler.subscribe({ name: 'parcels', to: ['parcel.*'] }, () => undefined)
  for (const [service, events] of [
    ['checkout', publisher],
    ['billing', handler],
  ] as const) {
    const fleet = { redisUrl: redisUrl(), environment: environment(), key: TEST_FLEET_KEY }
    const member = joinFleet({ ...fleet, service, instance: `${service}-1`, events })
    await member.start()
    members.push(member)
  }
})
afterAll(async () => {
  await Promise.all(members.map(member => member.stop()))
  await Promise.all([publisher, handler].map(events => events?.close()))
  await queues?.close({ timeoutMs: 1_000 })
  await subscriptions?.close()
  await console?.close()
  await sql?.end()
  await shop?.drop()
  await database?.drop()
})

const until = <T>(check: () => Promise<T>) => vi.waitFor(check, { timeout: 20_000, interval: 200 })
async function read(filters: Record<string, string> = {}) {
  const { subscriptions, outboxes } = (await console.view(eventsView, environment(), operator, filters)).data
  if (subscriptions.status !== 'up' || outboxes.status !== 'up') throw new Error('the fleet is not up')
  return { ...subscriptions.data, outboxes: outboxes.data }
}
async function wayOf(id: string) {
  const { stored, way } = (await console.view(eventView, environment(), operator, { id })).data
  return {
    stored: stored?.status === 'up' ? stored.data : undefined,
    way: way?.status === 'up' ? way.data : undefined,
  }
}
function environmentOf() {
  const found = console.environment(environment())
  if (!found) throw new Error('the console has no such environment')
  return found
}
const place = (cents: number) => publisher.publish(paid, { order: newId(), cents })

test('an event from the outbox through its subscriptions, its dead letter, and a replay of all that was published', async () => {
  const begun = Date.now() - 1
  const good = await place(1)
  const bad = await place(13)
  await until(async () =>
    expect((await read()).outboxes).toMatchObject([
      { services: ['checkout'], state: 'no-relay', pending: 2, oldestAt: expect.any(Number), published: 2, relays: [] },
    ]),
  )
  const waiting = await wayOf(good.id)
  expect(waiting.stored).toMatchObject([{ services: ['checkout'], event: { type: 'order.paid', source: 'checkout' } }])
  expect(waiting.stored?.[0]?.event).not.toHaveProperty('sentAt')
  expect(waiting.way?.deliveries).toEqual([
    { subscription: 'parcels', state: 'unwanted' },
    { subscription: 'receipts', state: 'none' },
  ])

  publisher.startRelay()
  await until(async () => {
    const { rows, outboxes } = await read()
    expect(outboxes).toMatchObject([
      { state: 'relaying', pending: 0, relays: [{ instance: 'checkout-1', relayed: 2 }] },
    ])
    expect(rows).toMatchObject([
      { name: 'parcels', state: 'handling', waiting: 0, deadLetters: 0, services: ['billing'] },
      {
        ...{ name: 'receipts', to: ['order.*'], state: 'dead-letters', waiting: 0, deadLetters: 1 },
        counts: { handled: 1, failed: 1, deadLettered: 1 },
        queues: [{ key: `${prefix}:events-receipts-0`, server: 'main' }, { server: 'main' }],
        processes: [{ instance: 'billing-1', alive: true }],
      },
    ])
  })
  expect(await read({ state: 'trouble' })).toMatchObject({ total: 1, counts: { all: 2, trouble: 1 } })

  const went = await wayOf(good.id)
  expect(went.stored?.[0]?.event).toHaveProperty('sentAt')
  expect(went.way).toMatchObject({ facts: { type: 'order.paid', at: good.at, correlationId: good.id }, cut: false })
  expect(went.way?.deliveries).toMatchObject([
    { subscription: 'parcels', state: 'unwanted' },
    { subscription: 'receipts', state: 'completed', job: good.id, server: 'main' },
  ])
  const { outboxes } = await read()
  const found = environmentOf()
  const issue = vi.spyOn(found.of(Commands), 'issue')
  expect(await storedIn(found, outboxes, good.id)).toEqual(went.stored)
  expect(issue).not.toHaveBeenCalled()
  issue.mockRestore()
  expect((await wayOf(bad.id)).way?.deliveries[1]).toMatchObject({ state: 'dead-letter', error: 'no printer takes 13' })

  const input = {
    subscription: 'receipts',
    service: 'checkout',
    from: begun,
    until: Date.now() + 1,
    reason: 'new printer',
  }
  const request = { environment: environment(), operation: 'events.replay', input }
  const { token, ...preview } = await console.runner.preview(operator, request)
  expect(preview).toMatchObject({ action: 'Replay 2 events', affected: { count: 2, precision: 'exact' } })
  const run = await finishedIn(console, operator, await console.runner.run(operator, { ...request, token }))
  expect(run).toMatchObject({ status: 'succeeded', summary: 'Sent 2 events to receipts again, by checkout-1.' })
  await until(async () => expect(handled).toEqual([good.id, good.id]))
  await until(async () =>
    expect((await wayOf(good.id)).way?.deliveries).toMatchObject([
      { subscription: 'parcels' },
      { state: 'completed', job: good.id },
      { state: 'completed', job: `${good.id}-${run.id}`, replay: { id: run.id, by: operator.name } },
    ]),
  )
  expect((await read({ name: 'receipts' })).rows[0]?.replays).toMatchObject([{ id: run.id, sent: 2 }])
}, 90_000)

test('what cannot be replayed is refused: no outbox, no subscription, no time, no right', async () => {
  const span = { from: 1, until: 2, reason: 'a try' }
  const preview = (input: object, actor = operator) =>
    refusalOf(
      console.runner.preview(actor, {
        environment: environment(),
        operation: 'events.replay',
        input: { subscription: 'receipts', service: 'checkout', ...span, ...input },
      }),
    )
  expect(await preview({ service: 'billing' })).toMatchObject({ fields: { service: 'has no outbox' } })
  expect(await preview({ service: 'none' })).toMatchObject({ code: 'not_found' })
  expect(await preview({ subscription: 'none' })).toMatchObject({
    code: 'invalid',
    message: expect.stringContaining('There is no subscription none'),
  })
  expect(await preview({ until: 1 })).toMatchObject({ fields: { until: 'must be after the beginning' } })
  expect(await preview({}, actorOf('viewer'))).toMatchObject({ code: 'forbidden', needs: 'operator' })
})

test('a replay is stopped in the process that sends it when an operator aborts its run, and not when another worker follows it', async () => {
  const { outboxes } = await read()
  const process = outboxes[0]?.processes[0]?.id ?? ''
  const aborted = (signal: AbortSignal) =>
    followReplay(
      environmentOf(),
      { process, subscription: 'receipts' },
      { runId: newId(), actor: operator, signal, progress: () => undefined },
    )
  const byOperator = await aborted(AbortSignal.abort(new Error('aborted by Ada')))
  expect(byOperator.summary).toContain('checkout-1 no longer sends it: that replay is not under way in this process.')
  const issue = vi.spyOn(environmentOf().of(Commands), 'issue')
  expect(await aborted(AbortSignal.abort(new RunTakenOverError()))).toMatchObject({
    summary: 'Sent 0 events to receipts. checkout-1 goes on.',
  })
  expect(issue).not.toHaveBeenCalled()
  issue.mockRestore()
})

test('what is no id of an event is said to be none, and an unknown one is nowhere', async () => {
  expect((await console.view(eventView, environment(), operator, { id: 'order-7' })).data).toEqual({ isId: false })
  const { stored, way } = await wayOf(newId())
  expect(stored?.[0]).toEqual({ services: ['checkout'] })
  expect(way?.deliveries.map(({ state }) => state)).toEqual(['none', 'none'])
})
