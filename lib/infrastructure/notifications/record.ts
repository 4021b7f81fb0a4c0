import type { ChannelKind, Content } from './channel.ts'
import type { NotificationMessage, NotificationState, NotificationStatus, Priority, Send, Stage } from './port.ts'
import type { StoredNotification } from './store.ts'

/** A send with what only its processes need. */
export interface KeptSend extends Send {
  /** Of `stages`. */
  stage: number
  /** The same for each repetition. */
  key: string
  /** Attempts, of which each may call several providers. */
  tries: number
  /** The address is dead. */
  gone?: true
  /** What the log of messages knows of it (`markOf`); absent where it is not recorded from here. */
  logged?: string
}

/** What is kept of a notification besides its state, as one JSON. */
export interface KeptRecord {
  message: NotificationMessage & { priority: Priority }
  /** As it was asked for. */
  asked?: readonly Stage[]
  fallbackAfterMs: number
  /** Once it is known how the recipient is reached. */
  stages?: ChannelKind[][]
  stage: number
  stageSince?: number
  sends: KeptSend[]
  waitsFor?: NotificationStatus['waitsFor']
  error?: string
  /** Errors of the service's own code or store, while it was carried out. */
  troubles?: number
}

/** What is said on a channel. */
export function contentFor({ content, on }: NotificationMessage, kind: ChannelKind): Content {
  return { ...content, ...on?.[kind] }
}

export function statusOf({ record, items, ...stored }: StoredNotification): NotificationStatus {
  const { id, recipient, type, state, batch, dueAt, createdAt, endedAt } = stored
  return {
    id,
    recipient,
    type,
    priority: record.message.priority,
    state,
    ...(batch === undefined ? {} : { batch }),
    ...(record.waitsFor && !isEnded(state) ? { waitsFor: record.waitsFor } : {}),
    ...(dueAt === undefined ? {} : { dueAt }),
    sends: record.sends.map(({ stage: _, key: __, tries: ___, gone: ____, logged: _____, ...send }) => send),
    ...(items.length > 0 ? { collected: items.length } : {}),
    ...(record.error === undefined ? {} : { error: record.error }),
    createdAt,
    ...(endedAt === undefined ? {} : { endedAt }),
  }
}

const ENDED: ReadonlySet<NotificationState> = new Set<NotificationState>(['sent', 'delivered', 'failed', 'cancelled'])

export const isEnded = (state: NotificationState): boolean => ENDED.has(state)
