import { expect, test } from 'vitest'
import type { Notifications } from './index.ts'
import { MESSAGE, notDone, POLL, type Setting, unknownOutcome } from './setting.contract.ts'

/** How many sends are made, and which providers make them. */
export function sendingContract(setting: Setting): void {
  const ended = (notifications: Notifications, id: string) =>
    expect.poll(async () => (await notifications.find(id))?.endedAt, { interval: 5 }).toBeTruthy()

  async function notified(notifications: Notifications, options: Parameters<Notifications['notify']>[2] = {}) {
    await notifications.work(POLL)
    const { id } = await notifications.notify('ada', MESSAGE, options)
    await ended(notifications, id)
    return (await notifications.find(id)) as NonNullable<Awaited<ReturnType<Notifications['find']>>>
  }

  test('a notification goes to each address of its first channel, once, and is recorded in the log', async () => {
    const { channel, recipients, under } = setting
    recipients.set('ada', { addresses: { sms: ['+1', '+2'], email: ['ada@shop.example'] } })
    const notifications = await setting.open({
      channels: [channel('sms'), channel('email')],
      routes: { normal: ['sms', 'email'] },
    })
    const status = await notified(notifications)
    expect(status).toMatchObject({ state: 'sent', recipient: 'ada', type: 'order.shipped', priority: 'normal' })
    expect(setting.sent.map(({ kind, target }) => [kind, target])).toEqual([
      ['sms', '+1'],
      ['sms', '+2'],
    ])
    expect(new Set(setting.sent.map(({ key }) => key)).size).toBe(2)
    const { messages } = await under.messages.list({ notificationId: status.id })
    expect(messages).toHaveLength(2)
    expect(messages[0]).toMatchObject({ channel: 'sms', status: 'sent', provider: 'sms provider', attempts: 1 })
    const events = await under.messages.events(messages[0]?.id ?? '')
    expect(events.map(({ kind }) => kind)).toEqual(['queued', 'attempt', 'accepted'])
    expect((await under.messages.list({ recipient: 'ada' })).messages).toHaveLength(2)
  })

  test('each channel has its own words', async () => {
    const notifications = await setting.open({ channels: [setting.channel('sms'), setting.channel('email')] })
    await notifications.work(POLL)
    const { id } = await notifications.notify(
      'ada',
      { ...MESSAGE, on: { sms: { text: 'short' } } },
      { channels: [['sms', 'email']] },
    )
    await ended(notifications, id)
    expect(setting.sent.map(({ kind, content }) => [kind, content])).toEqual([
      ['sms', { title: 'Order 7', text: 'short' }],
      ['email', MESSAGE.content],
    ])
  })

  test('a provider that did not send is followed by the next one', async () => {
    const { channel } = setting
    const first = channel('sms', { provider: 'first', failures: [notDone(), notDone()] })
    const notifications = await setting.open({ channels: [first, channel('sms', { provider: 'second' })] })
    expect(await notified(notifications)).toMatchObject({
      state: 'sent',
      sends: [{ provider: 'second', calls: 2, unknowns: 0 }],
    })
    expect(notifications.reports()).toMatchObject([{ name: 'sms', inUse: { provider: 'second' }, failedOver: 1 }])
  })

  test('where no provider sent it, it is tried again', async () => {
    const notifications = await setting.open({
      channels: [setting.channel('sms', { failures: [notDone(), notDone()] })],
    })
    expect(await notified(notifications)).toMatchObject({ state: 'sent', sends: [{ calls: 3 }] })
    expect(setting.sent).toHaveLength(1)
  })

  test('an outcome that is not known is repeated where it was made, under its key: it is sent once', async () => {
    const { channel } = setting
    const failures = [{ after: unknownOutcome() }, unknownOutcome(), unknownOutcome()]
    const first = channel('sms', { provider: 'first', takesIdempotencyKeys: true, failures })
    const notifications = await setting.open({ channels: [first, channel('sms', { provider: 'second' })] })
    expect(await notified(notifications)).toMatchObject({
      state: 'sent',
      sends: [{ provider: 'first', calls: 4, unknowns: 3 }],
    })
    expect(setting.sent).toHaveLength(1)
  })

  test('without keys it is repeated once, then given up', async () => {
    const failures = [{ after: unknownOutcome() }, { after: unknownOutcome() }, { after: unknownOutcome() }]
    const notifications = await setting.open({ channels: [setting.channel('sms', { failures })] })
    const status = await notified(notifications)
    expect(status).toMatchObject({ state: 'failed', sends: [{ state: 'unknown', calls: 2, unknowns: 2 }] })
    expect(setting.sent).toHaveLength(2)
    const { messages } = await setting.under.messages.list({ notificationId: status.id })
    expect(messages).toMatchObject([{ status: 'failed', attempts: 2, lastError: expect.any(String) }])
  })

  test('a dead address and refused content end a send; the service is told of the address', async () => {
    const { channel } = setting
    const notifications = await setting.open({
      channels: [channel('sms', { failures: [notDone('GONE')] }), channel('email', { failures: [notDone('REFUSED')] })],
      routes: { normal: ['sms', 'email'] },
    })
    expect(await notified(notifications)).toMatchObject({
      state: 'failed',
      error: 'it is REFUSED',
      sends: [
        { channel: 'sms', state: 'failed' },
        { channel: 'email', state: 'failed' },
      ],
    })
    expect(setting.gone).toEqual(['ada sms +15550001111'])
  })

  test('attempts are limited', async () => {
    const failures = Array.from({ length: 9 }, () => notDone())
    const notifications = await setting.open({ channels: [setting.channel('sms', { failures })] })
    expect(await notified(notifications)).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('it is UNAVAILABLE'),
    })
    expect(failures).toHaveLength(5)
  })

  test('an address on the suppression list is not sent to', async () => {
    const { channel, under } = setting
    await under.messages.suppress([{ channel: 'sms', address: '+15550001111', reason: 'manual' }])
    const notifications = await setting.open({
      channels: [channel('sms'), channel('email')],
      routes: { normal: ['sms'] },
    })
    const status = await notified(notifications)
    expect(status).toMatchObject({ state: 'failed', sends: [{ state: 'suppressed' }] })
    expect(status.error).toBe('All addresses are on the suppression list')
    expect(setting.sent).toEqual([])
    expect((await under.messages.list({ notificationId: status.id })).messages).toMatchObject([
      { status: 'suppressed' },
    ])
  })

  test.each([
    ['nobody', 'There is no recipient nobody'],
    ['eve', 'eve has no channel that reaches them and that they want'],
  ])('%s cannot be notified', async (recipient, error) => {
    setting.recipients.set('eve', { addresses: {} })
    const notifications = await setting.open({ channels: [setting.channel('sms')] })
    await notifications.work(POLL)
    const { id } = await notifications.notify(recipient, MESSAGE)
    await ended(notifications, id)
    expect(await notifications.find(id)).toMatchObject({ state: 'failed', error, sends: [] })
  })

  test('an error of the service’s own code is reported, and what it broke is tried again', async () => {
    let calls = 0
    const notifications = await setting.open({
      channels: [setting.channel('sms')],
      recipients: {
        async find() {
          if (++calls < 3) throw new Error('the directory is down')
          return setting.recipients.get('ada')
        },
      },
    })
    expect(await notified(notifications)).toMatchObject({ state: 'sent' })
    expect(setting.errors).toHaveLength(2)
  })

  test('one that breaks each time ends', async () => {
    const notifications = await setting.open({
      channels: [setting.channel('sms')],
      recipients: {
        async find() {
          throw new Error('the directory is down')
        },
      },
    })
    expect(await notified(notifications)).toMatchObject({ state: 'failed', error: 'the directory is down' })
  })

  test('many are notified at once, each of them once', async () => {
    const names = Array.from({ length: 60 }, (_, n) => `user-${n}`)
    for (const name of names) setting.recipients.set(name, { addresses: { sms: [name] } })
    const notifications = await setting.open({ channels: [setting.channel('sms')] })
    await notifications.work(POLL)
    const { batch, notified: all } = await notifications.notifyMany([...names, 'user-0'], MESSAGE)
    expect(all).toHaveLength(60)
    await expect.poll(async () => (await notifications.batch(batch)).sent).toBe(60)
    expect(await notifications.batch(batch)).toEqual({
      waiting: 0,
      sending: 0,
      sent: 60,
      delivered: 0,
      failed: 0,
      cancelled: 0,
    })
    expect(setting.sent.map(({ target }) => target).sort()).toEqual(names.sort())
    const page = await notifications.list({ batch, limit: 40 })
    const rest = await notifications.list({ batch, state: 'sent', before: page.at(-1)?.id ?? '' })
    expect(new Set([...page, ...rest].map(({ recipient }) => recipient)).size).toBe(60)
  })
}
