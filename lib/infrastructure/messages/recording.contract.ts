import { expect, test } from 'vitest'
import { email, type Setting } from './setting.contract.ts'

export function recordingContract(on: Setting): void {
  test('a message is recorded with its content and its first event', async () => {
    const before = Date.now() - 60_000
    const { message, isNew } = await on.messages.record({
      channel: 'email',
      recipients: ['Mia <Mia@Example.com>', 'ben@example.com'],
      lookup: ['user-7'],
      title: 'Your order',
      template: 'receipt',
      content: { text: 'NUL \u0000, half a pair \ud800, ∑', nested: [1, null] },
      notificationId: 'n-1',
      batchId: 'b-1',
      idempotencyKey: 'order-7',
    })
    expect(isNew).toBe(true)
    expect(message).toMatchObject({
      status: 'queued',
      attempts: 0,
      recipients: ['Mia <Mia@Example.com>', 'ben@example.com'],
    })
    expect(message.createdAt).toBeGreaterThan(before)
    const found = await on.messages.find(message.id)
    expect(found).toEqual({
      ...message,
      content: { text: 'NUL \ufffd, half a pair \ufffd, ∑', nested: [1, null] },
      lookup: ['mia@example.com', 'ben@example.com', 'user-7'],
    })
    expect(await on.messages.findByKey('email', 'order-7')).toEqual(found)
    expect(await on.messages.events(message.id)).toMatchObject([{ kind: 'queued', messageId: message.id, detail: {} }])
    expect(await on.messages.find('none')).toBeUndefined()
    expect(await on.messages.findByKey('sms', 'order-7')).toBeUndefined()
    await expect(on.messages.record({ channel: 'sms', recipients: [], content: null })).rejects.toMatchObject({
      code: 'MESSAGES_OPTIONS',
    })
  })

  test('an idempotency key is taken once in its channel, also within one call', async () => {
    const first = await on.record({ idempotencyKey: 'k' })
    const again = await on.messages.recordMany([
      { ...email('ben@example.com'), idempotencyKey: 'k' },
      { ...email('ben@example.com'), idempotencyKey: 'new' },
      { ...email('zoe@example.com'), idempotencyKey: 'new' },
      { ...email('ben@example.com'), channel: 'in-app', idempotencyKey: 'k' },
      email('ben@example.com'),
    ])
    expect(again.map(({ isNew }) => isNew)).toEqual([false, true, false, true, true])
    expect(again[0]?.message).toMatchObject({ id: first, recipients: ['mia@example.com'] })
    expect(again[2]?.message.id).toBe(again[1]?.message.id)
    expect((await on.messages.list()).messages).toHaveLength(4)
    expect(await on.messages.events(first)).toHaveLength(1)
    expect(await on.messages.recordMany([])).toEqual([])
  })

  test('the list is read page by page, newest first, through filters', async () => {
    const ids: string[] = []
    for (let n = 0; n < 5; n++) ids.push(await on.record({ template: n % 2 ? 'odd' : 'even' }))
    const other = await on.record({
      channel: 'sms',
      recipients: ['+49 (30) 123-456'],
      lookup: ['user-7'],
      batchId: 'b',
      notificationId: 'n',
    })
    await on.messages.note([{ message: { id: other }, kind: 'accepted', provider: 'twilio' }])
    const first = await on.messages.list({ channel: 'email' }, { limit: 3 })
    expect(first.messages.map(({ id }) => id)).toEqual(ids.slice(2).reverse())
    expect(first.messages[0]).not.toHaveProperty('content')
    const second = await on.messages.list(
      { channel: 'email' },
      { limit: 3, ...(first.next ? { before: first.next } : {}) },
    )
    expect(second.messages.map(({ id }) => id)).toEqual(ids.slice(0, 2).reverse())
    expect(second.next).toBeUndefined()
    const only = async (filter: Parameters<typeof on.messages.list>[0]) =>
      (await on.messages.list(filter)).messages.map(({ id }) => id)
    expect(await only({ template: 'odd' })).toEqual([ids[3], ids[1]])
    expect(await only({ recipient: '+4930123456' })).toEqual([other])
    expect(await only({ recipient: 'MIA@example.com' })).toHaveLength(5)
    for (const filter of [
      { recipient: 'user-7' },
      { status: 'sent' as const },
      { provider: 'twilio' },
      { batchId: 'b' },
      { notificationId: 'n' },
    ])
      expect(await only(filter)).toEqual([other])
    const { createdAt } = (await on.messages.find(other)) ?? { createdAt: 0 }
    expect(await only({ from: createdAt + 1_000 })).toEqual([])
    expect(await only({ until: createdAt - 60_000 })).toEqual([])
    expect(await only({ from: createdAt - 60_000, until: createdAt + 60_000 })).toHaveLength(6)
    expect(await on.messages.counts(createdAt - 60_000)).toEqual(
      expect.arrayContaining([
        { channel: 'email', status: 'queued', count: 5 },
        { channel: 'sms', provider: 'twilio', status: 'sent', count: 1 },
      ]),
    )
    expect(await on.messages.counts(createdAt + 60_000)).toEqual([])
  })

  test('what is older than the retention is removed with its events; what is scheduled for later stays', async () => {
    const old = await on.record()
    const later = await on.record({ scheduledFor: Date.now() + 60_000 })
    expect(await on.messages.removeOlderThan(3_600_000)).toBe(0)
    expect(await on.messages.removeOlderThan(-1_000, { limit: 5 })).toBe(1)
    expect(await on.messages.find(old)).toBeUndefined()
    expect(await on.messages.events(old)).toEqual([])
    expect(await on.messages.events(later)).toHaveLength(1)
  })
}
