import { z } from 'zod'
import { type Email, EmailError } from './port.ts'

const Address = z.object({ email: z.string(), name: z.string().optional() })

/** An email as the log of messages keeps it: plain data, attachments as base64. */
const Kept = z.object({
  from: Address,
  to: z.array(Address),
  cc: z.array(Address),
  bcc: z.array(Address),
  replyTo: z.array(Address),
  subject: z.string(),
  text: z.string().optional(),
  html: z.string().optional(),
  attachments: z.array(
    z.object({ filename: z.string(), content: z.string(), contentType: z.string(), contentId: z.string().optional() }),
  ),
  headers: z.record(z.string(), z.string()),
})

export type KeptEmail = z.infer<typeof Kept>

export function keptEmail(email: Email): KeptEmail {
  const attachments = email.attachments.map(each => ({ ...each, content: each.content.toString('base64') }))
  return { ...email, attachments }
}

/** Throws EMAIL_INVALID for what is no kept email. */
export function emailOf(content: unknown): Email {
  const read = Kept.safeParse(content)
  if (!read.success)
    throw new EmailError('The message in the log is not an email that can be sent', {
      code: 'EMAIL_INVALID',
      notDone: true,
      cause: read.error,
    })
  const attachments = read.data.attachments.map(each => ({ ...each, content: Buffer.from(each.content, 'base64') }))
  return { ...read.data, attachments } as Email
}
