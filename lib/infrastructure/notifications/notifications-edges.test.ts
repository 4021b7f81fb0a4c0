import { expect, test, vi } from 'vitest'
import { createMessages } from '../messages/index.ts'
import { createQueues } from '../queue/index.ts'
import { type Channel, createNotifications, type Recipient } from './index.ts'
import { waited } from './waited.ts'

const MESSAGE = { type: 'sale', content: { text: 'it begins' } }
const recipient: Recipient = { addresses: { sms: ['+1'], 'web-push': [] } }

function sms(send: Channel['send'] = async () => ({ id: 'one' })): Channel {
  return { kind: 'sms', provider: 'own', takesIdempotencyKeys: false, confirmsDelivery: false, send }
}

test('without a log it is sent all the same, and can be cancelled', async () => {
  const notifications = await createNotifications({ channels: [sms()], recipients: { find: async () => recipient } })
  const later = await notifications.notify('ada', MESSAGE, { at: Date.now() + 60_000 })
  expect(await notifications.cancel(later.id)).toBe('cancelled')
  await notifications.work({ pollMs: 10 })
  const { id } = await notifications.notify('ada', MESSAGE)
  await expect.poll(() => notifications.find(id)).toMatchObject({ state: 'sent' })
  expect(await notifications.find('none')).toBeUndefined()
  expect((await notifications.list())[0]).toMatchObject({ id })
  await notifications.close()
})

test('what was cancelled between two stages is cancelled in the log too', async () => {
  const messages = await createMessages()
  const awaited = { ...sms(), confirmsDelivery: true }
  const notifications = await createNotifications(
    {
      channels: [awaited, { ...sms(), kind: 'email' }],
      recipients: { find: async () => ({ addresses: { sms: ['+1'], email: ['a@b.example'] } }) },
    },
    { messages },
  )
  await notifications.work({ pollMs: 10 })
  const { id } = await notifications.notify('ada', MESSAGE, { channels: ['sms', 'email'], fallbackAfterMs: 60_000 })
  await expect.poll(() => notifications.find(id)).toMatchObject({ waitsFor: 'delivery' })
  expect(await notifications.cancel(id)).toBe('cancelled')
  expect((await messages.list({ notificationId: id })).messages).toMatchObject([{ status: 'cancelled' }])
  await notifications.close()
})

test('queues that take nothing are reported, and it is added at the next look', async () => {
  const queues = await createQueues()
  const errors: unknown[] = []
  const queue = await queues.queue('notifications')
  const addBulk = vi.spyOn(queue, 'addBulk').mockRejectedValueOnce(new Error('the queue is down'))
  const notifications = await createNotifications(
    { channels: [sms()], recipients: { find: async () => recipient }, onError: error => errors.push(error) },
    { queues },
  )
  await notifications.work({ pollMs: 10, leaseMs: 100 })
  const { id } = await notifications.notify('ada', MESSAGE)
  await expect.poll(() => notifications.find(id)).toMatchObject({ state: 'sent' })
  expect(errors).toMatchObject([{ message: 'the queue is down' }])
  addBulk.mockRestore()
  await notifications.close()
  await queues.close()
})

test('a service that cannot be told of a dead address is told of by the error', async () => {
  const errors: unknown[] = []
  const { NotificationError } = await import('./index.ts')
  const gone = sms(async () => {
    throw new NotificationError('gone', { code: 'NOTIFICATION_GONE', notDone: true })
  })
  const notifications = await createNotifications({
    channels: [gone],
    recipients: {
      find: async () => recipient,
      async gone() {
        throw new Error('the directory is down')
      },
    },
    onError: error => errors.push(error),
  })
  await notifications.work({ pollMs: 10 })
  const { id } = await notifications.notify('ada', MESSAGE)
  await expect.poll(() => notifications.find(id)).toMatchObject({ state: 'failed' })
  expect(errors).toMatchObject([{ message: 'the directory is down' }])
  await notifications.close()
})

test('a process that is closed leaves what it was sending to the next one', async () => {
  const began = Promise.withResolvers<void>()
  const hanging = sms((_content, _target, { signal }) => {
    began.resolve()
    return waited(new Promise<never>(() => undefined), signal)
  })
  const errors: unknown[] = []
  const notifications = await createNotifications({
    channels: [hanging],
    recipients: { find: async () => recipient },
    onError: error => errors.push(error),
  })
  await notifications.work({ pollMs: 10 })
  await notifications.notify('ada', MESSAGE)
  await began.promise
  await notifications.close({ timeoutMs: 1 })
  await expect.poll(() => errors).toHaveLength(1)
})

test('what is awaited under a signal that is aborted already is not', async () => {
  await expect(waited(Promise.resolve('late'), AbortSignal.abort(new Error('stop')))).rejects.toThrow('stop')
})

test('the log of a digest without titles and of web push subscriptions; a recipient who was removed before the send', async () => {
  const messages = await createMessages()
  const texts: string[] = []
  const push: Channel = {
    ...sms(async ({ text }) => ({ id: String(texts.push(text)) })),
    kind: 'web-push',
    confirmsDelivery: true,
  }
  const target = { endpoint: 'https://push.example/ada', keys: { p256dh: '', auth: '' } }
  let asked = 0
  const notifications = await createNotifications(
    {
      channels: [push, { ...sms(), kind: 'chat' }],
      recipients: {
        find: async () =>
          asked++ === 0 ? { addresses: { 'web-push': [target], chat: ['https://chat.example/ada'] } } : undefined,
      },
    },
    { messages },
  )
  const options = {
    channels: ['web-push', 'chat'] as const,
    digest: { key: 'sales', windowMs: 1 },
    fallbackAfterMs: 20,
  }
  const { id } = await notifications.notify('ada', MESSAGE, options)
  await notifications.notify('ada', MESSAGE, options)
  await notifications.work({ pollMs: 10 })
  await expect.poll(() => notifications.find(id)).toMatchObject({ state: 'failed' })
  expect(texts).toEqual(['it begins\nit begins'])
  expect((await messages.list({ recipient: target.endpoint })).messages).toMatchObject([{ channel: 'web-push' }])
  await notifications.close()
})
