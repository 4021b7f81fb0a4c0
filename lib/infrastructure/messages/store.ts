import type { TransactionSql } from 'postgres'
import type {
  ActOutcome,
  ClaimedMessage,
  Message,
  MessageChannel,
  MessageCount,
  MessageEvent,
  MessageEventKind,
  MessageFilter,
  MessageStatus,
  MessageWithContent,
  NoteOutcome,
  Suppression,
  SuppressionReason,
} from './port.ts'

/** A message as it is added: plain data, every text storable. */
export interface AddedMessage {
  id: string
  channel: MessageChannel
  recipients: string[]
  /** Normalised. */
  keys: string[]
  title?: string
  template?: string
  status: MessageStatus
  notificationId?: string
  batchId?: string
  idempotencyKey?: string
  scheduledFor?: number
  content: unknown
  /** Its first event. */
  event: AddedEvent
}

export interface AddedEvent {
  id: string
  kind: MessageEventKind
  detail: Record<string, unknown>
}

export interface AddedNote {
  /** The id of the event. */
  id: string
  message: { id: string } | { provider: string; providerMessageId: string }
  kind: MessageEventKind
  at?: number
  provider?: string
  providerMessageId?: string
  detail: Record<string, unknown>
  vendorEventId?: string
  error?: string
}

/** Which statuses an act fits, and what it makes of them. */
export interface Act {
  from: readonly MessageStatus[]
  to: MessageStatus
  /** ms since the epoch. */
  scheduledFor?: number
  event?: AddedEvent
  /** It also fits what has been `sending` for longer than this (ms), without a lease. */
  staleMs?: number
}

/** What keeps messages. Rejects with MessagesError. */
export interface MessageStore {
  readonly shared: boolean
  /** No two of one channel and key. Resolves with the messages of those keys and ids, in any order. */
  add(messages: readonly AddedMessage[], transaction?: TransactionSql): Promise<Message[]>
  note(notes: readonly AddedNote[], transaction?: TransactionSql): Promise<NoteOutcome[]>
  act(id: string, act: Act, transaction?: TransactionSql): Promise<ActOutcome>
  find(by: { id: string } | { channel: MessageChannel; key: string }): Promise<MessageWithContent | undefined>
  events(id: string): Promise<MessageEvent[]>
  list(
    filter: Omit<MessageFilter, 'recipient'> & { key?: string },
    before: string | undefined,
    limit: number,
  ): Promise<Message[]>
  counts(since: number): Promise<MessageCount[]>
  claimDue(channel: MessageChannel, limit: number, leaseMs: number): Promise<ClaimedMessage[]>
  suppress(suppressions: readonly Omit<Suppression, 'since'>[], transaction?: TransactionSql): Promise<void>
  unsuppress(channel: MessageChannel, address: string, transaction?: TransactionSql): Promise<boolean>
  suppressed(channel: MessageChannel, addresses: readonly string[]): Promise<Suppression[]>
  /** Newest first; `before` is a place in that order. */
  suppressions(
    filter: { channel?: MessageChannel; reason?: SuppressionReason; address?: string },
    before: SuppressionPlace | undefined,
    limit: number,
  ): Promise<Suppression[]>
  removeOlderThan(ms: number, limit: number): Promise<number>
  close(): Promise<void>
}

export interface SuppressionPlace {
  since: number
  channel: string
  address: string
}
