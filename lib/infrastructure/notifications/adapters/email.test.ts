import { expect, test } from 'vitest'
import { createEmail, EmailError, type EmailErrorCode, type EmailProvider } from '../../email/index.ts'
import { createMessages } from '../../messages/index.ts'
import { type Content, createChannel, createNotifications } from '../index.ts'

const CONTENT: Content = { title: 'Order 7', text: 'on its way', url: 'https://shop.example/7' }
const call = () => ({ idempotencyKey: 'a', signal: new AbortController().signal })

/** Email with a provider that fails with these, one call after another, and then sends. */
async function setting(...failures: unknown[]) {
  const sent: Parameters<EmailProvider['send']>[0][] = []
  const provider: EmailProvider = {
    name: 'own',
    takesIdempotencyKeys: false,
    async send(email) {
      const failure = failures.shift()
      if (failure) throw failure
      sent.push(email)
      return { id: `own-${sent.length}`, accepted: [], rejected: [] }
    },
    close: async () => undefined,
  }
  const messages = await createMessages()
  const emails = await createEmail(
    { from: 'shop@shop.example', providers: [{ adapter: 'own', provider }] },
    { messages },
  )
  return { sent, messages, emails, channel: await createChannel({ via: 'email', emails }) }
}

test('an email has the title as its subject and the link below its text; a repetition is not sent again', async () => {
  const { sent, channel, messages } = await setting()
  const first = await channel.send({ ...CONTENT, html: '<p>on its way</p>' }, 'ada@shop.example', call())
  expect(await channel.send(CONTENT, 'ada@shop.example', call())).toEqual(first)
  await channel.send({ text: 'first line\nmore' }, 'ada@shop.example', { ...call(), idempotencyKey: 'b' })
  expect(first).toEqual({ id: 'own-1', messageId: expect.any(String) })
  expect(sent).toMatchObject([
    { subject: 'Order 7', text: 'on its way\n\nhttps://shop.example/7', html: '<p>on its way</p>' },
    { subject: 'first line', text: 'first line\nmore' },
  ])
  expect(await messages.find(first.messageId ?? '')).toMatchObject({ status: 'sent', provider: 'own' })
})

test.each<[EmailErrorCode, string, boolean]>([
  ['EMAIL_REFUSED', 'NOTIFICATION_REFUSED', true],
  ['EMAIL_AUTHENTICATION', 'NOTIFICATION_UNAUTHORIZED', true],
  ['EMAIL_RATE_LIMITED', 'NOTIFICATION_RATE_LIMITED', true],
  ['EMAIL_UNREACHABLE', 'NOTIFICATION_UNREACHABLE', true],
  ['EMAIL_OUTCOME_UNKNOWN', 'NOTIFICATION_UNAVAILABLE', false],
])('%s is %s', async (code, expected, notDone) => {
  const { channel } = await setting(new EmailError('the vendor said so', { code, notDone, retryAfterMs: 7 }))
  await expect(channel.send(CONTENT, 'ada@shop.example', call())).rejects.toMatchObject({
    code: expected,
    notDone,
    retryAfterMs: 7,
  })
})

test('addresses on the suppression list, and addresses that are none, are refused', async () => {
  const { channel, messages } = await setting()
  await messages.suppress([{ channel: 'email', address: 'ada@shop.example', reason: 'bounce' }])
  const refused = { code: 'NOTIFICATION_REFUSED', notDone: true }
  await expect(channel.send(CONTENT, 'ada@shop.example', call())).rejects.toMatchObject(refused)
  await expect(channel.send(CONTENT, 'nonsense', { ...call(), idempotencyKey: 'b' })).rejects.toMatchObject(refused)
  const aborted = { idempotencyKey: 'c', signal: AbortSignal.abort() }
  await expect(channel.send(CONTENT, 'bob@shop.example', aborted)).rejects.toMatchObject({
    code: 'NOTIFICATION_ABORTED',
  })
})

test('a notification by email is in the log once, under its id and its recipient', async () => {
  const { messages, channel, sent } = await setting(
    new EmailError('busy', { code: 'EMAIL_UNAVAILABLE', retryable: true, notDone: true }),
  )
  const notifications = await createNotifications(
    {
      channels: [channel],
      recipients: { find: async () => ({ addresses: { email: ['ada@shop.example'] } }) },
      retry: { initialDelayMs: 1 },
    },
    { messages },
  )
  await notifications.work({ pollMs: 10 })
  const { batch, notified } = await notifications.notifyMany(['ada'], { type: 'order.shipped', content: CONTENT })
  await expect.poll(async () => (await notifications.batch(batch)).sent).toBe(1)
  const found = await messages.list({ recipient: 'ada', notificationId: notified[0]?.id ?? '', batchId: batch })
  expect(found.messages).toMatchObject([{ channel: 'email', status: 'sent', attempts: 2 }])
  expect((await messages.list()).messages).toHaveLength(1)
  expect(sent).toHaveLength(1)
  await notifications.close()
})

test('an error that is not of email, and emails without a log, are told as they are', async () => {
  const broken: EmailProvider = {
    name: 'own',
    takesIdempotencyKeys: false,
    async send() {
      throw new TypeError('broken')
    },
    close: async () => undefined,
  }
  const emails = await createEmail({ from: 'shop@shop.example', providers: [{ adapter: 'own', provider: broken }] })
  const channel = await createChannel({ via: 'email', emails, confirmsDelivery: true })
  expect(channel.confirmsDelivery).toBe(true)
  await expect(channel.send(CONTENT, 'ada@shop.example', call())).rejects.toMatchObject({
    code: expect.stringMatching(/^NOTIFICATION_/),
  })
})

test('an email that was cancelled in the log is not sent', async () => {
  const { channel, messages, sent } = await setting()
  const recorded = { channel: 'email' as const, recipients: ['ada@shop.example'], content: {}, idempotencyKey: 'a' }
  const { message } = await messages.record(recorded)
  await messages.cancel(message.id, { by: 'someone' })
  await expect(channel.send(CONTENT, 'ada@shop.example', call())).rejects.toMatchObject({
    code: 'NOTIFICATION_REFUSED',
  })
  expect(sent).toEqual([])
})
