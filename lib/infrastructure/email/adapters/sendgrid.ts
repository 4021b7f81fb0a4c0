import sendgrid from '@sendgrid/mail'
import { failuresOf } from '../failure.ts'
import type { Email, EmailProvider } from '../port.ts'
import { allAddresses } from './all-addresses.ts'

export interface SendGridOptions {
  /** `sendgrid` when absent. */
  name?: string
  apiKey: string
  /** Where its API is, when it is not SendGrid's own: `https://api.eu.sendgrid.com/`. */
  baseUrl?: string
}

type SettableService = typeof sendgrid & { client: { setDefaultRequest(name: string, value: unknown): void } }

/** Its types do not name the class that it exports. */
const { MailService } = sendgrid as unknown as { MailService: new () => SettableService }

export function sendgridEmail({ name = 'sendgrid', apiKey, baseUrl }: SendGridOptions): EmailProvider {
  const failures = failuresOf(name, [apiKey])
  return {
    name,
    takesIdempotencyKeys: false,
    async send(email, { signal, messageId } = {}) {
      // One for each call: the signal is a setting of its client.
      const service = new MailService()
      service.setApiKey(apiKey)
      if (baseUrl !== undefined) service.client.setDefaultRequest('baseUrl', baseUrl)
      if (signal) service.client.setDefaultRequest('signal', signal)
      let answer: Awaited<ReturnType<typeof service.send>>[0]
      try {
        answer = (await service.send(mailOf(email, messageId)))[0]
      } catch (error) {
        signal?.throwIfAborted()
        const { code, response } = error as {
          code?: unknown
          response?: { body?: unknown; headers?: Record<string, unknown> }
        }
        if (typeof code !== 'number') throw failures.ofConnection(error)
        throw failures.ofStatus({
          status: code,
          words: wordsOf(response?.body),
          headers: response?.headers,
          cause: error,
        })
      }
      const id: unknown = answer.headers?.['x-message-id']
      if (answer.statusCode !== 202 || typeof id !== 'string') throw failures.ofAnswer(answer.body)
      return { id, accepted: allAddresses(email), rejected: [] }
    },
    close: async () => undefined,
  }
}

/** `{ errors: [{ message, field }] }`, or a page of a proxy. */
function wordsOf(body: unknown): string {
  const { errors } = (typeof body === 'object' && body !== null ? body : {}) as { errors?: unknown }
  if (!Array.isArray(errors)) return typeof body === 'string' ? body : ''
  return errors.map(error => [error?.field, error?.message].filter(Boolean).join(': ')).join('; ')
}

function mailOf({ from, to, cc, bcc, replyTo, subject, text, html, attachments, headers }: Email, messageId?: string) {
  const content = [
    ...(text === undefined ? [] : [{ type: 'text/plain', value: text }]),
    ...(html === undefined ? [] : [{ type: 'text/html', value: html }]),
  ]
  return {
    from,
    // It needs a `to`: where all are hidden, the sender stands there.
    personalizations: [
      {
        to: to.length > 0 ? to : [from],
        ...(cc.length > 0 ? { cc } : {}),
        ...(bcc.length > 0 ? { bcc } : {}),
      },
    ],
    ...(replyTo.length > 0 ? { replyToList: replyTo } : {}),
    subject,
    content: content as [(typeof content)[0]],
    headers,
    ...(messageId === undefined ? {} : { customArgs: { messageId } }),
    // As on the wire: within a list its client changes no names.
    attachments: attachments.map(({ filename, content, contentType, contentId }) => ({
      filename,
      content: content.toString('base64'),
      type: contentType,
      ...(contentId === undefined ? { disposition: 'attachment' } : { disposition: 'inline', content_id: contentId }),
    })),
  }
}
