import { createEmulator } from 'emulate'
import { expect, test } from 'vitest'
import { freePort } from '../../testing/free-port.ts'
import { startVendorServer } from '../../testing/vendor-server.ts'
import { channelContract } from '../channel.contract.ts'
import { createChannel } from '../index.ts'

const ACCOUNT = 'AC00000000000000000000000000000000'
const TOKEN = 'twilio_test_auth_token'
const NUMBER = '+15551234567'
const credentials = { authorization: `Basic ${Buffer.from(`${ACCOUNT}:${TOKEN}`).toString('base64')}` }

/** The emulator, behind a server that can be told to fail. */
async function startTwilio() {
  const emulator = await createEmulator({ service: 'twilio', port: await freePort() })
  const server = await startVendorServer(async ({ method, path, headers, body }) => {
    const { authorization = '', 'content-type': type = '' } = headers
    const got = await fetch(emulator.url + path, {
      method,
      headers: { authorization, 'content-type': type },
      ...(body.length > 0 ? { body: new Uint8Array(body) } : {}),
    })
    return { status: got.status, body: await got.text() }
  })
  return {
    server,
    async accepted() {
      const got = await fetch(`${emulator.url}/2010-04-01/Accounts/${ACCOUNT}/Messages.json`, { headers: credentials })
      const { messages } = (await got.json()) as { messages: { body: string; to: string; status: string }[] }
      return messages.map(({ body, to }) => ({ text: body, target: to }))
    },
    async close() {
      await server.close()
      await emulator.close()
    },
  }
}

const channelOf = (baseUrl: string, authToken = TOKEN) =>
  createChannel({ via: 'twilio', accountSid: ACCOUNT, authToken, from: { number: NUMBER }, baseUrl })

channelContract('Twilio', async () => {
  const twilio = await startTwilio()
  return {
    channel: await channelOf(twilio.server.url),
    target: '+15550001111',
    accepted: twilio.accepted,
    requests: () => twilio.server.requests,
    fault: twilio.server.fault,
    refusal: (status, words) => ({ body: JSON.stringify({ code: 20_000 + status, message: words, status }) }),
    stop: twilio.server.close,
    close: twilio.close,
  }
})

test('text, title and link are one SMS; a wrong token is refused by the account itself', async () => {
  const twilio = await startTwilio()
  const signal = new AbortController().signal
  const message = { title: 'Order 7', text: 'on its way', url: 'https://shop.example/7' }
  await (await channelOf(twilio.server.url)).send(message, '+15550002222', { idempotencyKey: 'a', signal })
  expect(await twilio.accepted()).toEqual([
    { text: 'Order 7\non its way\nhttps://shop.example/7', target: '+15550002222' },
  ])
  const stranger = await channelOf(twilio.server.url, 'wrong')
  await expect(stranger.send(message, '+15550002222', { idempotencyKey: 'b', signal })).rejects.toMatchObject({
    code: 'NOTIFICATION_UNAUTHORIZED',
  })
  await twilio.close()
})

test.each([
  [21_610, 'NOTIFICATION_GONE'],
  [21_211, 'NOTIFICATION_GONE'],
  [21_617, 'NOTIFICATION_REFUSED'],
])('code %i of Twilio is %s', async (code, expected) => {
  const twilio = await startTwilio()
  twilio.server.fault({ status: 400, body: JSON.stringify({ code, message: 'no' }) })
  const channel = await createChannel({
    via: 'twilio',
    accountSid: ACCOUNT,
    authToken: TOKEN,
    from: { messagingServiceSid: 'MG00000000000000000000000000000000' },
    statusCallback: 'https://shop.example/twilio',
    baseUrl: twilio.server.url,
  })
  expect(channel.confirmsDelivery).toBe(true)
  const sent = channel.send({ text: 'hello' }, '+15550002222', {
    idempotencyKey: 'a',
    signal: new AbortController().signal,
  })
  await expect(sent).rejects.toMatchObject({ code: expected, message: `Twilio answered 400: no (${code})` })
  await twilio.close()
})

test.each([
  ['no JSON', 400, 'not today', 'NOTIFICATION_REFUSED'],
  [
    'an address of its API that does not exist',
    404,
    '{"code":20404,"message":"no such account"}',
    'NOTIFICATION_REFUSED',
  ],
])('an answer that is %s', async (_what, status, body, code) => {
  const twilio = await startTwilio()
  twilio.server.fault({ status, body })
  const sent = (await channelOf(twilio.server.url)).send({ text: 'hello' }, '+15550002222', {
    idempotencyKey: 'a',
    signal: new AbortController().signal,
  })
  await expect(sent).rejects.toMatchObject({ code, gone: false })
  await twilio.close()
})
