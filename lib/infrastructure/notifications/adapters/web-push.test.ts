import { Agent } from 'node:https'
import { expect, test } from 'vitest'
import webPush from 'web-push'
import { startPushService } from '../../testing/push-service.ts'
import { selfSigned } from '../../testing/self-signed.ts'
import { channelContract } from '../channel.contract.ts'
import { createChannel } from '../index.ts'

async function setting() {
  const { publicKey, privateKey } = webPush.generateVAPIDKeys()
  const service = await startPushService({ vapidPublicKey: publicKey })
  const options = {
    via: 'web-push' as const,
    vapid: { subject: 'mailto:ops@shop.example', publicKey, privateKey },
    agent: new Agent({ ca: selfSigned.cert }),
  }
  return { service, options, channel: await createChannel(options) }
}

const call = { idempotencyKey: 'a', signal: new AbortController().signal }

channelContract('Web push', async () => {
  const { service, channel } = await setting()
  const target = service.subscribe()
  const dead = service.subscribe()
  service.unsubscribe(dead)
  return {
    channel,
    target,
    dead,
    accepted: () => service.pushed,
    requests: () => service.server.requests,
    fault: service.server.fault,
    refusal: (_status, words) => ({ body: words }),
    stop: service.server.close,
    ignoresBody: true,
    close: service.server.close,
  }
})

test('the browser decrypts all of the content; a repetition has the topic of the first', async () => {
  const { service, channel } = await setting()
  const content = { title: 'Order 7', text: 'on its way', url: 'https://shop.example/7', data: { order: '7' } }
  const target = service.subscribe()
  const { id } = await channel.send(content, target, call)
  await channel.send(content, target, call)
  await channel.send(content, target, { ...call, idempotencyKey: 'b' })
  expect(id).toBe(`${service.server.url}/message/1`)
  expect(service.pushed[0]).toMatchObject({ payload: content, ttl: '86400' })
  const [first, again, other] = service.pushed.map(({ topic }) => topic)
  expect(first).toMatch(/^[\w-]{32}$/)
  expect(again).toBe(first)
  expect(other).not.toBe(first)
  await service.server.close()
})

test('a message without an address of its own is named by its topic', async () => {
  const { service, channel } = await setting()
  service.server.fault({ status: 201 })
  expect((await channel.send({ text: 'hello' }, service.subscribe(), call)).id).toMatch(/^[\w-]{32}$/)
  await service.server.close()
})

test('keys of another application server are refused by the push service', async () => {
  const { service, options } = await setting()
  const stranger = await createChannel({ ...options, vapid: { ...options.vapid, ...webPush.generateVAPIDKeys() } })
  await expect(stranger.send({ text: 'hello' }, service.subscribe(), call)).rejects.toMatchObject({
    code: 'NOTIFICATION_UNAUTHORIZED',
  })
  await service.server.close()
})

test.each([
  ['http://127.0.0.1:1/push', 'an address without TLS'],
  ['https://127.0.0.1:1/push', 'a host that is not a push service'],
  ['nonsense', 'what is no URL'],
])('%s, %s, is not sent to', async endpoint => {
  const { service, options } = await setting()
  const channel = await createChannel({ ...options, hosts: ['fcm.googleapis.com'] })
  const target = { ...service.subscribe(), endpoint }
  await expect(channel.send({ text: 'hello' }, target, call)).rejects.toMatchObject({ code: 'NOTIFICATION_REFUSED' })
  await expect(channel.send({ text: 'hello' }, endpoint, call)).rejects.toMatchObject({ code: 'NOTIFICATION_REFUSED' })
  await service.server.close()
})
