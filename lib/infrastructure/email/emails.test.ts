import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { createMessages, type Messages } from '../messages/index.ts'
import type { EmailServer } from '../testing/email/received-email.ts'
import { startResend } from '../testing/email/resend-server.ts'
import { startSmtp } from '../testing/email/smtp-server.ts'
import { testLibraryDatabase } from '../testing/library-database.ts'
import { guardLoopback } from '../testing/loopback-guard.ts'
import {
  createEmail,
  type Email,
  type EmailOptions,
  type EmailProvider,
  type Emails,
  emailTemplate,
  type NewEmail,
} from './index.ts'

const KEY = 're_0123456789abcdef'
const database = testLibraryDatabase('messages')
let guard: ReturnType<typeof guardLoopback>
let smtp: EmailServer
let resend: EmailServer
let messages: Messages
let opened: Emails[]
let errors: unknown[]

beforeAll(() => {
  guard = guardLoopback()
})
afterAll(() => {
  guard.stop()
  expect(guard.escapes).toEqual([])
})
beforeEach(async () => {
  ;[smtp, resend] = await Promise.all([startSmtp({ user: 'shop', password: KEY }), startResend(KEY)])
  await database.sql`truncate substation_app.message, substation_app.message_event, substation_app.message_suppression`
  messages = await createMessages({ sql: database.sql })
  opened = []
  errors = []
})
afterEach(async () => {
  await Promise.all(opened.map(emails => emails.close()))
  await Promise.all([smtp.close(), resend.close(), messages.close()])
})

const until = (check: () => unknown) => vi.waitFor(check, 15_000)
const QUICK = { attempts: 3, initialDelayMs: 1, maxDelayMs: 1 }
const PATIENT = { policy: { kind: 'consecutive' as const, failures: 50 }, halfOpenAfterMs: 1 }
const overSmtp = (): NonNullable<EmailOptions['providers']>[number] => {
  const { hostname: host, port } = new URL(smtp.url)
  return { adapter: 'smtp', host, port: Number(port), user: 'shop', password: KEY, policy: { retry: QUICK } }
}
const overResend = (): NonNullable<EmailOptions['providers']>[number] => ({
  adapter: 'resend',
  apiKey: KEY,
  baseUrl: resend.url,
  policy: { retry: QUICK },
})
async function email(options: EmailOptions = {}, dependencies = { messages }): Promise<Emails> {
  const emails = await createEmail(
    { from: 'Shop <shop@example.com>', onError: error => errors.push(error), ...options },
    dependencies,
  )
  opened.push(emails)
  return emails
}
const hello = (more: Partial<NewEmail> = {}): NewEmail => ({
  to: 'mia@example.com',
  subject: 'Hello',
  text: 'Hello Mia',
  ...more,
})
const kindsOf = async (id: string) =>
  (await messages.events(id)).map(({ kind, provider }) => [kind, provider].filter(Boolean).join(' '))
const failing = (over: Partial<EmailProvider>): EmailProvider => ({
  name: 'own',
  takesIdempotencyKeys: false,
  send: () => Promise.reject(new Error('send is not expected')),
  close: async () => undefined,
  ...over,
})

test('with nothing configured emails are kept in the log', async () => {
  const emails = await email()
  const { id, status } = await emails.send(hello({ text: '', html: '<p>Hello <b>Mia</b></p>' }))
  expect(status).toBe('sent')
  expect(await messages.find(id)).toMatchObject({
    status: 'sent',
    provider: 'outbox',
    providerMessageId: id,
    content: { subject: 'Hello', html: '<p>Hello <b>Mia</b></p>' },
  })
  const alone = await createEmail({ from: 'shop@example.com' })
  opened.push(alone)
  expect(await alone.send(hello())).toMatchObject({ status: 'sent', provider: 'outbox' })
})

test('without a log emails are sent and nothing is recorded', async () => {
  const emails = await createEmail({ from: 'shop@example.com', providers: [overResend()] })
  opened.push(emails)
  const first = await emails.send(hello(), { idempotencyKey: 'order-7' })
  expect(await emails.send(hello(), { idempotencyKey: 'order-7' })).toMatchObject({ id: first.id, provider: 'resend' })
  expect(resend.emails).toHaveLength(1)
  await expect(emails.send(hello(), { scheduledFor: Date.now() })).rejects.toMatchObject({ code: 'EMAIL_INVALID' })
  expect(() => emails.work()).toThrow('needs the log')
})

test('an email is recorded with its way, and found by its key', async () => {
  const emails = await email({ providers: [overSmtp()] })
  const options = { idempotencyKey: 'order-7', batchId: 'b', notificationId: 'n', lookup: ['user-7'] }
  const sent = await emails.send(hello(), options)
  expect(sent).toMatchObject({ status: 'sent', isNew: true, provider: 'smtp', accepted: ['mia@example.com'] })
  expect(await kindsOf(sent.id)).toEqual(['queued', 'attempt smtp', 'accepted smtp'])
  expect(await messages.list({ recipient: 'user-7', batchId: 'b', notificationId: 'n' })).toMatchObject({
    messages: [{ id: sent.id, providerMessageId: smtp.emails[0]?.id, attempts: 1 }],
  })
  expect(await emails.send(hello(), options)).toMatchObject({ id: sent.id, isNew: false, status: 'sent' })
  expect(smtp.emails).toHaveLength(1)
})

test('who bounced, complained or unsubscribed gets nothing', async () => {
  const emails = await email({ providers: [overSmtp()] })
  await messages.suppress([{ channel: 'email', address: 'MIA@example.com', reason: 'bounce' }])
  const partly = await emails.send(hello({ cc: ['ben@example.com', 'mia@example.com'] }))
  expect(partly).toMatchObject({ status: 'sent', suppressed: ['mia@example.com'], accepted: ['ben@example.com'] })
  expect(smtp.emails[0]).toMatchObject({ to: [], cc: ['ben@example.com'] })
  const none = await emails.send(hello())
  expect(none).toMatchObject({ status: 'suppressed', isNew: true, suppressed: ['mia@example.com'] })
  expect(await kindsOf(none.id)).toEqual(['suppressed'])
  expect(smtp.emails).toHaveLength(1)
})

test('the next provider is used where the first certainly sent nothing', async () => {
  const emails = await email({ providers: [overSmtp(), overResend()] })
  smtp.fail({ kind: 'status', status: 421 }, 9)
  const { id, provider } = await emails.send(hello())
  expect(provider).toBe('resend')
  expect(await kindsOf(id)).toEqual([
    'queued',
    'attempt smtp',
    'attempt smtp',
    'attempt smtp',
    'attempt resend',
    'accepted resend',
  ])
  expect(emails.failover.report()).toMatchObject({ failedOver: 1, inUse: { provider: 'resend' } })
  await smtp.close()
  expect(await emails.send(hello())).toMatchObject({ provider: 'resend' })
  expect(resend.emails).toHaveLength(2)
})

test('an email that is refused is not tried elsewhere', async () => {
  const emails = await email({ providers: [overSmtp(), overResend()] })
  smtp.fail({ kind: 'status', status: 550 })
  await expect(emails.send(hello())).rejects.toMatchObject({ code: 'EMAIL_REFUSED', provider: 'smtp' })
  expect(resend.emails).toEqual([])
  const { messages: found } = await messages.list({ status: 'failed' })
  expect(found).toMatchObject([{ attempts: 1, lastError: expect.stringContaining('550') }])
})

test('where all fail, the email is known not to be sent, and its key can be used again', async () => {
  const emails = await email({ providers: [overSmtp(), overResend()] })
  smtp.fail({ kind: 'status', status: 451 }, 3)
  resend.fail({ kind: 'status', status: 429 }, 3)
  const send = () => emails.send(hello(), { idempotencyKey: 'order-7' })
  await expect(send()).rejects.toMatchObject({ code: 'EMAIL_UNAVAILABLE', notDone: true, retryable: true })
  expect(await send()).toMatchObject({ status: 'sent', isNew: false, provider: 'smtp' })
  expect([smtp.emails.length, resend.emails.length]).toEqual([1, 0])
  expect((await messages.list()).messages).toMatchObject([{ status: 'sent', attempts: 7 }])
})

test('what may have been sent is sent nowhere else, and its key does not send it again', async () => {
  const emails = await email({ providers: [overSmtp(), overResend()] })
  smtp.fail({ kind: 'reset' })
  const send = () => emails.send(hello(), { idempotencyKey: 'order-7' })
  await expect(send()).rejects.toMatchObject({ code: 'EMAIL_OUTCOME_UNKNOWN', notDone: false, provider: 'smtp' })
  await expect(send()).rejects.toMatchObject({
    code: 'EMAIL_OUTCOME_UNKNOWN',
    nextStep: expect.stringContaining('resend it'),
  })
  expect([smtp.emails.length, resend.emails.length]).toEqual([0, 0])
  const willing = await email({ providers: [overSmtp(), overResend()], whenUnknown: 'next' })
  expect(await willing.send(hello(), { idempotencyKey: 'order-7' })).toMatchObject({ provider: 'smtp' })
  smtp.fail({ kind: 'reset' })
  expect(await willing.send(hello())).toMatchObject({ provider: 'resend' })
})

test('a provider that takes keys is asked again, and sends once', async () => {
  const emails = await email({
    providers: [{ ...overResend(), policy: { timeoutMs: 700, breaker: PATIENT, retry: QUICK } }, overSmtp()],
  })
  resend.fail({ kind: 'silent' })
  const sent = await emails.send(hello())
  expect(sent).toMatchObject({ provider: 'resend', providerMessageId: resend.emails[0]?.id })
  expect(resend.emails).toHaveLength(1)
  // Also by a later call: only there, where the key is known.
  resend.fail({ kind: 'silent' }, 3)
  const send = () => emails.send(hello({ subject: 'Later' }), { idempotencyKey: 'later' })
  await expect(send()).rejects.toMatchObject({ code: 'EMAIL_OUTCOME_UNKNOWN' })
  resend.fail({ kind: 'status', status: 503 }, 3)
  await expect(send()).rejects.toMatchObject({ code: 'EMAIL_UNAVAILABLE', provider: 'resend' })
  expect(await send()).toMatchObject({ provider: 'resend', status: 'sent' })
  expect([resend.emails.length, smtp.emails.length]).toEqual([2, 0])
})

test('a provider that takes no keys and does not answer in time is not asked again', async () => {
  const emails = await email({
    providers: [{ ...overSmtp(), policy: { timeoutMs: 1_000, retry: QUICK } }, overResend()],
  })
  smtp.fail({ kind: 'silent' }, 9)
  await expect(emails.send(hello())).rejects.toMatchObject({ code: 'EMAIL_OUTCOME_UNKNOWN', notDone: false })
  expect([smtp.emails.length, resend.emails.length]).toEqual([1, 0])
})

test('a call that is given up rejects with its reason', async () => {
  const emails = await email({ providers: [overSmtp()] })
  const givenUp = new AbortController()
  smtp.fail({ kind: 'silent' })
  const arrived = smtp.nextArrival()
  const sending = emails.send(hello(), { signal: givenUp.signal, idempotencyKey: 'k' })
  await arrived
  const inBetween = emails.send(hello(), { idempotencyKey: 'k' })
  await expect(inBetween).rejects.toMatchObject({ code: 'EMAIL_OUTCOME_UNKNOWN', retryable: true })
  givenUp.abort(new Error('the user left'))
  await expect(sending).rejects.toThrow('the user left')
  await expect(emails.send(hello(), { signal: givenUp.signal })).rejects.toThrow('the user left')
  expect((await messages.list()).messages).toMatchObject([{ status: 'failed', lastError: 'the user left' }])
})

test('an operator forces a provider', async () => {
  const emails = await email({ providers: [overSmtp(), overResend()] })
  emails.failover.force({ provider: 'resend', id: 'o', reason: 'planned work', by: 'mia' })
  expect(await emails.send(hello())).toMatchObject({ provider: 'resend' })
  // A test goes where it is to go, and is no message.
  const id = await emails.failover.sendTest({ provider: 'smtp', to: 'me@example.com' })
  expect(smtp.emails).toMatchObject([{ id, to: ['me@example.com'], from: 'shop@example.com', subject: 'Test of smtp' }])
  expect((await messages.list()).messages).toHaveLength(1)
  emails.failover.release('o')
  expect(await emails.send(hello())).toMatchObject({ provider: 'smtp' })
})

test('a log that cannot be written after a send does not fail it', async () => {
  const broken: Messages = { ...messages, note: () => Promise.reject(new Error('the disk is full')) }
  const emails = await email({ providers: [overSmtp()] }, { messages: broken })
  expect(await emails.send(hello())).toMatchObject({ status: 'sent' })
  expect(errors).toMatchObject([{ message: 'the disk is full' }])
})

test('an error that is none of email is passed on as an unknown outcome', async () => {
  const provider = failing({ send: () => Promise.reject(new TypeError('fetch is not a function')) })
  const emails = await email({ providers: [{ adapter: 'own', provider }] })
  await expect(emails.send(hello())).rejects.toMatchObject({
    code: 'EMAIL_OUTCOME_UNKNOWN',
    retryable: false,
    notDone: false,
  })
  const open = await email({
    providers: [
      {
        adapter: 'own',
        provider,
        policy: { breaker: { policy: { kind: 'consecutive', failures: 1 }, halfOpenAfterMs: 60_000 } },
      },
    ],
  })
  await expect(open.send(hello())).rejects.toMatchObject({ code: 'EMAIL_OUTCOME_UNKNOWN' })
  await expect(open.send(hello())).rejects.toMatchObject({ code: 'EMAIL_UNAVAILABLE', notDone: true })
})

test('many get one each, with their own variables, and a result each', async () => {
  // More than one batch; the vendors' own servers would take most of a minute for them.
  const taken: Email[] = []
  const provider = failing({
    async send(sent, { messageId = '' } = {}) {
      taken.push(sent)
      return { id: messageId, accepted: [], rejected: [] }
    },
  })
  const emails = await email({ providers: [{ adapter: 'own', provider }] })
  const template = emailTemplate<{ name: string }>('hello', {
    subject: ({ name }) => `Hello ${name}`,
    text({ name }) {
      if (name === 'Zoe') throw new Error('Zoe has no text')
      return `Dear ${name}`
    },
  })
  const names = Array.from({ length: 520 }, (_, n) => `P${n}`)
  await messages.suppress([{ channel: 'email', address: 'p7@example.com', reason: 'complaint' }])
  const people = [...names, 'Zoe'].map(name => ({
    to: `${name.toLowerCase()}@example.com`,
    variables: { name },
    idempotencyKey: name,
  }))
  const results = await emails.sendMany(template, [...people, { to: 'nobody', variables: { name: 'No' } }], {
    batchId: 'b-1',
  })
  expect(results.map(({ to }) => to)).toEqual([...people.map(({ to }) => to), 'nobody'])
  expect(results[7]).toMatchObject({ email: { status: 'suppressed' } })
  expect(results[520]).toMatchObject({ error: { message: 'Zoe has no text' } })
  expect(results[521]).toMatchObject({ error: { code: 'EMAIL_INVALID' } })
  expect(taken).toHaveLength(519)
  expect(taken.find(({ to }) => to[0]?.email === 'p3@example.com')).toMatchObject({
    subject: 'Hello P3',
    text: 'Dear P3',
  })
  expect(new Set(taken.map(({ to }) => to[0]?.email)).size).toBe(519)
  const again = await emails.sendMany(template, people.slice(0, 3), { batchId: 'b-1', concurrency: 2 })
  expect(again).toMatchObject([{ email: { isNew: false } }, { email: { isNew: false } }, { email: { isNew: false } }])
  expect(taken).toHaveLength(519)
  expect(
    (await messages.list({ batchId: 'b-1', template: 'hello', status: 'sent' }, { limit: 600 })).messages,
  ).toHaveLength(519)
})

test('what is scheduled is sent when its time has come, to those who may still get it', async () => {
  const emails = await email({ providers: [overSmtp()] })
  const later = await emails.send(hello(), { scheduledFor: Date.now() + 3_600_000 })
  expect(later.status).toBe('scheduled')
  const due = await emails.send(hello({ cc: 'ben@example.com' }), {
    scheduledFor: Date.now() - 1,
    idempotencyKey: 'due',
  })
  const none = await emails.send(hello({ to: 'zoe@example.com' }), { scheduledFor: Date.now() - 1 })
  await messages.suppress([
    { channel: 'email', address: 'mia@example.com', reason: 'unsubscribe' },
    { channel: 'email', address: 'zoe@example.com', reason: 'unsubscribe' },
  ])
  const { message: strange } = await messages.record({
    channel: 'email',
    recipients: ['x'],
    content: { a: 1 },
    scheduledFor: 1,
  })
  emails.work({ pollMs: 5 })
  await until(async () => expect(await messages.find(strange.id)).toMatchObject({ status: 'failed' }))
  await until(async () => expect(await messages.find(due.id)).toMatchObject({ status: 'sent' }))
  expect(await messages.find(none.id)).toMatchObject({ status: 'suppressed' })
  expect(await messages.find(later.id)).toMatchObject({ status: 'scheduled' })
  expect(smtp.emails).toMatchObject([{ to: [], cc: ['ben@example.com'] }])
  expect(await messages.resend(due.id, { by: 'mia' })).toMatchObject({ status: 'scheduled' })
  await until(() => expect(smtp.emails).toHaveLength(2))
  expect(errors).toMatchObject([{ code: 'EMAIL_INVALID' }])
})

test('what is scheduled and could not be sent is tried later; what may have been sent is not', async () => {
  const emails = await email({ providers: [{ ...overSmtp(), policy: { retry: { attempts: 1 } } }] })
  smtp.fail({ kind: 'status', status: 451 })
  const busy = await emails.send(hello(), { scheduledFor: Date.now() - 1 })
  emails.work({ pollMs: 5 })
  await until(async () => expect(await messages.find(busy.id)).toMatchObject({ status: 'scheduled', attempts: 1 }))
  expect(Number((await messages.find(busy.id))?.scheduledFor)).toBeGreaterThan(Date.now() - 60_000)
  expect(errors).toEqual([])
  smtp.fail({ kind: 'reset' })
  const lost = await emails.send(hello(), { scheduledFor: Date.now() - 1 })
  await until(async () => expect(await messages.find(lost.id)).toMatchObject({ status: 'failed' }))
  expect(smtp.emails).toEqual([])
})

test('what a provider with keys may have sent is given to it again', async () => {
  const emails = await email({
    providers: [{ ...overResend(), policy: { timeoutMs: 700, retry: { attempts: 1 } } }, overSmtp()],
  })
  resend.fail({ kind: 'silent' })
  const { id } = await emails.send(hello(), { scheduledFor: Date.now() - 1 })
  emails.work({ pollMs: 5 })
  await until(async () => expect(await messages.find(id)).toMatchObject({ status: 'scheduled', attempts: 1 }))
  expect((await messages.events(id)).at(-1)).toMatchObject({ kind: 'attempt', detail: { unknown: true } })
  resend.fail({ kind: 'status', status: 429 })
  await messages.reschedule(id, Date.now())
  await until(async () => expect(await messages.find(id)).toMatchObject({ status: 'scheduled', attempts: 2 }))
  await messages.reschedule(id, Date.now())
  await until(async () => expect(await messages.find(id)).toMatchObject({ status: 'sent', provider: 'resend' }))
  expect([resend.emails.length, smtp.emails.length]).toEqual([1, 0])
})

test('after a crash an email is sent again only where that sends it once', async () => {
  const claimed = async () => {
    const emails = await email({ providers: [overSmtp()] })
    const { id } = await emails.send(hello(), { scheduledFor: Date.now() - 1 })
    await messages.claimDue({ channel: 'email', limit: 10, leaseMs: -1 })
    return id
  }
  const held = await claimed()
  ;(await email({ providers: [overSmtp()] })).work({ pollMs: 5 })
  await until(async () => expect(await messages.find(held)).toMatchObject({ status: 'failed' }))
  await opened.at(-1)?.close()
  const safe = await claimed()
  ;(await email({ providers: [overResend()] })).work({ pollMs: 5 })
  await until(async () => expect(await messages.find(safe)).toMatchObject({ status: 'sent', provider: 'resend' }))
  expect(smtp.emails).toEqual([])
})

test('a log that does not answer stops no worker', async () => {
  let isBroken = true
  const shaky: Messages = {
    ...messages,
    claimDue: options => (isBroken ? Promise.reject(new Error('it does not answer')) : messages.claimDue(options)),
  }
  const emails = await email({ providers: [overSmtp()] }, { messages: shaky })
  const { id } = await emails.send(hello(), { scheduledFor: Date.now() - 1 })
  emails.work({ pollMs: 5 })
  await until(() => expect(errors.length).toBeGreaterThan(1))
  isBroken = false
  await until(async () => expect(await messages.find(id)).toMatchObject({ status: 'sent' }))
})

test('closing waits for what is under way', async () => {
  const gate = Promise.withResolvers<void>()
  let isClosed = false
  const provider = failing({
    async send() {
      await gate.promise
      expect(isClosed).toBe(false)
      return { id: '1', accepted: [], rejected: [] }
    },
    async close() {
      isClosed = true
    },
  })
  const emails = await email({ providers: [{ adapter: 'own', provider }] })
  const sending = emails.send(hello())
  const closing = emails.close()
  gate.resolve()
  expect(await sending).toMatchObject({ status: 'sent' })
  await closing
  expect(isClosed).toBe(true)
})
