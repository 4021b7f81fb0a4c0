import { z } from 'zod'
import { parseJson } from '../../../core/json.ts'
import type { MessageEventKind, SuppressionReason } from '../../messages/index.ts'
import { type DeliveryOptions, type DeliveryReport, reportOf, type VendorEvent } from './report.ts'

const Recipient = z.object({ emailAddress: z.string(), diagnosticCode: z.string().optional() })
const Detail = z.object({ timestamp: z.string().optional() }).loose()
const Event = z.object({
  eventType: z.string().optional(),
  notificationType: z.string().optional(),
  mail: z.object({
    messageId: z.string(),
    timestamp: z.string(),
    tags: z.record(z.string(), z.array(z.string())).optional(),
  }),
  bounce: Detail.extend({ bounceType: z.string(), bouncedRecipients: z.array(Recipient).default([]) }).optional(),
  complaint: Detail.extend({ complainedRecipients: z.array(Recipient).default([]) }).optional(),
  delivery: Detail.optional(),
  deliveryDelay: Detail.optional(),
  open: Detail.optional(),
  click: Detail.optional(),
  reject: z.object({ reason: z.string().optional() }).optional(),
  failure: z.object({ errorMessage: z.string().optional() }).optional(),
})

const KIND: Readonly<Record<string, MessageEventKind>> = {
  Send: 'accepted',
  Delivery: 'delivered',
  DeliveryDelay: 'deferred',
  Bounce: 'bounced',
  Complaint: 'complained',
  Reject: 'failed',
  'Rendering Failure': 'failed',
  Open: 'opened',
  Click: 'clicked',
}

/** A notification of SNS, with one event of SES as text; or the event alone, where SNS delivers raw messages. */
export function sesDeliveries(body: unknown, options: DeliveryOptions): DeliveryReport {
  const envelope = z
    .object({ Type: z.literal('Notification'), MessageId: z.string(), Message: z.string() })
    .safeParse(body)
  const [given, eventId] = envelope.success
    ? [parseJson(envelope.data.Message), envelope.data.MessageId]
    : [body, options.eventId]
  return reportOf([eventOf(given, eventId)], options)
}

function eventOf(given: unknown, eventId: string | undefined): VendorEvent | undefined {
  const read = Event.safeParse(given)
  if (!read.success) return undefined
  const { mail, bounce, complaint, delivery, deliveryDelay, open, click, reject, failure, ...types } = read.data
  const type = types.eventType ?? types.notificationType ?? ''
  const kind = type === 'Bounce' && bounce?.bounceType === 'Transient' ? 'deferred' : KIND[type]
  if (kind === undefined) return undefined
  const recipients = bounce?.bouncedRecipients ?? complaint?.complainedRecipients ?? []
  const reason: SuppressionReason | undefined =
    bounce?.bounceType === 'Permanent' ? 'bounce' : complaint ? 'complaint' : undefined
  const at = [bounce, complaint, delivery, deliveryDelay, open, click].find(detail => detail?.timestamp)?.timestamp
  return {
    kind,
    messageId: mail.tags?.messageId?.[0],
    providerMessageId: mail.messageId,
    eventId,
    at: Date.parse(at ?? mail.timestamp),
    detail: { event: type, ...(bounce ? { bounce: bounce.bounceType } : {}) },
    error: recipients[0]?.diagnosticCode ?? reject?.reason ?? failure?.errorMessage,
    ...(reason ? { suppress: { reason, addresses: recipients.map(({ emailAddress }) => emailAddress) } } : {}),
  }
}
