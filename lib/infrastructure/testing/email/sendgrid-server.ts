import { randomUUID } from 'node:crypto'
import type { ReceivedEmail } from '../../email/email.contract.ts'
import { lowerKeys } from './received-email.ts'
import { json, startVendor, type VendorAnswer } from './vendor-server.ts'

interface Address {
  email: string
  name?: string
}

interface Mail {
  personalizations?: { to?: Address[]; cc?: Address[]; bcc?: Address[]; custom_args?: Record<string, string> }[]
  from?: Address
  reply_to?: Address
  reply_to_list?: Address[]
  subject?: string
  content?: { type: string; value: string }[]
  attachments?: { content: string; type?: string; filename: string; disposition?: string; content_id?: string }[]
  headers?: Record<string, string>
}

const error = (status: number, message: string, field: string | null = null): VendorAnswer =>
  json(status, { errors: [{ message, field, help: null }] })

/** `POST /v3/mail/send` as SendGrid documents it. */
export const startSendGrid = (apiKey: string) =>
  startVendor({
    isAuthorised: ({ headers }) => headers.authorization === `Bearer ${apiKey}`,
    error: status =>
      error(status, status === 401 ? `The provided authorization grant is invalid: ${apiKey}` : 'Internal'),
    async accept({ method, path, body }) {
      if (method !== 'POST' || path !== '/v3/mail/send') return { answer: error(404, 'Not Found') }
      const mail = JSON.parse(body.toString()) as Mail
      const refused = refusalOf(mail)
      if (refused) return { answer: error(400, refused.message, refused.field) }
      const email = received(mail)
      return { email, answer: { status: 202, headers: { 'x-message-id': email.id }, body: '' } }
    },
    strange: { status: 202, headers: { 'content-type': 'text/html' }, body: '<p>Queued, thank you</p>' },
  })

function refusalOf({ personalizations, from, subject, content, attachments }: Mail) {
  const first = personalizations?.[0]
  if (!first?.to?.length)
    return {
      message:
        'The to array is required for all personalization objects, and must have at least one email object with a valid email address.',
      field: 'personalizations.0.to',
    }
  const all = [...first.to, ...(first.cc ?? []), ...(first.bcc ?? [])].map(({ email }) => email.toLowerCase())
  if (new Set(all).size < all.length)
    return {
      message: 'Each email address in the personalization block should be unique between to, cc, and bcc.',
      field: 'personalizations.0',
    }
  if (!from?.email) return { message: 'The from object must be provided for every email send.', field: 'from.email' }
  if (!subject) return { message: 'The subject is required.', field: 'subject' }
  if (!content?.length || content.some(({ value }) => !value))
    return { message: 'The content value must be a string at least one character in length.', field: 'content.0.value' }
  if (content[1]?.type === 'text/plain')
    return { message: 'If present, text/plain must be the first content.', field: 'content' }
  if (attachments?.some(each => !each.content || !each.filename))
    return { message: 'The attachment content and filename are required.', field: 'attachments.0' }
  return undefined
}

function received(mail: Mail): ReceivedEmail {
  const only = (addresses: Address[] = []) => addresses.map(({ email }) => email)
  const part = (type: string) => mail.content?.find(each => each.type === type)?.value ?? ''
  const first = mail.personalizations?.[0]
  return {
    id: randomUUID().replaceAll('-', '').slice(0, 22),
    from: mail.from?.email ?? '',
    to: only(first?.to),
    cc: only(first?.cc),
    bcc: only(first?.bcc),
    replyTo: only(mail.reply_to_list ?? (mail.reply_to ? [mail.reply_to] : [])),
    subject: mail.subject ?? '',
    text: part('text/plain'),
    html: part('text/html'),
    headers: lowerKeys(mail.headers ?? {}),
    attachments: (mail.attachments ?? []).map(({ filename, type = '', content, disposition, content_id }) => ({
      filename,
      contentType: type,
      content: Buffer.from(content, 'base64'),
      ...(disposition === 'inline' && content_id ? { contentId: content_id } : {}),
    })),
  }
}
