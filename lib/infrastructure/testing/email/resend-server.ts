import { createEmulator } from 'emulate'
import type { ReceivedEmail } from '../../email/email.contract.ts'
import { freePort } from '../free-port.ts'
import { bareAddress, lowerKeys } from './received-email.ts'
import { forward, json, startVendor } from './vendor-server.ts'

interface Sent {
  from: string
  to: string[]
  cc?: string[]
  bcc?: string[]
  reply_to?: string[]
  subject: string
  text?: string | null
  html?: string | null
  headers?: Record<string, string>
}

/** The emulator of Resend, with its idempotency keys, behind a server that can fail. It keeps no attachments: those are read from the request. */
export async function startResend(apiKey: string) {
  const emulator = await createEmulator({ service: 'resend', port: await freePort(0) })
  const known = new Set<string>()
  const authorization = `Bearer ${apiKey}`
  const vendor = await startVendor({
    isAuthorised: ({ headers }) => headers.authorization === authorization,
    error: status =>
      json(status, {
        statusCode: status,
        name: status === 429 ? 'rate_limit_exceeded' : status === 401 ? 'restricted_api_key' : 'internal_server_error',
        message: `It is not accepted with ${apiKey}`,
      }),
    async accept(request) {
      const answer = await forward(emulator.url, request)
      const { id } = JSON.parse(answer.body) as { id?: string }
      if (id === undefined || known.has(id)) return { answer }
      known.add(id)
      const kept = await forward(emulator.url, {
        method: 'GET',
        path: `/emails/${id}`,
        headers: { authorization },
        body: Buffer.alloc(0),
      })
      return { answer, email: received(id, JSON.parse(kept.body), JSON.parse(request.body.toString())) }
    },
    strange: json(200, { object: 'email', queued: true }),
  })
  return {
    ...vendor,
    async close() {
      await vendor.close()
      await emulator.close()
    },
  }
}

function received(
  id: string,
  sent: Sent,
  {
    attachments = [],
  }: { attachments?: { filename: string; content: string; content_type: string; content_id?: string }[] },
): ReceivedEmail {
  return {
    id,
    from: bareAddress(sent.from),
    to: sent.to.map(bareAddress),
    cc: (sent.cc ?? []).map(bareAddress),
    bcc: (sent.bcc ?? []).map(bareAddress),
    replyTo: (sent.reply_to ?? []).map(bareAddress),
    subject: sent.subject,
    text: sent.text ?? '',
    html: sent.html ?? '',
    headers: lowerKeys(sent.headers ?? {}),
    attachments: attachments.map(({ filename, content, content_type, content_id }) => ({
      filename,
      contentType: content_type,
      content: Buffer.from(content, 'base64'),
      ...(content_id === undefined ? {} : { contentId: content_id }),
    })),
  }
}
