import type { Content } from './channel.ts'

/** A notification as the app shows it. Times are ms since the epoch. */
export interface InboxEntry extends Pick<Content, 'title' | 'text' | 'url' | 'data'> {
  id: string
  recipient: string
  addedAt: number
  readAt?: number
  archivedAt?: number
}

/** `missed`: the connection was lost for a while, and what changed then was not heard. */
export type InboxChange =
  | { kind: 'added'; id: string }
  | { kind: 'read' | 'unread' | 'archived' | 'unarchived'; ids: readonly string[] }
  | { kind: 'missed' }

export interface InboxListOptions {
  /** Only those that are archived, or (by default) that are not. */
  archived?: boolean
  unread?: boolean
  /** Older than the one with this id, for the next page. */
  before?: string
  /** 50 when absent. */
  limit?: number
}

/** Those of these ids, or all. */
export type InboxSelection = readonly string[] | 'all'

/** The notifications that an app shows of its own. Rejects with NotificationError. */
export interface Inbox {
  /** Resolves with the entry's id: the same for the same key of one recipient, which is added once. */
  add(recipient: string, content: Content, key: string): Promise<string>
  /** The newest first. */
  list(recipient: string, options?: InboxListOptions): Promise<InboxEntry[]>
  /** Those that are neither read nor archived. */
  unread(recipient: string): Promise<number>
  /** Each act resolves with how many it has changed. */
  markRead(recipient: string, entries: InboxSelection): Promise<number>
  markUnread(recipient: string, entries: InboxSelection): Promise<number>
  archive(recipient: string, entries: InboxSelection): Promise<number>
  unarchive(recipient: string, entries: InboxSelection): Promise<number>
  /** Calls back for each change of this recipient's entries, by any process. Resolves once it listens, with what ends it. */
  watch(recipient: string, onChange: (change: InboxChange) => void): Promise<() => void>
  /** Removes at most `limit` (10,000) entries that are older. Resolves with how many. */
  removeOlderThan(ageMs: number, options?: { limit?: number }): Promise<number>
  close(): Promise<void>
}

/** What an act does to an entry, and to which it does something. */
export const INBOX_ACTS = {
  markRead: { kind: 'read', column: 'readAt', set: true },
  markUnread: { kind: 'unread', column: 'readAt', set: false },
  archive: { kind: 'archived', column: 'archivedAt', set: true },
  unarchive: { kind: 'unarchived', column: 'archivedAt', set: false },
} as const
