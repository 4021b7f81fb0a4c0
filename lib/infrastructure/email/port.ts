import { InfrastructureError } from '../../core/errors.ts'
import type { ProviderQuota } from '../resilience/index.ts'

export interface EmailAddress {
  email: string
  name?: string
}

/** `mia@example.com`, `Mia <mia@example.com>`, or its parts. */
export type AddressLike = string | EmailAddress

export interface EmailAttachment {
  filename: string
  /** Text is sent as UTF-8. */
  content: Uint8Array | string
  /** `application/octet-stream` when absent. */
  contentType?: string
  /** Makes it an inline image: `<img src="cid:logo">` shows the one with `logo`. */
  contentId?: string
}

/** Where a recipient unsubscribes: mail clients show a button for it. */
export interface Unsubscribe {
  /** Answers a POST by unsubscribing at once (RFC 8058). */
  url?: string
  email?: string
}

/** An email as a service writes it. `text` is derived from `html` when absent. */
export interface NewEmail {
  /** The `from` of `createEmail` when absent. */
  from?: AddressLike
  to: AddressLike | readonly AddressLike[]
  cc?: AddressLike | readonly AddressLike[]
  bcc?: AddressLike | readonly AddressLike[]
  replyTo?: AddressLike | readonly AddressLike[]
  subject: string
  text?: string
  html?: string
  attachments?: readonly EmailAttachment[]
  headers?: Readonly<Record<string, string>>
  unsubscribe?: Unsubscribe
}

/** An email that was checked: what providers are given. */
export interface Email {
  from: EmailAddress
  /** `to`, `cc` and `bcc` have one address together at least. */
  to: EmailAddress[]
  cc: EmailAddress[]
  bcc: EmailAddress[]
  replyTo: EmailAddress[]
  subject: string
  /** One of the two at least. */
  text?: string
  html?: string
  attachments: (Omit<EmailAttachment, 'content' | 'contentType'> & { content: Buffer; contentType: string })[]
  headers: Record<string, string>
}

export interface ProviderCall {
  signal?: AbortSignal
  /** Providers without `takesIdempotencyKeys` ignore it. */
  idempotencyKey?: string
  /** The id of the message in the log: passed to the vendor where its webhooks return it. */
  messageId?: string
}

export interface ProviderAnswer {
  /** The provider's id: its webhooks have it. */
  id: string
  /** Addresses, as they were given. */
  accepted: string[]
  rejected: string[]
}

/** One way to send email. Rejects with EmailError, never with a vendor's own error. */
export interface EmailProvider {
  readonly name: string
  /** A second call with the same key sends nothing more. */
  readonly takesIdempotencyKeys: boolean
  /** Hands the email over, once. Resolves when the provider has accepted it (not: delivered it). */
  send(email: Email, call?: ProviderCall): Promise<ProviderAnswer>
  /** What the provider has said of its own limit, with its last answer. */
  quota?(): ProviderQuota | undefined
  close(): Promise<void>
}

export type EmailErrorCode =
  /** Refused here: an address, a header or the content cannot be sent. */
  | 'EMAIL_INVALID'
  /** The provider refuses this email; another one would, too. */
  | 'EMAIL_REFUSED'
  | 'EMAIL_AUTHENTICATION'
  | 'EMAIL_RATE_LIMITED'
  /** The provider is in trouble. */
  | 'EMAIL_UNAVAILABLE'
  | 'EMAIL_UNREACHABLE'
  /** The connection ended, or nothing came in time: it may have been sent. */
  | 'EMAIL_OUTCOME_UNKNOWN'
  /** The provider said something it never said before: it may have been sent. */
  | 'EMAIL_ANSWER'

export interface EmailErrorOptions {
  code: EmailErrorCode
  retryable?: boolean
  /** The send is known not to have happened. */
  notDone: boolean
  provider?: string
  /** The provider asks to wait this long. */
  retryAfterMs?: number
  /** What the vendor said, without secrets. */
  vendor?: { status?: number; code?: string; words?: string }
  nextStep?: string
  cause?: unknown
}

export class EmailError extends InfrastructureError {
  override readonly code: EmailErrorCode
  readonly notDone: boolean
  readonly provider: string | undefined
  readonly retryAfterMs: number | undefined
  readonly vendor: EmailErrorOptions['vendor']

  constructor(message: string, options: EmailErrorOptions) {
    super(message, options)
    this.code = options.code
    this.notDone = options.notDone
    this.provider = options.provider
    this.retryAfterMs = options.retryAfterMs
    this.vendor = options.vendor
  }

  /** Another provider may succeed where this one failed. */
  get isProviders(): boolean {
    return this.code !== 'EMAIL_INVALID' && this.code !== 'EMAIL_REFUSED'
  }
}
