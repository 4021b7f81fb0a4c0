import { z } from 'zod'
import type { MessageEventKind, SuppressionReason } from '../../messages/index.ts'
import { type DeliveryOptions, type DeliveryReport, reportOf, type VendorEvent } from './report.ts'

const Event = z.object({
  event: z.string(),
  email: z.string(),
  timestamp: z.number(),
  sg_event_id: z.string().optional(),
  sg_message_id: z.string(),
  messageId: z.string().optional(),
  reason: z.string().optional(),
  /** `blocked`: refused this time, the address is good. */
  type: z.string().optional(),
})

const KIND: Readonly<Record<string, MessageEventKind>> = {
  processed: 'accepted',
  delivered: 'delivered',
  deferred: 'deferred',
  bounce: 'bounced',
  dropped: 'failed',
  spamreport: 'complained',
  open: 'opened',
  click: 'clicked',
  unsubscribe: 'unsubscribed',
  group_unsubscribe: 'unsubscribed',
}

const SUPPRESS: Readonly<Record<string, SuppressionReason>> = {
  bounce: 'bounce',
  spamreport: 'complaint',
  unsubscribe: 'unsubscribe',
}

/** Its event webhook: a list. */
export function sendgridDeliveries(body: unknown, options: DeliveryOptions): DeliveryReport {
  return reportOf((Array.isArray(body) ? body : [body]).map(eventOf), options)
}

function eventOf(given: unknown): VendorEvent | undefined {
  const read = Event.safeParse(given)
  const kind = read.success ? KIND[read.data.event] : undefined
  if (!read.success || kind === undefined) return undefined
  const { event, email, timestamp, sg_event_id, sg_message_id, messageId, reason, type } = read.data
  const suppress = event === 'bounce' && type === 'blocked' ? undefined : SUPPRESS[event]
  return {
    kind,
    messageId,
    // Behind the first dot is the server that it passed.
    providerMessageId: sg_message_id.split('.')[0] ?? '',
    eventId: sg_event_id,
    at: timestamp * 1_000,
    detail: { event, ...(reason ? { reason } : {}) },
    ...(reason && kind !== 'delivered' ? { error: reason } : {}),
    ...(suppress ? { suppress: { reason: suppress, addresses: [email] } } : {}),
  }
}
