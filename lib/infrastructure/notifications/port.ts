import type { TransactionSql } from 'postgres'
import type { FailoverReport } from '../resilience/index.ts'
import type { ChannelKind, Content, Target } from './channel.ts'
import type { Preferences } from './preferences.ts'

/** `urgent` is sent at once, also in quiet hours and to those who have muted its type. */
export type Priority = 'low' | 'normal' | 'high' | 'urgent'

/** Channels that are used together. */
export type Stage = ChannelKind | readonly ChannelKind[]

export interface NotificationMessage {
  /** What it is about: `order.shipped`. Preferences go by it. */
  type: string
  content: Content
  /** What differs on single channels. */
  on?: Readonly<Partial<Record<ChannelKind, Partial<Content>>>>
  /** `normal` when absent. */
  priority?: Priority
}

export interface NotifyOptions {
  /** In their order, in place of those of the priority: the next one is used where the one before does not deliver. */
  channels?: readonly Stage[]
  /** How long a stage has to deliver before the next one begins (ms): that of `createNotifications` when absent. */
  fallbackAfterMs?: number
  /** Not before this time: ms since the epoch, or a date. */
  at?: number | Date
  /** A second one with this key within the window is not sent to this recipient. */
  dedupe?: { key: string; windowMs: number }
  /** Those with this key are collected for the window, from the first one on, and sent to the recipient as one. */
  digest?: { key: string; windowMs: number }
  /** Written in this transaction of the service's database: sent if it commits. Memory ignores it. */
  in?: TransactionSql
}

/** `duplicate` and `collected`: the id is that of the former one. */
export interface Notified {
  recipient: string
  id: string
  outcome: 'added' | 'duplicate' | 'collected'
}

/** `sent`: accepted by a provider, and no more is awaited. */
export type NotificationState = 'waiting' | 'sending' | 'sent' | 'delivered' | 'failed' | 'cancelled'

/**
 * `unknown`: a provider may have sent it, and repeating it could send it twice. `calling`: a provider is being called, or was when a process
 * crashed. `skipped`: its stage took too long, and the next one has begun.
 */
export type SendState =
  | 'pending'
  | 'calling'
  | 'accepted'
  | 'delivered'
  | 'failed'
  | 'unknown'
  | 'suppressed'
  | 'skipped'

/** One send to one address. Times are ms since the epoch. */
export interface Send {
  channel: ChannelKind
  target: Target
  state: SendState
  provider?: string
  /** Of the provider. */
  providerMessageId?: string
  /** In the log of messages. */
  messageId?: string
  /** Calls of providers, and those of which the outcome is not known. */
  calls: number
  unknowns: number
  acceptedAt?: number
  error?: string
}

export interface NotificationStatus {
  id: string
  recipient: string
  type: string
  priority: Priority
  state: NotificationState
  batch?: string
  /** Why it waits, and until when. */
  waitsFor?: 'schedule' | 'digest' | 'quiet-hours' | 'retry' | 'delivery'
  dueAt?: number
  sends: Send[]
  /** How many messages a digest has collected. */
  collected?: number
  error?: string
  createdAt: number
  endedAt?: number
}

export interface Recipient {
  /** By channel; `in-app` needs none. */
  addresses: Readonly<Partial<Record<ChannelKind, readonly Target[]>>>
  /** IANA, for quiet hours: UTC when neither this nor the preferences have one. */
  timeZone?: string
}

/** Who can be notified: the service knows. */
export interface Recipients {
  find(id: string): Promise<Recipient | undefined>
  /** An address is dead, and should be removed. */
  gone?(id: string, channel: ChannelKind, target: Target): Promise<void>
}

export interface ListOptions {
  recipient?: string
  batch?: string
  state?: NotificationState
  /** Older than the one with this id, for the next page. */
  before?: string
  /** 50 when absent. */
  limit?: number
}

export interface WorkOptions {
  /** Notifications at a time in this process: 10 when absent. */
  concurrency?: number
  /** How often is looked for what is due (ms): 1,000 when absent. */
  pollMs?: number
  /** One whose process has not shown for this long that it is alive is taken over (ms): 30,000 when absent. */
  leaseMs?: number
}

/** Notifications over many channels. Rejects with NotificationError. */
export interface Notifications {
  /** Resolves once it is stored: from then on it is not lost. */
  notify(recipient: string, message: NotificationMessage, options?: NotifyOptions): Promise<Notified>
  /** The same to many, each of them once, under an id of all. */
  notifyMany(
    recipients: readonly string[],
    message: NotificationMessage,
    options?: NotifyOptions,
  ): Promise<{ batch: string; notified: Notified[] }>
  /**
   * `cancelled`: no more is sent. `asked`: it is being sent at this moment, and its process sends to no further address once it has finished the call
   * that it makes. False: it has ended, or there is none.
   */
  cancel(id: string): Promise<'cancelled' | 'asked' | false>
  find(id: string): Promise<NotificationStatus | undefined>
  /** The newest first. */
  list(options?: ListOptions): Promise<NotificationStatus[]>
  /** How many of a batch are in each state. */
  batch(id: string): Promise<Record<NotificationState, number>>
  preferences(recipient: string): Promise<Preferences>
  setPreferences(recipient: string, preferences: Preferences): Promise<void>
  /** Carries out what is due, of this process and others. */
  work(options?: WorkOptions): Promise<void>
  /** Providers of each channel in this process. */
  reports(): FailoverReport[]
  /** Removes at most `limit` (10,000) that ended longer ago. Resolves with how many. */
  removeEnded(olderThanMs: number, options?: { limit?: number }): Promise<number>
  /** What is being sent ends first, for `timeoutMs` (10,000). */
  close(options?: { timeoutMs?: number }): Promise<void>
}
