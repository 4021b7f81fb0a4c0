import { gunzipSync } from 'node:zlib'
import { expect, test, vi } from 'vitest'
import type { VendorRequest } from '../../testing/email/vendor-server.ts'
import { freePort } from '../../testing/free-port.ts'
import { startVendorServer } from '../../testing/vendor-server.ts'
import { channelContract } from '../channel.contract.ts'
import { createChannel } from '../index.ts'

const DEAD = 'ExponentPushToken[dead]'
const ALIVE = 'ExponentPushToken[alive]'
// The SDK reads its address once, when it is loaded.
const port = await freePort()
vi.stubEnv('EXPO_BASE_URL', `http://127.0.0.1:${port}`)

interface Message {
  to: string
  title?: string
  body: string
  data: Record<string, string>
}

const refused = (message: string, error?: string) => ({
  status: 'error',
  message,
  ...(error ? { details: { error } } : {}),
})

/** Expo's push service, whose receipts say what is set for them. */
async function startExpo({ accessToken }: { accessToken?: string } = {}) {
  const got: Message[] = []
  const receipts: Record<string, object> = {}
  const tickets = new Map<string, object>()
  function answerTo({ path, headers, body }: VendorRequest) {
    if (accessToken !== undefined && headers.authorization !== `Bearer ${accessToken}`)
      return { status: 401, body: JSON.stringify({ errors: [{ code: 'UNAUTHORIZED', message: 'no access' }] }) }
    const sent = JSON.parse((headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString())
    const data = path.endsWith('/getReceipts')
      ? Object.fromEntries(sent.ids.flatMap((id: string) => (receipts[id] ? [[id, receipts[id]]] : [])))
      : sent.map((message: Message) => {
          const refusal = tickets.get(message.to)
          if (refusal) return refusal
          got.push(message)
          return { status: 'ok', id: `ticket-${got.length}` }
        })
    return { status: 200, body: JSON.stringify({ data }) }
  }
  tickets.set(DEAD, refused('not a registered device', 'DeviceNotRegistered'))
  return { got, receipts, tickets, server: await startVendorServer(answerTo, { port }) }
}

const call = { idempotencyKey: 'a', signal: new AbortController().signal }

channelContract('Expo', async () => {
  const { got, server } = await startExpo()
  return {
    channel: await createChannel({ via: 'expo' }),
    target: ALIVE,
    dead: DEAD,
    accepted: () => got.map(({ to, body }) => ({ text: body, target: to })),
    requests: () => server.requests,
    fault: server.fault,
    refusal: (status, message) => ({ body: JSON.stringify({ errors: [{ code: `E${status}`, message }] }) }),
    stop: server.close,
    hidesRetryAfter: true,
    close: server.close,
  }
})

test('all of the content arrives, with the link among its data, and the access token where there is one', async () => {
  const { got, server } = await startExpo({ accessToken: 'mine' })
  const content = { title: 'Order 7', text: 'x'.repeat(2_000), url: 'https://shop.example/7', data: { order: '7' } }
  await (await createChannel({ via: 'expo', accessToken: 'mine' })).send(content, ALIVE, call)
  expect(got).toEqual([
    { to: ALIVE, title: 'Order 7', body: content.text, data: { order: '7', url: 'https://shop.example/7' } },
  ])
  const stranger = await createChannel({ via: 'expo' })
  await expect(stranger.send(content, ALIVE, call)).rejects.toMatchObject({ code: 'NOTIFICATION_UNAUTHORIZED' })
  await server.close()
})

test.each([
  ['MessageTooBig', 'NOTIFICATION_REFUSED'],
  ['MessageRateExceeded', 'NOTIFICATION_RATE_LIMITED'],
  ['InvalidCredentials', 'NOTIFICATION_UNAUTHORIZED'],
  ['ProviderError', 'NOTIFICATION_UNAVAILABLE'],
  ['SomethingNew', 'NOTIFICATION_UNAVAILABLE'],
  [undefined, 'NOTIFICATION_UNAVAILABLE'],
])('the error %s of a ticket is %s', async (error, code) => {
  const { tickets, server } = await startExpo()
  tickets.set(ALIVE, refused('no', error))
  const channel = await createChannel({ via: 'expo' })
  await expect(channel.send({ text: 'hello' }, ALIVE, call)).rejects.toMatchObject({ code, notDone: true })
  await server.close()
})

test('receipts say what was delivered, what failed, and which device is gone', async () => {
  const { receipts, server } = await startExpo()
  receipts.a = { status: 'ok' }
  receipts.b = refused('gone', 'DeviceNotRegistered')
  receipts.c = refused('broken', 'ProviderError')
  const channel = await createChannel({ via: 'expo' })
  const got = await channel.receipts?.(['a', 'b', 'c', 'd'], call.signal)
  expect(Object.fromEntries(got ?? [])).toEqual({
    a: { state: 'delivered' },
    b: { state: 'failed', error: 'gone', gone: true },
    c: { state: 'failed', error: 'broken' },
  })
  server.fault({ status: 502, body: 'bad gateway' })
  await expect(channel.receipts?.(['a'], call.signal)).rejects.toMatchObject({ code: 'NOTIFICATION_UNAVAILABLE' })
  await server.close()
})

test.each([
  ['no JSON', 'NOTIFICATION_REFUSED', { status: 200, body: '<html>' }],
  ['errors with a success', 'NOTIFICATION_REFUSED', { status: 200, body: '{"errors":[{"code":"X","message":"no"}]}' }],
  ['no tickets', 'NOTIFICATION_UNREADABLE', { status: 200, body: '{"data":[]}' }],
  ['a ticket without an id', 'NOTIFICATION_UNREADABLE', { status: 200, body: '{"data":[{"status":"ok"}]}' }],
  ['an unknown path', 'NOTIFICATION_REFUSED', { status: 404, body: 'not found' }],
])('an answer with %s is %s', async (_what, code, answer) => {
  const { server } = await startExpo()
  server.fault(answer)
  const channel = await createChannel({ via: 'expo' })
  await expect(channel.send({ text: 'hello' }, ALIVE, call)).rejects.toMatchObject({ code })
  await server.close()
})

test('what is no token of Expo is not sent to', async () => {
  const { server } = await startExpo()
  const channel = await createChannel({ via: 'expo' })
  await expect(channel.send({ text: 'hello' }, 'nonsense', call)).rejects.toMatchObject({ gone: true })
  expect(server.requests).toBe(0)
  await server.close()
})
