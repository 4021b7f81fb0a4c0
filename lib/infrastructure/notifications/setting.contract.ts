import { afterEach, beforeEach } from 'vitest'
import type { Messages } from '../messages/index.ts'
import type { Channel, ChannelKind, Content, Receipt, Target } from './channel.ts'
import { NotificationError } from './errors.ts'
import type { Notifications, NotificationsOptions, Recipient } from './index.ts'

export interface NotificationsUnderTest {
  /** Over the same store as those that were opened before in this test. */
  open(options: NotificationsOptions): Promise<Notifications>
  /** The log that they write to. */
  messages: Messages
  close(): Promise<void>
}

export const POLL = { pollMs: 10 }
export const RETRY = { attempts: 4, initialDelayMs: 1, maxDelayMs: 5 }
export const MESSAGE = { type: 'order.shipped', content: { title: 'Order 7', text: 'on its way' } }

export interface Sent {
  kind: ChannelKind
  provider: string
  target: Target
  content: Content
  key: string
}

interface TestChannelOptions extends Partial<Channel> {
  /** Thrown for the first calls, in order; `after` once it was sent. */
  failures?: (NotificationError | { after: NotificationError })[]
  receipt?: Receipt
}

export const notDone = (code: 'UNAVAILABLE' | 'REFUSED' | 'GONE' = 'UNAVAILABLE') =>
  new NotificationError(`it is ${code}`, {
    code: `NOTIFICATION_${code}`,
    retryable: code === 'UNAVAILABLE',
    notDone: true,
  })
export const unknownOutcome = () =>
  new NotificationError('no answer', { code: 'NOTIFICATION_UNREACHABLE', retryable: true })

/** Notifications with channels that note what they send. */
export interface Setting {
  readonly under: NotificationsUnderTest
  readonly sent: Sent[]
  readonly errors: unknown[]
  /** By id; `ada` is reached by all channels. */
  readonly recipients: Map<string, Recipient>
  readonly gone: string[]
  /** A provider that keeps what it sends in `sent`. */
  channel(kind: ChannelKind, options?: TestChannelOptions): Channel
  open(options: Partial<NotificationsOptions>): Promise<Notifications>
}

/** New for each test. */
export function settingOf(setup: () => Promise<NotificationsUnderTest>): Setting {
  const state = {
    under: undefined as unknown as NotificationsUnderTest,
    sent: [] as Sent[],
    errors: [] as unknown[],
    gone: [] as string[],
    recipients: new Map<string, Recipient>(),
  }
  beforeEach(async () => {
    const addresses = {
      sms: ['+15550001111'],
      email: ['ada@shop.example'],
      expo: ['ExponentPushToken[ada]'],
      chat: ['https://chat.example/ada'],
    }
    Object.assign(state, {
      under: await setup(),
      sent: [],
      errors: [],
      gone: [],
      recipients: new Map([['ada', { addresses }]]),
    })
  })
  afterEach(() => state.under.close())
  return {
    get under() {
      return state.under
    },
    get sent() {
      return state.sent
    },
    get errors() {
      return state.errors
    },
    get gone() {
      return state.gone
    },
    get recipients() {
      return state.recipients
    },
    channel(kind: ChannelKind, { failures = [], receipt, ...options }: TestChannelOptions = {}): Channel {
      const provider = options.provider ?? `${kind} provider`
      const keys = new Set<string>()
      return {
        kind,
        provider,
        takesIdempotencyKeys: false,
        confirmsDelivery: false,
        async send(content, target, { idempotencyKey: key }) {
          const failure = failures.shift()
          if (failure instanceof NotificationError) throw failure
          if (!(options.takesIdempotencyKeys && keys.has(key)))
            state.sent.push({ kind, provider, target, content, key })
          keys.add(key)
          if (failure) throw failure.after
          return { id: `${provider} ${state.sent.length}` }
        },
        ...(receipt ? { receipts: async ids => new Map(ids.map(id => [id, receipt])) } : {}),
        ...options,
      }
    },
    open: (options: Partial<NotificationsOptions>) =>
      state.under.open({
        channels: [],
        recipients: {
          find: async id => state.recipients.get(id),
          gone: async (id, kind, target) => void state.gone.push(`${id} ${kind} ${String(target)}`),
        },
        retry: RETRY,
        onError: error => state.errors.push(error),
        ...options,
      }),
  }
}
