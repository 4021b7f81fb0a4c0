import { generateKeyPairSync } from 'node:crypto'
import { Agent } from 'node:https'
import { connect } from 'node:tls'
import { expect, test } from 'vitest'
import { selfSigned } from '../../testing/self-signed.ts'
import { startVendorServer } from '../../testing/vendor-server.ts'
import { channelContract } from '../channel.contract.ts'
import { createChannel } from '../index.ts'

interface Message {
  token: string
  notification: { title?: string; body: string }
  data: Record<string, string>
}

const refusal = (status: number, message: string, errorCode?: string) => ({
  body: JSON.stringify({
    error: {
      code: status,
      message,
      details: errorCode ? [{ '@type': 'type.googleapis.com/google.firebase.fcm.v1.FcmError', errorCode }] : [],
    },
  }),
})

/** Carries what is meant for Google's servers to one of this machine. */
function agentTo(port: number): Agent {
  const agent = new Agent()
  agent.createConnection = () => connect({ host: '127.0.0.1', port, ca: selfSigned.cert })
  return agent
}

async function setting() {
  const got: Message[] = []
  const server = await startVendorServer(
    ({ path, headers, body }) => {
      if (headers.authorization !== 'Bearer mine' || headers.host !== 'fcm.googleapis.com')
        return { status: 401, ...refusal(401, 'not authenticated') }
      if (path !== '/v1/projects/shop/messages:send') return { status: 404, ...refusal(404, 'no such project') }
      const { message } = JSON.parse(body.toString()) as { message: Message }
      if (message.token === 'dead') return { status: 404, ...refusal(404, 'not registered', 'UNREGISTERED') }
      got.push(message)
      return { status: 200, body: JSON.stringify({ name: `projects/shop/messages/${got.length}` }) }
    },
    { secure: true },
  )
  const options = {
    via: 'fcm' as const,
    projectId: 'shop',
    credential: { getAccessToken: async () => ({ access_token: 'mine', expires_in: 3_600 }) },
    agent: agentTo(server.port),
  }
  return { got, server, options, channel: await createChannel(options) }
}

const call = { idempotencyKey: 'a', signal: new AbortController().signal }

channelContract('FCM', async () => {
  const { got, server, channel } = await setting()
  return {
    channel,
    target: 'alive',
    dead: 'dead',
    accepted: () => got.map(({ token, notification }) => ({ text: notification.body, target: token })),
    requests: () => server.requests,
    fault: server.fault,
    refusal,
    stop: server.close,
    async close() {
      await channel.close?.()
      await server.close()
    },
  }
})

test('all of the content arrives, with the link among its data', async () => {
  const { got, server, channel } = await setting()
  const content = { title: 'Order 7', text: 'on its way', url: 'https://shop.example/7', data: { order: '7' } }
  expect(await channel.send(content, 'alive', call)).toEqual({ id: 'projects/shop/messages/1' })
  await channel.send({ text: 'no more' }, 'alive', call)
  expect(got).toEqual([
    {
      token: 'alive',
      notification: { title: 'Order 7', body: 'on its way' },
      data: { order: '7', url: 'https://shop.example/7' },
    },
    { token: 'alive', notification: { body: 'no more' }, data: {} },
  ])
  await channel.close?.()
  await server.close()
})

test('a project that does not exist is refused, and its devices are not dead', async () => {
  const { server, options } = await setting()
  const channel = await createChannel({ ...options, projectId: 'other' })
  await expect(channel.send({ text: 'hello' }, 'alive', call)).rejects.toMatchObject({ code: 'NOTIFICATION_REFUSED' })
  await channel.close?.()
  await server.close()
})

test('a service account is taken as it is downloaded', async () => {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2_048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  })
  const credential = { projectId: 'shop', clientEmail: 'fcm@shop.example', privateKey }
  const channel = await createChannel({ via: 'fcm', projectId: 'shop', credential })
  expect(channel).toMatchObject({ kind: 'fcm', provider: 'fcm' })
  await channel.close?.()
})
