import type { TransactionSql } from 'postgres'
import { NotificationError } from './errors.ts'
import type { ListOptions, NotificationState, Notified } from './port.ts'
import type { PreferenceStore } from './preferences.ts'
import type { KeptRecord } from './record.ts'

export interface StoredNotification {
  id: string
  recipient: string
  type: string
  state: NotificationState
  batch?: string
  /** As JSON, each message that a digest has collected. */
  items: string[]
  record: KeptRecord
  dueAt?: number
  createdAt: number
  endedAt?: number
}

/** The same for each recipient but its id and its items. */
export interface NewNotifications {
  rows: readonly { id: string; recipient: string }[]
  type: string
  record: KeptRecord
  dueAt: number | undefined
  batch?: string | undefined
  dedupe?: { key: string; windowMs: number } | undefined
  /** `item` as JSON. */
  digest?: { key: string; item: string } | undefined
}

/** `fence` grows with each taking. */
export interface Held {
  id: string
  fence: number
  leaseMs: number
}

/** What it is kept with when its holder lets it go: due again in so many ms, or ended. */
export type Outcome =
  | { state: 'waiting' | 'sending'; dueInMs: number }
  | { state: Exclude<NotificationState, 'waiting' | 'sending'> }

/** Rejects with NotificationError; `NOTIFICATION_LOST` where the holder holds it no more. */
export interface NotificationStore {
  /** In the order of the rows. */
  add(given: NewNotifications, transaction?: TransactionSql): Promise<Notified[]>
  /** Those that are due and not expected to be in the queue; they are then, for so long. With the fence that they have. */
  due(limit: number, queuedForMs: number): Promise<{ id: string; fence: number; urgent: boolean }[]>
  /** Undefined: it is not due, ended, or held by another. A digest collects no more. */
  take(id: string, leaseMs: number): Promise<{ held: Held; notification: StoredNotification } | undefined>
  /** Whether it is still held; and whether someone has asked for its cancellation. */
  renew(held: Held): Promise<boolean>
  /** Resolves with whether someone has asked for its cancellation. */
  keep(held: Held, record: KeptRecord): Promise<boolean>
  release(held: Held, record: KeptRecord, outcome: Outcome): Promise<void>
  cancel(id: string): Promise<'cancelled' | 'asked' | false>
  find(id: string): Promise<StoredNotification | undefined>
  list(options: ListOptions & { limit: number }): Promise<StoredNotification[]>
  batch(id: string): Promise<Partial<Record<NotificationState, number>>>
  /** With the keys whose window is over. */
  removeEnded(olderThanMs: number, limit: number): Promise<number>
  readonly preferences: PreferenceStore
  close(): Promise<void>
}

export const lostError = (id: string) =>
  new NotificationError(`Another process has taken over the notification ${id}`, { code: 'NOTIFICATION_LOST' })
