import { createTransport } from 'nodemailer'
import { messageOf } from '../../../core/errors.ts'
import { failuresOf } from '../failure.ts'
import type { Email, EmailAddress, EmailError, EmailProvider } from '../port.ts'

export interface SmtpOptions {
  /** `smtp` when absent. */
  name?: string
  host: string
  port: number
  /** TLS from the first byte, as on port 465. Elsewhere STARTTLS is used where the server has it. */
  secure?: boolean
  /** STARTTLS, or nothing is sent. */
  requireTls?: boolean
  user?: string
  password?: string
  /** Connections kept open; 5 when absent. */
  connections?: number
}

/** Shorter than an email's own time (ms), so that a server which is gone is told from one that may have taken it. */
const CONNECTION_TIMEOUT = 10_000

/** Before the first command of an email, whatever ends the connection. */
const NOT_BEGUN = new Set(['CONNECT_TIMEOUT', 'GREETING_TIMEOUT', 'UPGRADE_TIMEOUT'])

/** Any SMTP server, over a pool of connections. */
export function smtpEmail({
  name = 'smtp',
  host,
  port,
  secure = port === 465,
  requireTls,
  user,
  password = '',
  connections = 5,
}: SmtpOptions): EmailProvider {
  const failures = failuresOf(name, [password])
  const transport = createTransport({
    pool: true,
    host,
    port,
    secure,
    maxConnections: connections,
    maxMessages: Number.POSITIVE_INFINITY,
    // Sending again is the policy's, which knows whether that is safe.
    maxRequeues: 0,
    requireTLS: requireTls,
    connectionTimeout: CONNECTION_TIMEOUT,
    greetingTimeout: CONNECTION_TIMEOUT,
    ...(user === undefined ? {} : { auth: { user, pass: password } }),
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    name,
    takesIdempotencyKeys: false,
    async send(email, { messageId, signal } = {}) {
      try {
        const {
          messageId: id,
          accepted,
          rejected,
        } = await transport.sendMail({
          ...mailOf(email),
          ...(messageId === undefined ? {} : { messageId: `<${messageId}@${domainOf(email.from)}>` }),
          signal,
        })
        return { id, accepted: accepted.map(addressOf), rejected: rejected.map(addressOf) }
      } catch (error) {
        signal?.throwIfAborted()
        throw failureOf(error)
      }
    },
    close: async () => transport.close(),
  }

  /** A reply of 4xx or 5xx says that the server did not take the email (RFC 5321 section 4.2.1). */
  function failureOf(error: unknown): EmailError {
    const { responseCode, response = '', code, originalCode, command, timeoutType = '' } = error as Partial<SmtpError>
    const words = failures.clean(response)
    if (code === 'EPROTOCOL' && responseCode === undefined) return failures.ofAnswer(words)
    if (responseCode === undefined) {
      const neverConnected = code === 'EDNS' || code === 'ETLS' || command === 'EHLO' || NOT_BEGUN.has(timeoutType)
      // The pool's own code hides that of the system.
      const cause = originalCode
        ? Object.assign(new Error(messageOf(error), { cause: error }), { code: originalCode })
        : error
      return failures.ofConnection(cause, { neverConnected })
    }
    const vendor = { status: responseCode, words }
    const end = `(${words})`
    if (code === 'EAUTH' || responseCode === 530 || responseCode === 535)
      return failures.of('EMAIL_AUTHENTICATION', `refuses the credentials ${end}`, {
        vendor,
        notDone: true,
        retryable: false,
        cause: error,
      })
    if (responseCode === 421 || responseCode === 451)
      return failures.of('EMAIL_UNAVAILABLE', `is in trouble ${end}`, {
        vendor,
        notDone: true,
        retryable: true,
        cause: error,
      })
    if (responseCode < 500)
      return failures.of('EMAIL_RATE_LIMITED', `takes no more for now ${end}`, {
        vendor,
        notDone: true,
        retryable: true,
        cause: error,
      })
    return failures.of('EMAIL_REFUSED', `refuses this email ${end}`, {
      vendor,
      notDone: true,
      retryable: false,
      cause: error,
    })
  }
}

interface SmtpError {
  code: string
  command: string
  originalCode: string
  timeoutType: string
  response: string
  responseCode: number
}

const addressOf = (address: string | { address: string }) => (typeof address === 'string' ? address : address.address)
const domainOf = ({ email }: EmailAddress) => email.slice(email.lastIndexOf('@') + 1)
const mailbox = ({ email, name }: EmailAddress) => ({ address: email, name: name ?? '' })

function mailOf({ from, to, cc, bcc, replyTo, attachments, headers, ...content }: Email) {
  return {
    ...content,
    from: mailbox(from),
    to: to.map(mailbox),
    cc: cc.map(mailbox),
    bcc: bcc.map(mailbox),
    replyTo: replyTo.map(mailbox),
    headers,
    attachments: attachments.map(({ contentId, ...attachment }) => ({
      ...attachment,
      ...(contentId === undefined ? {} : { cid: contentId, contentDisposition: 'inline' as const }),
    })),
  }
}
