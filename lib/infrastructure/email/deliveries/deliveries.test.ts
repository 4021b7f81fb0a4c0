import { expect, test } from 'vitest'
import { createMessages } from '../../messages/index.ts'
import { type DeliveryVendor, noteDeliveries, readDeliveries } from '../index.ts'

const AT = 1_790_000_000

const sendgrid = (event: string, more: object = {}) => ({
  email: 'mia@example.com',
  timestamp: AT,
  event,
  sg_event_id: `sg-${event}`,
  sg_message_id: 'abc123.recvd-5f4-1-6.0',
  ...more,
})
const resend = (type: string, data: object = {}) => ({
  type,
  created_at: new Date(AT * 1_000).toISOString(),
  data: { email_id: 're-1', to: ['mia@example.com'], ...data },
})
const mailgun = (event: string, data: object = {}) => ({
  signature: { timestamp: '1', token: 't', signature: 's' },
  'event-data': {
    id: `mg-${event}`,
    event,
    timestamp: AT,
    recipient: 'mia@example.com',
    message: { headers: { 'message-id': 'mg-1@mg.example.com' } },
    ...data,
  },
})
const ses = (eventType: string, more: object = {}) => ({
  Type: 'Notification',
  MessageId: `sns-${eventType}`,
  Message: JSON.stringify({
    eventType,
    mail: { messageId: 'ses-1', timestamp: new Date(AT * 1_000).toISOString() },
    ...more,
  }),
})
const bounced = (bounceType: string) => ({
  bounce: {
    bounceType,
    bouncedRecipients: [{ emailAddress: 'mia@example.com', diagnosticCode: '550 5.1.1 no such user' }],
    timestamp: new Date(AT * 1_000).toISOString(),
  },
})

test.for<[DeliveryVendor, unknown, string, string?]>([
  ['sendgrid', [sendgrid('processed')], 'accepted'],
  ['sendgrid', sendgrid('delivered', { reason: '250 OK' }), 'delivered'],
  ['sendgrid', [sendgrid('deferred', { reason: 'busy' })], 'deferred'],
  ['sendgrid', [sendgrid('bounce', { type: 'bounce', reason: '550' })], 'bounced', 'bounce'],
  ['sendgrid', [sendgrid('bounce', { type: 'blocked', reason: '550 spam' })], 'bounced'],
  ['sendgrid', [sendgrid('dropped', { reason: 'Bounced Address' })], 'failed'],
  ['sendgrid', [sendgrid('spamreport')], 'complained', 'complaint'],
  ['sendgrid', [sendgrid('unsubscribe')], 'unsubscribed', 'unsubscribe'],
  ['sendgrid', [sendgrid('open')], 'opened'],
  ['sendgrid', [sendgrid('click')], 'clicked'],
  ['resend', resend('email.sent'), 'accepted'],
  ['resend', resend('email.delivered'), 'delivered'],
  ['resend', resend('email.delivery_delayed'), 'deferred'],
  ['resend', resend('email.bounced', { bounce: { type: 'Permanent', message: '550' } }), 'bounced', 'bounce'],
  ['resend', resend('email.bounced', { to: 'mia@example.com', bounce: { type: 'Transient' } }), 'bounced'],
  ['resend', resend('email.complained'), 'complained', 'complaint'],
  ['resend', resend('email.failed', { failed: { reason: 'quota' } }), 'failed'],
  ['mailgun', mailgun('accepted'), 'accepted'],
  ['mailgun', mailgun('delivered', { 'delivery-status': { message: 'OK' } }), 'delivered'],
  ['mailgun', mailgun('failed', { severity: 'temporary' }), 'deferred'],
  [
    'mailgun',
    mailgun('failed', {
      severity: 'permanent',
      reason: 'bounce',
      'delivery-status': { message: '', description: 'No such user' },
    }),
    'bounced',
    'bounce',
  ],
  ['mailgun', mailgun('failed', { severity: 'permanent', reason: 'suppress-bounce' }), 'failed'],
  ['mailgun', mailgun('rejected'), 'failed'],
  ['mailgun', mailgun('complained'), 'complained', 'complaint'],
  ['mailgun', mailgun('unsubscribed'), 'unsubscribed', 'unsubscribe'],
  ['ses', ses('Send'), 'accepted'],
  ['ses', ses('Delivery', { delivery: { timestamp: new Date(AT * 1_000).toISOString() } }), 'delivered'],
  ['ses', ses('DeliveryDelay'), 'deferred'],
  ['ses', ses('Bounce', bounced('Permanent')), 'bounced', 'bounce'],
  ['ses', ses('Bounce', bounced('Undetermined')), 'bounced'],
  ['ses', ses('Bounce', bounced('Transient')), 'deferred'],
  [
    'ses',
    ses('Complaint', { complaint: { complainedRecipients: [{ emailAddress: 'mia@example.com' }] } }),
    'complained',
    'complaint',
  ],
  ['ses', ses('Reject', { reject: { reason: 'Bad content' } }), 'failed'],
  ['ses', ses('Rendering Failure', { failure: { errorMessage: 'name is missing' } }), 'failed'],
  ['ses', ses('Open'), 'opened'],
])('%s: %j is %s', ([vendor, body, kind, reason]) => {
  const { notes, suppressions, ignored } = readDeliveries(vendor, body)
  expect(ignored).toBe(0)
  expect(notes).toHaveLength(1)
  expect(notes[0]).toMatchObject({
    kind,
    at: AT * 1_000,
    provider: vendor,
    vendorEventId: expect.any(String),
    message: {
      provider: vendor,
      providerMessageId: { sendgrid: 'abc123', resend: 're-1', mailgun: 'mg-1@mg.example.com', ses: 'ses-1' }[vendor],
    },
  })
  expect(suppressions.map(each => [each.address, each.reason])).toEqual(reason ? [['mia@example.com', reason]] : [])
})

test('what is of another shape, or says nothing of a message, is ignored', () => {
  for (const vendor of ['sendgrid', 'resend', 'mailgun', 'ses'] as const)
    for (const body of [null, 'text', { event: 1 }, { type: 'contact.created', data: {} }])
      expect(readDeliveries(vendor, body)).toEqual({ notes: [], suppressions: [], ignored: 1 })
  expect(
    readDeliveries('sendgrid', [sendgrid('open'), { event: 'open' }, sendgrid('group_resubscribe')]),
  ).toMatchObject({
    notes: [{ kind: 'opened' }],
    ignored: 2,
  })
  expect(readDeliveries('resend', resend('email.scheduled')).ignored).toBe(1)
  expect(readDeliveries('mailgun', mailgun('stored')).ignored).toBe(1)
  expect(readDeliveries('ses', ses('Subscription')).ignored).toBe(1)
})

test('events reach their message by our id or the vendor’s, once, and the address gets nothing more', async () => {
  const messages = await createMessages()
  const record = async () =>
    (await messages.record({ channel: 'email', recipients: ['mia@example.com'], content: null })).message.id
  const byVendor = await record()
  await messages.note([
    { message: { id: byVendor }, kind: 'accepted', provider: 'sendgrid-eu', providerMessageId: 'abc123' },
  ])
  const bounce = readDeliveries(
    'sendgrid',
    [sendgrid('delivered'), sendgrid('bounce', { reason: '550 no such user' })],
    {
      provider: 'sendgrid-eu',
    },
  )
  expect(await noteDeliveries(messages, bounce)).toEqual({ noted: 2, duplicates: 0, unknown: 0, ignored: 0 })
  expect(await noteDeliveries(messages, bounce)).toEqual({ noted: 0, duplicates: 2, unknown: 0, ignored: 0 })
  expect(await messages.find(byVendor)).toMatchObject({ status: 'bounced', lastError: '550 no such user' })
  expect((await messages.suppressed('email', ['mia@example.com'])).get('mia@example.com')).toMatchObject({
    reason: 'bounce',
    by: 'sendgrid-eu',
    note: '550 no such user',
  })

  const byOurs = await record()
  const tags: Record<DeliveryVendor, unknown> = {
    sendgrid: [sendgrid('delivered', { messageId: byOurs, sg_event_id: 'other' })],
    resend: resend('email.delivered', { tags: { messageId: byOurs } }),
    mailgun: mailgun('delivered', { 'user-variables': { messageId: byOurs } }),
    ses: ses('Delivery', {
      mail: { messageId: 'ses-9', timestamp: new Date().toISOString(), tags: { messageId: [byOurs] } },
    }),
  }
  for (const [vendor, body] of Object.entries(tags))
    expect(await noteDeliveries(messages, readDeliveries(vendor as DeliveryVendor, body))).toMatchObject({ noted: 1 })
  const tagged = resend('email.opened', { tags: [{ name: 'messageId', value: byOurs }] })
  const opened = readDeliveries('resend', tagged, { eventId: 'msg_1' })
  expect(opened.notes[0]).toMatchObject({ vendorEventId: 'msg_1', message: { id: byOurs } })
  expect(await noteDeliveries(messages, readDeliveries('mailgun', mailgun('opened')))).toMatchObject({ unknown: 1 })
  await messages.close()
})
