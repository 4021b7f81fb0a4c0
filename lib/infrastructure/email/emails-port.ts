import type { MessageStatus } from '../messages/index.ts'
import type { Failover } from '../resilience/index.ts'
import type { AddressLike, EmailProvider, NewEmail } from './port.ts'
import type { EmailTemplate, RenderedEmail } from './template.ts'

export interface SendOptions {
  /** An email of a key is sent once, however often it is asked for; needs the log of messages, or providers that take keys. */
  idempotencyKey?: string
  signal?: AbortSignal
  /** ms since the epoch. Needs the log of messages, and a process that calls `work()`. */
  scheduledFor?: number
  batchId?: string
  notificationId?: string
  /** More that the message is found by in the log, such as the id of the user. */
  lookup?: readonly string[]
}

export interface SentEmail {
  /** Of the message in the log; without a log the provider's id. */
  id: string
  /** `sent`, `scheduled`, `suppressed`, or what became of it since, where its key was known. */
  status: MessageStatus
  /** False: an email with its key was recorded before, and nothing was sent now. */
  isNew: boolean
  provider?: string
  providerMessageId?: string
  accepted: string[]
  rejected: string[]
  /** Recipients that get nothing more: they bounced, complained or unsubscribed. */
  suppressed: string[]
}

export type Envelope = Omit<NewEmail, 'subject' | 'text' | 'html'>

export interface BulkRecipient<Variables> {
  to: AddressLike
  variables: Variables
  idempotencyKey?: string
  lookup?: readonly string[]
}

export interface BulkOptions
  extends Omit<SendOptions, 'idempotencyKey' | 'lookup'>,
    Omit<Envelope, 'to' | 'cc' | 'bcc'> {
  /** Emails under way at a time; 10 when absent. */
  concurrency?: number
}

/** In the order of the recipients. */
export type BulkResult = { to: AddressLike } & ({ email: SentEmail } | { error: unknown })

export interface WorkOptions {
  /** How often it is looked for what is due; 1,000 ms when absent. */
  pollMs?: number
  /** 20 when absent. */
  concurrency?: number
}

export interface Emails {
  /** Rejects with EmailError, or the reason of the signal. */
  send(email: NewEmail, options?: SendOptions): Promise<SentEmail>
  sendTemplate<Variables>(
    template: EmailTemplate<Variables>,
    variables: Variables,
    envelope: Envelope,
    options?: SendOptions,
  ): Promise<SentEmail>
  /** One email for each recipient. Resolves when all are done; one that fails does not stop the others. */
  sendMany<Variables>(
    template: EmailTemplate<Variables>,
    recipients: readonly BulkRecipient<Variables>[],
    options?: BulkOptions,
  ): Promise<BulkResult[]>
  /** As it would be sent, with the template's sample where there are no variables. */
  preview<Variables>(template: EmailTemplate<Variables>, variables?: Variables): Promise<RenderedEmail>
  /** Sends what is scheduled, until `close`. */
  work(options?: WorkOptions): void
  /** Which provider is used, and why; an operator can force one. */
  readonly failover: Failover<EmailProvider>
  /** Waits for what is under way, and closes the providers. */
  close(): Promise<void>
}
