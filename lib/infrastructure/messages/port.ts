import type { TransactionSql } from 'postgres'
import { InfrastructureError } from '../../core/errors.ts'

export type MessageChannel = 'email' | 'sms' | 'web-push' | 'expo' | 'fcm' | 'in-app' | 'chat'

/** It only moves forwards (`status.ts`), whatever the order in which events come. */
export type MessageStatus =
  | 'queued'
  | 'scheduled'
  | 'sending'
  /** A provider has accepted it. */
  | 'sent'
  | 'delivered'
  | 'bounced'
  | 'complained'
  | 'failed'
  | 'cancelled'
  | 'suppressed'

export type MessageEventKind =
  | 'queued'
  /** One call of a provider; with `error` where it failed. */
  | 'attempt'
  | 'accepted'
  /** The provider tries again by itself: a soft bounce. */
  | 'deferred'
  | 'delivered'
  | 'bounced'
  | 'complained'
  | 'opened'
  | 'clicked'
  | 'unsubscribed'
  /** For good: nothing will be tried any more. */
  | 'failed'
  | 'cancelled'
  | 'suppressed'
  | 'resent'

export interface NewMessage {
  channel: MessageChannel
  /** Addresses, numbers, tokens, user ids: as the channel has them. At least one. */
  recipients: readonly string[]
  /** More that it is found by, such as the id of the user. */
  lookup?: readonly string[]
  /** The subject of an email, the title of a notification. */
  title?: string
  template?: string
  /** Plain data: what is needed to send it again. */
  content: unknown
  /** ms since the epoch. It is `scheduled` until then, and taken by `claimDue`. */
  scheduledFor?: number
  notificationId?: string
  batchId?: string
  /** Unique within its channel: a second message with it is not recorded. */
  idempotencyKey?: string
  /** `queued` when absent, `scheduled` with `scheduledFor`. */
  status?: 'queued' | 'sending' | 'suppressed'
}

export interface Message {
  /** A ULID. */
  id: string
  channel: MessageChannel
  recipients: string[]
  title?: string
  template?: string
  status: MessageStatus
  /** The one called last. */
  provider?: string
  providerMessageId?: string
  notificationId?: string
  batchId?: string
  idempotencyKey?: string
  /** Times are ms since the epoch. */
  scheduledFor?: number
  createdAt: number
  updatedAt: number
  /** Calls of providers. */
  attempts: number
  lastError?: string
}

export interface MessageWithContent extends Message {
  content: unknown
  /** Normalised addresses, and what was given as `lookup`. */
  lookup: string[]
}

export interface MessageEvent {
  id: string
  messageId: string
  at: number
  kind: MessageEventKind
  provider?: string
  /** Plain data without addresses: what the vendor said, who did it. */
  detail: Record<string, unknown>
}

/** What happened to a message: found by its id, or by the one that its provider gave it. */
export interface MessageNote {
  message: { id: string } | { provider: string; providerMessageId: string }
  kind: MessageEventKind
  /** Now when absent. */
  at?: number
  provider?: string
  /** With `accepted`: webhooks find the message by it. */
  providerMessageId?: string
  detail?: Record<string, unknown>
  /** With it the same event counts once for a provider, however often its webhook comes. */
  vendorEventId?: string
  /** Kept as the message's last error. */
  error?: string
}

/** `unknown`: no such message. `duplicate`: this vendor event is noted already. */
export type NoteOutcome =
  | { outcome: 'noted'; id: string; status: MessageStatus }
  | { outcome: 'duplicate'; id: string; status: MessageStatus }
  | { outcome: 'unknown' }

export interface ClaimedMessage extends MessageWithContent {
  /** It was claimed before, and not heard of since: whether it was sent is not known. */
  interrupted: boolean
}

export interface MessageFilter {
  channel?: MessageChannel
  status?: MessageStatus
  provider?: string
  template?: string
  /** An address in any spelling, or what was given as `lookup`. */
  recipient?: string
  notificationId?: string
  batchId?: string
  /** Recorded from here on, and before; ms since the epoch. */
  from?: number
  until?: number
}

export interface MessagePage {
  /** Newest first, without content. */
  messages: Message[]
  /** Pass it as `before` for the next page; absent on the last. */
  next?: string
}

export type SuppressionReason = 'bounce' | 'complaint' | 'unsubscribe' | 'manual'

export interface NewSuppression {
  channel: MessageChannel
  address: string
  reason: SuppressionReason
  by?: string
  note?: string
}

export interface Suppression extends NewSuppression {
  /** Normalised. */
  address: string
  since: number
}

export interface MessageCount {
  channel: MessageChannel
  provider?: string
  status: MessageStatus
  count: number
}

/** `in`: written in this transaction of the service's database, kept exactly if it commits. Memory ignores it. */
export interface WriteOptions {
  in?: TransactionSql
}

export type ActOutcome = { done: true } | { done: false; status: MessageStatus | undefined }

/** The log of messages over all channels. Rejects with MessagesError. */
export interface Messages {
  /** False in memory: lost with its process, and not seen by others. */
  readonly shared: boolean
  /** `isNew` is false where its idempotency key is known: then the message is the former one, unchanged. */
  record(message: NewMessage, options?: WriteOptions): Promise<{ message: Message; isNew: boolean }>
  /** The same for many, in their order. */
  recordMany(messages: readonly NewMessage[], options?: WriteOptions): Promise<{ message: Message; isNew: boolean }[]>
  /** Adds events and moves the statuses forwards. One outcome for each note, in their order. */
  note(notes: readonly MessageNote[], options?: WriteOptions): Promise<NoteOutcome[]>
  find(id: string): Promise<MessageWithContent | undefined>
  findByKey(channel: MessageChannel, idempotencyKey: string): Promise<MessageWithContent | undefined>
  /** In the order in which they happened. */
  events(id: string): Promise<MessageEvent[]>
  list(filter?: MessageFilter, page?: { before?: string; limit?: number }): Promise<MessagePage>
  /** Messages by channel, provider and status of those recorded since then. */
  counts(since: number): Promise<MessageCount[]>
  /**
   * Takes scheduled messages whose time has come, and those whose holder was not heard of within its lease, the one that waits longest first. No other
   * process gets them until the lease is over; they are `sending`. Note `accepted` or `failed`, or `reschedule`.
   */
  claimDue(options: { channel: MessageChannel; limit: number; leaseMs: number }): Promise<ClaimedMessage[]>
  /** Puts what is not sent yet back to `scheduled`. */
  reschedule(id: string, scheduledFor: number, options?: WriteOptions): Promise<ActOutcome>
  /**
   * Makes `sending` of what is queued or has failed, or has been `sending` without news for `staleMs`: of several callers one gets it. Who finds a
   * message by its key sends it again only then.
   */
  begin(id: string, options: { staleMs: number }): Promise<ActOutcome>
  /** Only what is queued or scheduled. */
  cancel(id: string, options: { by: string; reason?: string } & WriteOptions): Promise<ActOutcome>
  /** Records a copy that is due now, without an idempotency key, and notes it on both. Undefined: no such message. */
  resend(id: string, options: { by: string; reason?: string } & WriteOptions): Promise<Message | undefined>
  /** An address that is on the list keeps its first reason, but for a complaint, which is the stronger one. */
  suppress(suppressions: readonly NewSuppression[], options?: WriteOptions): Promise<void>
  /** False: it was not on the list. */
  unsuppress(channel: MessageChannel, address: string, options?: WriteOptions): Promise<boolean>
  /** Those of the addresses that are on the list, by the address as it was given. */
  suppressed(channel: MessageChannel, addresses: readonly string[]): Promise<Map<string, Suppression>>
  suppressions(
    filter?: { channel?: MessageChannel; reason?: SuppressionReason; address?: string },
    page?: { before?: string; limit?: number },
  ): Promise<{ suppressions: Suppression[]; next?: string }>
  /** Removes messages with their events that were recorded longer ago, at most `limit` (10,000). How many. Those scheduled for later stay. */
  removeOlderThan(ms: number, options?: { limit?: number }): Promise<number>
  close(): Promise<void>
}

export type MessagesErrorCode = 'MESSAGES_UNREACHABLE' | 'MESSAGES_REFUSED' | 'MESSAGES_OPTIONS'

export class MessagesError extends InfrastructureError {
  override readonly code: MessagesErrorCode
  constructor(
    message: string,
    options: { code: MessagesErrorCode; retryable?: boolean; nextStep?: string; cause?: unknown },
  ) {
    super(message, options)
    this.code = options.code
  }
}
