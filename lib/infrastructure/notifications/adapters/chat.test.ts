import { describe, expect, test } from 'vitest'
import { startVendorServer } from '../../testing/vendor-server.ts'
import { channelContract } from '../channel.contract.ts'
import { type ChatFormat, createChannel } from '../index.ts'

const ANSWERS: Record<ChatFormat, (id: string) => { status: number; body?: string }> = {
  slack: () => ({ status: 200, body: 'ok' }),
  teams: () => ({ status: 202 }),
  discord: id => ({ status: 200, body: JSON.stringify({ id }) }),
  json: id => ({ status: 200, body: JSON.stringify({ id }) }),
}

/** A service with webhooks in this form. With `keys` it knows the Idempotency-Key of what it has accepted. */
async function startChat(format: ChatFormat, { keys = false } = {}) {
  const got: { path: string; body: Record<string, unknown>; text: string }[] = []
  const byKey = new Map<string, string>()
  const server = await startVendorServer(({ path, headers, body }) => {
    if (path.startsWith('/dead')) return { status: 404, body: 'no_service' }
    const key = String(headers['idempotency-key'])
    const former = keys ? byKey.get(key) : undefined
    if (former !== undefined) return ANSWERS[format](former)
    const text = body.toString()
    got.push({ path, body: JSON.parse(text), text })
    byKey.set(key, `message-${got.length}`)
    return ANSWERS[format](`message-${got.length}`)
  })
  return { got, server, url: `${server.url}/hook` }
}

const call = { idempotencyKey: 'a', signal: new AbortController().signal }

describe.each(['slack', 'discord', 'teams', 'json'] as const)('%s', via => {
  const keys = via === 'json'
  channelContract(`A chat in the form of ${via}`, async () => {
    const { got, server, url } = await startChat(via, { keys })
    return {
      channel: await createChannel({ via, takesIdempotencyKeys: keys }),
      target: url,
      dead: `${server.url}/dead`,
      accepted: () => got.map(({ path, text }) => ({ text, target: server.url + path.replace(/\?.*/, '') })),
      requests: () => server.requests,
      fault: server.fault,
      refusal: (_status, words) => ({ body: words }),
      stop: server.close,
      close: server.close,
    }
  })
})

const CONTENT = { title: 'Order 7', text: 'on its way', url: 'https://shop.example/7' }

test.each([
  ['slack', { text: 'Order 7\non its way\nhttps://shop.example/7' }],
  ['discord', { content: 'Order 7\non its way\nhttps://shop.example/7' }],
  ['json', CONTENT],
] as const)('a message in the form of %s', async (via, expected) => {
  const { got, server, url } = await startChat(via)
  await (await createChannel({ via })).send(CONTENT, url, call)
  expect(got[0]?.body).toEqual(expected)
  await server.close()
})

test('a message in the form of teams is a card, with a title where there is one', async () => {
  const { got, server, url } = await startChat('teams')
  const channel = await createChannel({ via: 'teams' })
  await channel.send(CONTENT, url, call)
  await channel.send({ text: 'hello' }, url, call)
  const texts = got.map(({ body }) => {
    const [card] = body.attachments as { content: { body: { text: string }[] } }[]
    return card?.content.body.map(({ text }) => text)
  })
  expect(texts).toEqual([['Order 7', 'on its way\nhttps://shop.example/7'], ['hello']])
  await server.close()
})

test('a service of one’s own may answer without a body', async () => {
  const { server, url } = await startChat('json')
  server.fault({ status: 204 })
  expect(await (await createChannel({ via: 'json' })).send(CONTENT, url, call)).toEqual({ id: 'a' })
  await server.close()
})

test.each(['file:///etc/passwd', 'nonsense', 'https://metadata.internal/'])('%s is not posted to', async target => {
  const channel = await createChannel({ via: 'slack', hosts: ['hooks.slack.com'] })
  await expect(channel.send(CONTENT, target, call)).rejects.toMatchObject({ code: 'NOTIFICATION_REFUSED' })
})

test('a redirect is not followed, and the address is in no error', async () => {
  const { server } = await startChat('slack')
  server.fault({ status: 302, headers: { location: 'http://127.0.0.1:1/' } })
  const error = await (await createChannel({ via: 'slack' }))
    .send(CONTENT, `${server.url}/services/T0/B0/verysecret`, call)
    .catch(thrown => thrown)
  expect(error).toMatchObject({ code: 'NOTIFICATION_UNAVAILABLE' })
  expect(error.message).not.toContain('verysecret')
  await server.close()
})

test('Retry-After may be a date; one that is no time is left out', async () => {
  const { server, url } = await startChat('slack')
  const channel = await createChannel({ via: 'slack' })
  server.fault({ status: 429, headers: { 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT' } })
  await expect(channel.send(CONTENT, url, call)).rejects.toMatchObject({ retryAfterMs: 0 })
  server.fault({ status: 429, headers: { 'retry-after': 'soon' } })
  await expect(channel.send(CONTENT, url, call)).rejects.toMatchObject({ retryAfterMs: undefined })
  await server.close()
})
