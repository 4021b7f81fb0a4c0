import { eq } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { auditEvent } from '../../../../drizzle/schema/index.ts'
import { createMessages, type Messages, type NewMessage } from '../../../infrastructure/messages/index.ts'
import { testLibraryDatabase } from '../../../infrastructure/testing/library-database.ts'
import { createDatabase, redisUrl } from '../../../infrastructure/testing/servers.ts'
import type { Console } from '../../open.ts'
import type { Role } from '../../platform/operation/wire.ts'
import { actorOf, openTestConsole, testSettings } from '../../testing/open-test-console.ts'
import { finishedIn, refusalOf } from '../../testing/outcomes.ts'
import { overviewView } from '../overview/views/overview.ts'
import { messageView } from './views/message.ts'
import { messagesView } from './views/messages.ts'
import { suppressionsView } from './views/suppressions.ts'

const service = testLibraryDatabase('messages')
let own: Awaited<ReturnType<typeof createDatabase>>
let messages: Messages
let console: Console
let environment: string

beforeAll(async () => {
  own = await createDatabase()
  const settings = testSettings({ databaseUrl: own.url, redisUrl: redisUrl() })
  const [first] = settings.environments
  if (first)
    first.databases = [
      { name: 'empty', url: own.url },
      { name: 'shop', url: service.url },
    ]
  environment = first?.name ?? ''
  console = await openTestConsole(settings)
  messages = await createMessages({ sql: service.sql })
})
afterEach(async () => {
  await service.sql`truncate substation_app.message, substation_app.message_event, substation_app.message_suppression`
})
afterAll(async () => {
  await messages?.close()
  await console?.close()
  await own?.drop()
})

const receipt = (to: string, more: Partial<NewMessage> = {}): NewMessage => ({
  channel: 'email',
  recipients: [to],
  title: `Receipt for ${to}`,
  template: 'receipt',
  content: { text: 'Thank you' },
  ...more,
})
const as = (role: Role) => actorOf(role)
const list = async (filters: object = {}, role: Role = 'viewer') => {
  const { data } = await console.view(messagesView, environment, as(role), { ...filters })
  if (data.log?.status !== 'up') throw new Error(`the log was not read: ${JSON.stringify(data)}`)
  return { ...data, log: data.log.data }
}
const one = async (id: string, role: Role = 'viewer') => {
  const { data } = await console.view(messageView, environment, as(role), { database: 'shop', id })
  if (data.found?.status !== 'up') throw new Error('the message was not read')
  return data.found.data
}
const act = async (operation: string, input: object, role: Role = 'operator') => {
  const asked = { environment, operation, input: { database: 'shop', ...input } }
  const { token } = await console.runner.preview(as(role), asked)
  return finishedIn(console, as(role), await console.runner.run(as(role), { ...asked, token }))
}

test('the log of the database that has one is shown, filtered and in pages; addresses are masked for a viewer', async () => {
  const { message } = await messages.record(receipt('ada@example.com'))
  await messages.record(receipt('+491701234567', { channel: 'sms', template: 'code' }))
  await messages.note([
    {
      message: { id: message.id },
      kind: 'accepted',
      provider: 'sendgrid',
      providerMessageId: 'p-1',
    },
  ])
  const shown = await list()
  expect(shown).toMatchObject({
    databases: [{ name: 'shop' }],
    database: 'shop',
    log: {
      rows: [
        { channel: 'sms', recipients: ['+49…4567'], status: 'queued' },
        { channel: 'email', recipients: ['ad…@example.com'], title: 'Receipt for ad…@example.com', status: 'sent' },
      ],
    },
  })
  expect(JSON.stringify(shown)).not.toContain('ada@')
  // Counts of some seconds ago serve everyone.
  await expect
    .poll(async () => (await list()).counts, { timeout: 20_000 })
    .toMatchObject({
      status: 'up',
      data: expect.arrayContaining([expect.objectContaining({ channel: 'sms', count: 1 })]),
    })
  expect((await list({}, 'operator')).log.rows[1]).toMatchObject({ recipients: ['ada@example.com'] })
  for (const [filters, found] of [
    [{ q: 'ADA@example.com' }, 1],
    [{ q: 'ad' }, 0],
    [{ channel: 'sms' }, 1],
    [{ status: 'sent' }, 1],
    [{ provider: 'sendgrid' }, 1],
    [{ template: 'receipt' }, 1],
    [{ to: String(Date.now() - 3_600_000) }, 0],
    [{ from: String(Date.now() - 3_600_000) }, 2],
    [{ before: message.id }, 0],
  ] as const)
    expect((await list(filters)).log.rows, JSON.stringify(filters)).toHaveLength(found)
})

test('one message is shown with its way; what it said only to those who may see it', async () => {
  const { message } = await messages.record(receipt('ada@example.com'))
  await messages.note([
    { message: { id: message.id }, kind: 'attempt', provider: 'sendgrid', error: 'no mailbox ada@example.com' },
    { message: { id: message.id }, kind: 'accepted', provider: 'mailgun', providerMessageId: 'm-1' },
    {
      message: { id: message.id },
      kind: 'bounced',
      provider: 'mailgun',
      detail: { reason: 'ada@example.com is full' },
    },
  ])
  const seen = await one(message.id)
  expect(seen.message).toMatchObject({ status: 'bounced', provider: 'mailgun', attempts: expect.any(Number) })
  expect(seen.events.map(({ kind, provider }) => [kind, provider])).toEqual([
    ['queued', undefined],
    ['attempt', 'sendgrid'],
    ['accepted', 'mailgun'],
    ['bounced', 'mailgun'],
  ])
  expect(seen.mayRead).toBe(false)
  expect(JSON.stringify(seen)).not.toContain('ada@')
  const whole = await one(message.id, 'operator')
  expect(JSON.parse(whole.content?.json ?? '')).toEqual({ text: 'Thank you' })
  expect(whole.events[3]?.words).toBe('reason: ada@example.com is full')
  expect((await one('0'.repeat(26))).message).toBeUndefined()
})

test('what is scheduled is cancelled, what was sent is not; a copy is sent again', async () => {
  const { message } = await messages.record(receipt('ada@example.com', { scheduledFor: Date.now() + 60_000 }))
  const why = { id: message.id, reason: 'wrong price' }
  expect(await act('message.cancel', why)).toMatchObject({ status: 'succeeded', summary: `Cancelled ${message.id}.` })
  expect(await messages.find(message.id)).toMatchObject({ status: 'cancelled' })
  expect((await messages.events(message.id)).at(-1)?.detail).toMatchObject({ by: 'operator', reason: 'wrong price' })
  expect(await refusalOf(act('message.cancel', why))).toMatchObject({
    code: 'conflict',
    message: 'It is cancelled: there is nothing to cancel.',
  })
  const run = await act('message.resend', why)
  const [copy] = (await messages.list()).messages
  expect(run).toMatchObject({
    status: 'succeeded',
    summary: `Recorded ${copy?.id}, a copy of ${message.id}, to be sent now.`,
  })
  expect(copy).toMatchObject({ status: 'scheduled', recipients: ['ada@example.com'] })
  expect(await refusalOf(act('message.resend', { ...why, id: '0'.repeat(26) }))).toMatchObject({ code: 'not_found' })
})

test('an address is suppressed and taken off the list, and stands in the audit masked', async () => {
  const address = { channel: 'email', address: 'ada@example.com', reason: 'asked by phone' }
  expect(await act('message.suppress', address)).toMatchObject({ status: 'succeeded' })
  expect(await messages.suppressed('email', ['ada@example.com'])).toMatchObject(
    new Map([['ada@example.com', { reason: 'manual', by: 'operator', note: 'asked by phone' }]]),
  )
  const rows = async (role: Role) => {
    const { data } = await console.view(suppressionsView, environment, as(role), {})
    return data.list?.status === 'up' ? data.list.data.rows.map(({ address }) => address) : data
  }
  expect([await rows('viewer'), await rows('operator')]).toEqual([['ad…@example.com'], ['ada@example.com']])
  expect(await refusalOf(act('message.suppress', address))).toMatchObject({ code: 'conflict' })
  await messages.suppress([{ channel: 'email', address: 'ada@example.com', reason: 'complaint' }])
  const asked = { environment, operation: 'message.unsuppress', input: { database: 'shop', ...address } }
  expect((await console.runner.preview(as('operator'), asked)).warnings?.[0]).toContain('has complained')
  expect(await act('message.unsuppress', address)).toMatchObject({ status: 'succeeded' })
  expect(await messages.suppressed('email', ['ada@example.com'])).toEqual(new Map())
  expect(await refusalOf(act('message.unsuppress', address))).toMatchObject({ code: 'conflict' })
  const audit = await console.store.db.select().from(auditEvent).where(eq(auditEvent.environment, environment))
  expect(audit.some(({ targetName }) => targetName === 'email ad…@example.com')).toBe(true)
  expect(JSON.stringify(audit)).not.toContain('ada@')
})

test('a channel of which too much bounces wants attention; a database without a log is not one', async () => {
  const all = await messages.recordMany(Array.from({ length: 60 }, (_, at) => receipt(`a${at}@example.com`)))
  await messages.note(
    all.map(({ message }, at) => ({
      message: { id: message.id },
      kind: at < 6 ? 'bounced' : 'delivered',
      provider: 'ses',
    })),
  )
  const bounced = async () =>
    (await console.view(overviewView, environment, as('operator'), {})).data.attention.filter(({ id }) =>
      id.startsWith('messages:'),
    )
  await expect
    .poll(bounced, { timeout: 40_000 })
    .toMatchObject([{ id: 'messages:shop:email:bounced', text: 'bounce: 10 %', count: 6, band: 'degraded' }])
  expect((await list({ database: 'empty' })).database).toBe('shop')
})
