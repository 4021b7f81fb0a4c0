import type { MessageEventKind, MessageNote, NewSuppression, SuppressionReason } from '../../messages/index.ts'

/** What a vendor's webhook says, for the log of messages. */
export interface DeliveryReport {
  notes: MessageNote[]
  /** Addresses that get nothing more. */
  suppressions: NewSuppression[]
  /** Events that say nothing of a message, or have a shape that is not known. */
  ignored: number
}

export interface DeliveryOptions {
  /** The name that the provider has in `createEmail`; the vendor's when absent. */
  provider: string
  /** The id of the webhook, where the vendor has it in a header (Resend's `svix-id`). */
  eventId?: string | undefined
}

/** One event of a vendor in our words. */
export interface VendorEvent {
  kind: MessageEventKind
  /** Ours, where the vendor returns it. */
  messageId?: string | undefined
  providerMessageId: string
  eventId: string | undefined
  /** ms since the epoch. */
  at: number | undefined
  detail?: Record<string, unknown>
  error?: string | undefined
  suppress?: { reason: SuppressionReason; addresses: readonly string[] } | undefined
}

const LONGEST = 300

export function reportOf(events: readonly (VendorEvent | undefined)[], { provider }: DeliveryOptions): DeliveryReport {
  const known = events.filter(event => event !== undefined)
  return {
    notes: known.map(({ kind, messageId, providerMessageId, eventId, at, detail = {}, error }) => ({
      message: messageId === undefined ? { provider, providerMessageId } : { id: messageId },
      kind,
      provider,
      detail,
      ...(kind === 'accepted' ? { providerMessageId } : {}),
      at: Number.isNaN(at) ? undefined : at,
      vendorEventId: eventId,
      error: error?.slice(0, LONGEST),
    })),
    suppressions: known.flatMap(({ suppress, error }) =>
      (suppress?.addresses ?? []).map(address => ({
        channel: 'email' as const,
        address,
        reason: suppress?.reason as SuppressionReason,
        by: provider,
        note: error?.slice(0, LONGEST),
      })),
    ),
    ignored: events.length - known.length,
  }
}
