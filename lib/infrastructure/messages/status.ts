import type { MessageEventKind, MessageStatus } from './port.ts'

/** A message moves to a status of a higher rank only. Vendors report bounces after a delivery, and events out of order. */
export const RANK: Readonly<Record<MessageStatus, number>> = {
  queued: 0,
  scheduled: 0,
  sending: 1,
  sent: 2,
  failed: 3,
  cancelled: 3,
  suppressed: 3,
  delivered: 4,
  bounced: 5,
  complained: 6,
}

const STATUS: Readonly<Record<MessageEventKind, MessageStatus | undefined>> = {
  queued: undefined,
  attempt: 'sending',
  accepted: 'sent',
  deferred: 'sent',
  delivered: 'delivered',
  bounced: 'bounced',
  complained: 'complained',
  opened: 'delivered',
  clicked: 'delivered',
  unsubscribed: 'delivered',
  failed: 'failed',
  cancelled: 'cancelled',
  suppressed: 'suppressed',
  resent: undefined,
}

/** What an event says about the status, if anything. */
export const statusOf = (kind: MessageEventKind): MessageStatus | undefined => STATUS[kind]

export const isForwards = (from: MessageStatus, to: MessageStatus): boolean => RANK[to] > RANK[from]
