import Mailgun from 'mailgun.js'
import { formatAddress } from '../address.ts'
import { failuresOf } from '../failure.ts'
import type { Email, EmailProvider } from '../port.ts'
import { allAddresses } from './all-addresses.ts'

export interface MailgunOptions {
  /** `mailgun` when absent. */
  name?: string
  apiKey: string
  domain: string
  /** Where its API is, when it is not Mailgun's own: `https://api.eu.mailgun.net`. */
  baseUrl?: string
}

/** Its client takes no signal: a call that is given up ends after this (ms). */
const CALL_TIMEOUT = 60_000

export function mailgunEmail({ name = 'mailgun', apiKey, domain, baseUrl }: MailgunOptions): EmailProvider {
  const failures = failuresOf(name, [apiKey])
  const client = new Mailgun(FormData).client({
    username: 'api',
    key: apiKey,
    timeout: CALL_TIMEOUT,
    ...(baseUrl === undefined ? {} : { url: baseUrl }),
  })
  return {
    name,
    takesIdempotencyKeys: false,
    async send(email, { signal, messageId } = {}) {
      signal?.throwIfAborted()
      let answer: { id?: unknown }
      try {
        answer = await client.messages.create(domain, dataOf(email, messageId))
      } catch (error) {
        signal?.throwIfAborted()
        const { status = 0, message, details } = error as { status?: number; message?: string; details?: string }
        // Its client reports a lost connection as a 400 whose message is the code of the error.
        if (status < 400 || /^(E[A-Z]+|ERR_[A-Z_]+)$/.test(message ?? ''))
          throw failures.ofConnection(Object.assign(new Error(details || message), { code: message }))
        throw failures.ofStatus({ status, words: [message, details].filter(Boolean).join(': '), cause: error })
      }
      if (typeof answer.id !== 'string') throw failures.ofAnswer(answer)
      return { id: answer.id.replace(/^<|>$/g, ''), accepted: allAddresses(email), rejected: [] }
    },
    close: async () => undefined,
  }
}

function dataOf({ from, to, cc, bcc, replyTo, subject, text, html, attachments, headers }: Email, messageId?: string) {
  const file = ({ filename, content, contentType, contentId }: Email['attachments'][number]) =>
    // An inline image is shown by the name of its file.
    new File([new Uint8Array(content)], contentId ?? filename, { type: contentType })
  const files = attachments.filter(({ contentId }) => contentId === undefined).map(file)
  const inline = attachments.filter(({ contentId }) => contentId !== undefined).map(file)
  return {
    from: formatAddress(from),
    // It needs a `to`: where all are hidden, the sender stands there.
    to: (to.length > 0 ? to : [from]).map(formatAddress),
    ...(cc.length > 0 ? { cc: cc.map(formatAddress) } : {}),
    ...(bcc.length > 0 ? { bcc: bcc.map(formatAddress) } : {}),
    ...(replyTo.length > 0 ? { 'h:Reply-To': replyTo.map(formatAddress).join(', ') } : {}),
    subject,
    text: text ?? '',
    ...(html === undefined ? {} : { html }),
    ...Object.fromEntries(Object.entries(headers).map(([header, value]) => [`h:${header}`, value])),
    ...(messageId === undefined ? {} : { 'v:messageId': messageId }),
    ...(files.length > 0 ? { attachment: files } : {}),
    ...(inline.length > 0 ? { inline } : {}),
  }
}
