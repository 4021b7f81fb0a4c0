import { z } from 'zod'
import type { MessageEventKind } from '../../messages/index.ts'
import { type DeliveryOptions, type DeliveryReport, reportOf, type VendorEvent } from './report.ts'

const Tags = z.union([
  z.record(z.string(), z.string()),
  z
    .array(z.object({ name: z.string(), value: z.string() }))
    .transform(tags => Object.fromEntries(tags.map(({ name, value }) => [name, value]))),
])
const Event = z.object({
  type: z.string(),
  created_at: z.string(),
  data: z.object({
    email_id: z.string(),
    to: z.union([z.string().transform(address => [address]), z.array(z.string())]).default([]),
    tags: Tags.optional(),
    bounce: z.object({ message: z.string().optional(), type: z.string().optional() }).optional(),
    failed: z.object({ reason: z.string().optional() }).optional(),
  }),
})

const KIND: Readonly<Record<string, MessageEventKind>> = {
  'email.sent': 'accepted',
  'email.delivered': 'delivered',
  'email.delivery_delayed': 'deferred',
  'email.bounced': 'bounced',
  'email.complained': 'complained',
  'email.opened': 'opened',
  'email.clicked': 'clicked',
  'email.failed': 'failed',
  'email.suppressed': 'failed',
}

/** Its webhook: one event. */
export function resendDeliveries(body: unknown, options: DeliveryOptions): DeliveryReport {
  return reportOf([eventOf(body, options.eventId)], options)
}

function eventOf(given: unknown, eventId: string | undefined): VendorEvent | undefined {
  const read = Event.safeParse(given)
  const kind = read.success ? KIND[read.data.type] : undefined
  if (!read.success || kind === undefined) return undefined
  const { type, created_at, data } = read.data
  const isForGood = kind === 'bounced' && data.bounce?.type !== 'Transient'
  const reason = isForGood ? 'bounce' : kind === 'complained' ? 'complaint' : undefined
  return {
    kind,
    messageId: data.tags?.messageId,
    providerMessageId: data.email_id,
    eventId: eventId ?? `${type} ${data.email_id} ${created_at}`,
    at: Date.parse(created_at),
    detail: { event: type, ...(data.bounce?.type ? { bounce: data.bounce.type } : {}) },
    error: data.bounce?.message ?? data.failed?.reason,
    ...(reason ? { suppress: { reason, addresses: data.to } } : {}),
  }
}
