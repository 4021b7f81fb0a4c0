import startSesV2 from 'aws-ses-v2-local'
import type { ReceivedEmail } from '../../email/email.contract.ts'
import { freePort } from '../free-port.ts'
import { bareAddress, lowerKeys } from './received-email.ts'
import { forward, json, startVendor } from './vendor-server.ts'

interface Stored {
  messageId: string
  from: string
  replyTo: string[]
  destination: { to: string[]; cc: string[]; bcc: string[] }
  subject: string
  body: { html?: string; text?: string }
  attachments: {
    content: string
    contentType: string
    filename: string
    contentId?: string
    contentDisposition?: string
  }[]
  headers?: { name: string; value: string }[]
}

/** A local SES behind a server that can fail. */
export async function startSes(accessKeyId: string) {
  const port = await freePort(0)
  const local = await startSesV2({ host: '127.0.0.1', port })
  const upstream = `http://127.0.0.1:${port}`
  const typed = (status: number, type: string, message: string) =>
    json(status, { message }, { 'x-amzn-errortype': type })
  const vendor = await startVendor({
    isAuthorised: ({ headers }) => headers.authorization?.includes(`Credential=${accessKeyId}/`) ?? false,
    error: status =>
      status === 401
        ? typed(403, 'UnrecognizedClientException', 'The security token included in the request is invalid.')
        : typed(
            status,
            status === 429
              ? 'TooManyRequestsException'
              : status < 500
                ? 'MessageRejected'
                : 'InternalServiceErrorException',
            'It is not accepted',
          ),
    async accept(request) {
      const answer = await forward(upstream, request)
      const { MessageId: id } = JSON.parse(answer.body) as { MessageId?: string }
      if (id === undefined) return { answer }
      const { emails } = (await (await fetch(`${upstream}/store`)).json()) as { emails: Stored[] }
      const stored = emails.find(({ messageId }) => messageId === id)
      return { answer, ...(stored ? { email: received(stored) } : {}) }
    },
    strange: json(200, { Message: { Queued: true } }),
  })
  return {
    ...vendor,
    async close() {
      await vendor.close()
      local.closeAllConnections()
      await new Promise(resolve => local.close(resolve))
    },
  }
}

function received({
  messageId,
  from,
  replyTo,
  destination,
  subject,
  body,
  attachments,
  headers = [],
}: Stored): ReceivedEmail {
  return {
    id: messageId,
    from: bareAddress(from),
    to: destination.to.map(bareAddress),
    cc: destination.cc.map(bareAddress),
    bcc: destination.bcc.map(bareAddress),
    replyTo: replyTo.map(bareAddress),
    subject,
    text: body.text ?? '',
    html: body.html ?? '',
    headers: lowerKeys(Object.fromEntries(headers.map(({ name, value }) => [name, value]))),
    attachments: attachments.map(({ filename, contentType, content, contentId, contentDisposition }) => ({
      filename,
      contentType,
      content: Buffer.from(content, 'base64'),
      ...(contentDisposition === 'INLINE' && contentId ? { contentId } : {}),
    })),
  }
}
