import { expect, test } from 'vitest'
import type { Notifications, NotifyOptions } from './index.ts'
import { MESSAGE, notDone, POLL, type Setting } from './setting.contract.ts'

const HOUR = 3_600_000

/** What waits, and for what: times, quiet hours, delivery, others of its kind. */
export function waitingContract(setting: Setting): void {
  const stateOf = async (notifications: Notifications, id: string) => (await notifications.find(id))?.state
  const becomes = (notifications: Notifications, id: string, state: string) =>
    expect.poll(() => stateOf(notifications, id), { interval: 5 }).toBe(state)
  const kinds = () => setting.sent.map(({ kind }) => kind)

  async function working(channels: ReturnType<Setting['channel']>[], options = {}) {
    const notifications = await setting.open({ channels, ...options })
    await notifications.work(POLL)
    return notifications
  }
  /** A span of an hour on both sides of now, in UTC. */
  const quietNow = () => {
    const time = (at: number) => new Date(at).toISOString().slice(11, 16)
    return { from: time(Date.now() - HOUR), to: time(Date.now() + HOUR) }
  }

  test('what is scheduled waits for its time, and can be cancelled until then', async () => {
    const notifications = await working([setting.channel('sms')])
    const later = await notifications.notify('ada', MESSAGE, { at: Date.now() + HOUR })
    const soon = await notifications.notify('ada', MESSAGE, { at: new Date(Date.now() + 30) })
    await becomes(notifications, soon.id, 'sent')
    expect(await notifications.find(later.id)).toMatchObject({ state: 'waiting', waitsFor: 'schedule' })
    expect(await notifications.cancel(later.id)).toBe('cancelled')
    expect(await notifications.cancel(later.id)).toBe(false)
    expect(await notifications.cancel('none')).toBe(false)
    expect(await stateOf(notifications, later.id)).toBe('cancelled')
    expect(setting.sent).toHaveLength(1)
  })

  test('one that is being sent ends with the call that is made', async () => {
    const began = Promise.withResolvers<void>()
    const goOn = Promise.withResolvers<void>()
    const slow = setting.channel('sms', {
      async send() {
        began.resolve()
        await goOn.promise
        return { id: 'slow' }
      },
    })
    setting.recipients.set('ada', { addresses: { sms: ['+1', '+2'] } })
    const notifications = await working([slow])
    const { id } = await notifications.notify('ada', MESSAGE)
    await began.promise
    expect(await notifications.cancel(id)).toBe('asked')
    goOn.resolve()
    await becomes(notifications, id, 'cancelled')
    expect((await notifications.find(id))?.sends.map(({ state }) => state)).toEqual(['accepted', 'pending'])
  })

  test('in quiet hours only what is urgent, or in an app, is sent', async () => {
    const { channel } = setting
    const notifications = await working([channel('sms'), channel('in-app')], { routes: { normal: ['sms'] } })
    await notifications.setPreferences('ada', { quietHours: quietNow() })
    expect(await notifications.preferences('ada')).toEqual({ quietHours: expect.any(Object) })
    const held = await notifications.notify('ada', MESSAGE)
    const urgent = await notifications.notify('ada', { ...MESSAGE, priority: 'urgent' })
    const inApp = await notifications.notify('ada', MESSAGE, { channels: ['in-app'] })
    await becomes(notifications, urgent.id, 'sent')
    await becomes(notifications, inApp.id, 'sent')
    await expect.poll(() => notifications.find(held.id)).toMatchObject({ state: 'waiting', waitsFor: 'quiet-hours' })
    const { dueAt = 0 } = (await notifications.find(held.id)) ?? {}
    expect(dueAt).toBeGreaterThan(Date.now() + 50 * 60_000)
    expect(dueAt).toBeLessThanOrEqual(Date.now() + HOUR)
    expect(kinds().sort()).toEqual(['in-app', 'sms'])
  })

  test('quiet hours go by the recipient’s own zone', async () => {
    const notifications = await working([setting.channel('sms')])
    const own = setting.recipients.get('ada') ?? { addresses: {} }
    setting.recipients.set('ada', { ...own, timeZone: 'Asia/Tokyo' })
    await notifications.setPreferences('ada', { quietHours: quietNow() })
    const { id } = await notifications.notify('ada', MESSAGE)
    await becomes(notifications, id, 'sent')
    await notifications.setPreferences('ada', { quietHours: quietNow(), timeZone: 'UTC' })
    const held = await notifications.notify('ada', MESSAGE)
    await expect.poll(() => notifications.find(held.id)).toMatchObject({ waitsFor: 'quiet-hours' })
  })

  test('preferences choose and order the channels; a muted type is not sent unless urgent', async () => {
    const { channel } = setting
    const notifications = await working([channel('sms'), channel('email')], { routes: { normal: ['sms', 'email'] } })
    await notifications.setPreferences('ada', { channels: { '*': ['email', 'sms'], 'order.shipped': [] } })
    const muted = await notifications.notify('ada', MESSAGE)
    const other = await notifications.notify('ada', { ...MESSAGE, type: 'order.paid' })
    await becomes(notifications, muted.id, 'failed')
    await becomes(notifications, other.id, 'sent')
    expect(kinds()).toEqual(['email'])
    const urgent = await notifications.notify('ada', { ...MESSAGE, priority: 'urgent' })
    await becomes(notifications, urgent.id, 'sent')
    expect(kinds()).toEqual(['email', 'sms'])
  })

  const twoStages: NotifyOptions = { channels: ['sms', 'email'], fallbackAfterMs: 40 }

  test('what is not delivered in time goes on to the next channel', async () => {
    const { channel } = setting
    const notifications = await working([channel('sms', { confirmsDelivery: true }), channel('email')])
    const { id } = await notifications.notify('ada', MESSAGE, twoStages)
    await becomes(notifications, id, 'sent')
    expect(kinds()).toEqual(['sms', 'email'])
  })

  test('what a webhook has reported as delivered does not', async () => {
    const { channel, under } = setting
    const notifications = await working([channel('sms', { confirmsDelivery: true }), channel('email')])
    const { id } = await notifications.notify('ada', MESSAGE, { ...twoStages, fallbackAfterMs: 400 })
    await expect.poll(() => notifications.find(id)).toMatchObject({ waitsFor: 'delivery' })
    const { messages } = await under.messages.list({ notificationId: id })
    await under.messages.note([{ message: { id: messages[0]?.id ?? '' }, kind: 'delivered' }])
    await becomes(notifications, id, 'delivered')
    expect(kinds()).toEqual(['sms'])
  })

  test('what a webhook has reported as failed goes on before its time is over', async () => {
    const { channel, under } = setting
    const notifications = await working([channel('sms', { confirmsDelivery: true }), channel('email')])
    const { id } = await notifications.notify('ada', MESSAGE, { ...twoStages, fallbackAfterMs: 2_000 })
    await expect.poll(() => notifications.find(id)).toMatchObject({ waitsFor: 'delivery' })
    const { messages } = await under.messages.list({ notificationId: id })
    await under.messages.note([{ message: { id: messages[0]?.id ?? '' }, kind: 'bounced' }])
    await becomes(notifications, id, 'sent')
    expect((await notifications.find(id))?.sends).toMatchObject([{ state: 'failed' }, { state: 'accepted' }])
  })

  test.each([
    [{ state: 'delivered' } as const, 'delivered', ['expo']],
    [{ state: 'failed', error: 'gone', gone: true } as const, 'sent', ['expo', 'email']],
  ])('a receipt that says %s decides', async (receipt, state, expected) => {
    const { channel } = setting
    const notifications = await working([channel('expo', { confirmsDelivery: true, receipt }), channel('email')])
    const { id } = await notifications.notify('ada', MESSAGE, { channels: ['expo', 'email'], fallbackAfterMs: 2_000 })
    await becomes(notifications, id, state)
    expect(kinds()).toEqual(expected)
  })

  test('receipts that cannot be read decide nothing', async () => {
    const receipts = async () => {
      throw notDone()
    }
    const { channel } = setting
    const notifications = await working([channel('expo', { confirmsDelivery: true, receipts }), channel('email')])
    const { id } = await notifications.notify('ada', MESSAGE, { channels: ['expo', 'email'], fallbackAfterMs: 40 })
    await becomes(notifications, id, 'sent')
    expect(kinds()).toEqual(['expo', 'email'])
    expect(setting.errors.length).toBeGreaterThan(0)
  })

  test('a provider that is down for longer than its time is passed over', async () => {
    const { channel } = setting
    const failures = Array.from({ length: 100 }, () => notDone())
    const notifications = await working([channel('sms', { failures }), channel('email')], {
      retry: { attempts: 1_000, initialDelayMs: 20, maxDelayMs: 20 },
    })
    const { id } = await notifications.notify('ada', MESSAGE, twoStages)
    await becomes(notifications, id, 'sent')
    expect((await notifications.find(id))?.sends).toMatchObject([{ state: 'skipped' }, { state: 'accepted' }])
  })

  test('what webhooks report later is shown', async () => {
    const { channel, under } = setting
    const notifications = await working([channel('sms', { confirmsDelivery: true })])
    const { id } = await notifications.notify('ada', MESSAGE)
    await becomes(notifications, id, 'sent')
    const { messages } = await under.messages.list({ notificationId: id })
    await under.messages.note([{ message: { id: messages[0]?.id ?? '' }, kind: 'delivered' }])
    expect(await notifications.find(id)).toMatchObject({ state: 'delivered', sends: [{ state: 'delivered' }] })
  })

  test('the same key within its window is sent once, to each recipient', async () => {
    setting.recipients.set('bob', { addresses: { sms: ['+2'] } })
    const notifications = await working([setting.channel('sms')])
    const dedupe = { key: 'order-7', windowMs: HOUR }
    const first = await notifications.notify('ada', MESSAGE, { dedupe })
    expect(await notifications.notify('ada', MESSAGE, { dedupe })).toEqual({ ...first, outcome: 'duplicate' })
    const { notified } = await notifications.notifyMany(['ada', 'bob'], MESSAGE, { dedupe })
    expect(notified.map(({ outcome }) => outcome)).toEqual(['duplicate', 'added'])
    const short = { key: 'short', windowMs: 1 }
    await notifications.notify('ada', MESSAGE, { dedupe: short })
    await expect.poll(async () => (await notifications.notify('ada', MESSAGE, { dedupe: short })).outcome).toBe('added')
    expect(first.outcome).toBe('added')
  })

  test('a digest collects what comes within its window, and is one', async () => {
    const notifications = await setting.open({
      channels: [setting.channel('sms')],
      digests: { 'order.paid': (messages: readonly unknown[]) => ({ text: `${messages.length} orders` }) },
      routes: { normal: ['sms'] },
    })
    const collect = (text: string, key = 'orders', type = 'order.shipped') =>
      notifications.notify('ada', { type, content: { title: 'Order', text } }, { digest: { key, windowMs: 1 } })
    const first = await collect('one')
    expect(await collect('two')).toEqual({ ...first, outcome: 'collected' })
    await collect('paid', 'paid', 'order.paid')
    await collect('paid too', 'paid', 'order.paid')
    const alone = await collect('alone', 'alone')
    expect(await notifications.find(first.id)).toMatchObject({ waitsFor: 'digest', collected: 2 })
    await notifications.work(POLL)
    await becomes(notifications, alone.id, 'sent')
    await expect.poll(() => setting.sent).toHaveLength(3)
    expect(setting.sent.map(({ content }) => content)).toEqual(
      expect.arrayContaining([
        { title: '2 notifications', text: 'Order: one\nOrder: two' },
        { text: '2 orders' },
        { title: 'Order', text: 'alone' },
      ]),
    )
    expect((await collect('three')).outcome).toBe('added')
  })

  test('those that ended are removed, and only those', async () => {
    const notifications = await working([setting.channel('sms')])
    const { id } = await notifications.notify('ada', MESSAGE)
    const later = await notifications.notify('ada', MESSAGE, { at: Date.now() + HOUR })
    await becomes(notifications, id, 'sent')
    expect(await notifications.removeEnded(HOUR)).toBe(0)
    expect(await notifications.removeEnded(-1_000)).toBe(1)
    expect(await notifications.find(id)).toBeUndefined()
    expect(await notifications.list({ recipient: 'ada' })).toMatchObject([{ id: later.id }])
  })

  test.each<[string, NotifyOptions, Partial<typeof MESSAGE>]>([
    ['a channel that does not exist', { channels: ['pigeon' as 'sms'] }, {}],
    ['no channel', { channels: [] }, {}],
    ['a time that is none', { at: Number.NaN }, {}],
    ['a digest with a time', { at: 1, digest: { key: 'a', windowMs: 1 } }, {}],
    ['an empty key', { dedupe: { key: '', windowMs: 1 } }, {}],
    ['an empty window', { digest: { key: 'a', windowMs: 0 } }, {}],
    ['an empty type', {}, { type: '' }],
  ])('%s is refused', async (_what, options, message) => {
    const notifications = await setting.open({})
    await expect(notifications.notify('ada', { ...MESSAGE, ...message }, options)).rejects.toMatchObject({
      code: 'NOTIFICATION_OPTIONS',
    })
    await expect(notifications.notify('', MESSAGE)).rejects.toMatchObject({ code: 'NOTIFICATION_OPTIONS' })
  })

  test.each([
    { channels: { '*': ['pigeon' as 'sms'] } },
    { quietHours: { from: '25:00', to: '07:00' } },
    { quietHours: { from: '22:00', to: '7' } },
    { timeZone: 'Mars/Olympus' },
  ])('preferences that cannot be followed are refused: %j', async preferences => {
    const notifications = await setting.open({})
    await expect(notifications.setPreferences('ada', preferences)).rejects.toMatchObject({
      code: 'NOTIFICATION_OPTIONS',
    })
    expect(await notifications.preferences('ada')).toEqual({})
  })

  test('what is closed is refused, and so are options of work that are none', async () => {
    const notifications = await setting.open({ channels: [setting.channel('sms')] })
    await expect(notifications.work({ concurrency: 0 })).rejects.toMatchObject({ code: 'NOTIFICATION_OPTIONS' })
    await notifications.work(POLL)
    await notifications.close()
    await notifications.close()
    await expect(notifications.notify('ada', MESSAGE)).rejects.toMatchObject({ code: 'NOTIFICATION_CLOSED' })
  })
}
