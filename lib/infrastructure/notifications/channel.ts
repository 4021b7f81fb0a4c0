export const CHANNEL_KINDS = ['in-app', 'web-push', 'expo', 'fcm', 'sms', 'email', 'chat'] as const
export type ChannelKind = (typeof CHANNEL_KINDS)[number]

/** What is said on one channel. Each uses what it has room for: an SMS has the text and the URL. */
export interface Content {
  title?: string
  text: string
  /** Only of an email. */
  html?: string
  /** Where it leads. */
  url?: string
  /** For the app that receives it. */
  data?: Readonly<Record<string, string>>
}

/** A browser's subscription, as `PushSubscription.toJSON()` gives it. */
export interface WebPushSubscription {
  endpoint: string
  keys: { p256dh: string; auth: string }
}

/** Where a channel reaches someone: an address, a number, a token, a URL, a recipient's id (`in-app`), or a subscription (`web-push`). */
export type Target = string | WebPushSubscription

export interface SendCall {
  /** The same for each repetition of one send. */
  idempotencyKey: string
  /** When it aborts, the send rejects at once; whether it happens all the same is not known. */
  signal: AbortSignal
  /** What it belongs to, for a channel with a log of its own. */
  notification?: { id: string; recipient: string; batch?: string }
}

/** What became of a send that a provider had accepted. */
export type Receipt = { state: 'delivered' } | { state: 'failed'; error: string; gone?: true }

/** One provider of one channel. Rejects with NotificationError only. */
export interface Channel {
  readonly kind: ChannelKind
  /** Unique among those of its kind: `twilio`. */
  readonly provider: string
  /** A repetition under the same key is not sent again, but answered like the first. */
  readonly takesIdempotencyKeys: boolean
  /** Whether it is reported later that a send was delivered, by webhooks or receipts. Where it is not, accepted is all that is ever known. */
  readonly confirmsDelivery: boolean
  /** Resolves with the provider's id once it is accepted. */
  send(content: Content, target: Target, call: SendCall): Promise<{ id: string; messageId?: string }>
  /** It records its sends in the log of messages, and honours the suppression list: notifications leave both to it. */
  readonly keepsLog?: boolean
  /** By id; those that are not known yet are absent. */
  receipts?(ids: readonly string[], signal: AbortSignal): Promise<Map<string, Receipt>>
  close?(): Promise<void>
}
