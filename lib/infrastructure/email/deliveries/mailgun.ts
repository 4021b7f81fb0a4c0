import { z } from 'zod'
import type { MessageEventKind, SuppressionReason } from '../../messages/index.ts'
import { type DeliveryOptions, type DeliveryReport, reportOf, type VendorEvent } from './report.ts'

const Event = z.object({
  'event-data': z.object({
    id: z.string().optional(),
    event: z.string(),
    timestamp: z.number(),
    severity: z.string().optional(),
    reason: z.string().optional(),
    recipient: z.string().optional(),
    message: z.object({ headers: z.object({ 'message-id': z.string() }) }),
    'user-variables': z.object({ messageId: z.string().optional() }).optional(),
    'delivery-status': z.object({ message: z.string().nullish(), description: z.string().nullish() }).optional(),
  }),
})
type EventData = z.infer<typeof Event>['event-data']

const KIND: Readonly<Record<string, MessageEventKind>> = {
  accepted: 'accepted',
  delivered: 'delivered',
  rejected: 'failed',
  opened: 'opened',
  clicked: 'clicked',
  complained: 'complained',
  unsubscribed: 'unsubscribed',
}

const SUPPRESS: Readonly<Record<string, SuppressionReason>> = {
  bounced: 'bounce',
  complained: 'complaint',
  unsubscribed: 'unsubscribe',
}

/** Its webhook: one event. */
export function mailgunDeliveries(body: unknown, options: DeliveryOptions): DeliveryReport {
  const read = Event.safeParse(body)
  return reportOf([read.success ? eventOf(read.data['event-data']) : undefined], options)
}

function eventOf(data: EventData): VendorEvent | undefined {
  const kind = data.event === 'failed' ? kindOfFailure(data) : KIND[data.event]
  if (kind === undefined) return undefined
  const status = data['delivery-status']
  const reason = SUPPRESS[kind] ?? SUPPRESS[data.event]
  return {
    kind,
    messageId: data['user-variables']?.messageId,
    providerMessageId: data.message.headers['message-id'].replace(/^<|>$/g, ''),
    eventId: data.id,
    at: data.timestamp * 1_000,
    detail: { event: data.event, ...(data.reason ? { reason: data.reason } : {}) },
    ...(kind === 'delivered' ? {} : { error: status?.message || status?.description || undefined }),
    ...(reason && data.recipient ? { suppress: { reason, addresses: [data.recipient] } } : {}),
  }
}

/** Temporary: it tries again. `suppress-…`: it has not sent it, because of an earlier bounce. */
function kindOfFailure({ severity, reason }: EventData): MessageEventKind {
  if (severity === 'temporary') return 'deferred'
  return reason?.startsWith('suppress-') ? 'failed' : 'bounced'
}
