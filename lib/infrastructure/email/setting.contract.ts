import { composeEmail } from './compose.ts'
import type { Email, EmailProvider, NewEmail } from './port.ts'

/** An email as a server has received it. Addresses are bare, names of headers in lower case. */
export interface ReceivedEmail {
  id: string
  from: string
  to: string[]
  cc: string[]
  bcc: string[]
  replyTo: string[]
  subject: string
  text: string
  html: string
  headers: Record<string, string>
  attachments: { filename: string; contentType: string; content: Buffer; contentId?: string }[]
}

/** What goes wrong with the next calls. */
export type Fault =
  | { kind: 'status'; status: number; retryAfter?: string }
  /** The connection ends before the email was accepted. */
  | { kind: 'reset' }
  /** The email is accepted, and no answer comes. */
  | { kind: 'silent' }
  /** The email is accepted, and the answer has a shape that was never seen. */
  | { kind: 'strange' }

export interface EmailUnderTest {
  provider: EmailProvider
  received(): Promise<readonly ReceivedEmail[]>
  /** Absent where nothing is sent. */
  server?: {
    fail(fault: Fault, times?: number): void
    /** Resolves once the next email was accepted. */
    nextArrival(): Promise<void>
    /** The same with credentials that are refused, and one whose server is gone. */
    withWrongSecret(secret: string): EmailProvider
    gone(): Promise<EmailProvider>
    statuses: { busy: number; broken: number; refused: number }
    /** Answers have a Retry-After. */
    retryAfter: boolean
    /** A failing answer says that nothing was sent, also when the server is broken. */
    brokenSentNothing: boolean
    /** The adapter can tell that there was no connection. */
    tellsUnreachable: boolean
    /** Answers have a shape: SMTP has only its codes. */
    hasShapes: boolean
  }
  close(): Promise<void>
}

const LOGO = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

/** Everything that an email may have. */
export const FULL: NewEmail = {
  from: 'Shop <shop@example.com>',
  to: ['Mia Möller <mia@example.com>', '"Doe, Ben" <ben@example.com>'],
  cc: 'zoe@example.com',
  bcc: 'audit@example.com',
  replyTo: 'Help <help@example.com>',
  subject: 'Ihre Bestellung №7 – ∑ 49,00 €',
  text: 'It is on its way.\nTschüß!',
  html: '<p>It is on its way. <img src="cid:logo.png"> Tschüß!</p>',
  attachments: [
    { filename: 'invoice.pdf', content: Buffer.from([0, 1, 2, 250, 255]), contentType: 'application/pdf' },
    { filename: 'logo.png', content: LOGO, contentType: 'image/png', contentId: 'logo.png' },
    { filename: 'note.txt', content: 'grüß', contentType: 'text/plain' },
  ],
  headers: { 'X-Order': '7' },
  unsubscribe: { url: 'https://shop.example/u?t=1', email: 'leave@shop.example' },
}

export const fullEmail = (more: Partial<NewEmail> = {}): Email => composeEmail({ ...FULL, ...more })

export const plainEmail = (more: Partial<NewEmail> = {}): Email =>
  composeEmail({ from: 'shop@example.com', to: 'mia@example.com', subject: 'Hello', text: 'Hello Mia', ...more })
