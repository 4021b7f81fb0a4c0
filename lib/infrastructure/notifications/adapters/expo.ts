import { Expo, type ExpoPushErrorReceipt } from 'expo-server-sdk'
import type { Channel, Receipt } from '../channel.ts'
import { answerFailure, callFailure, refusedHere, unreadableAnswer } from '../vendor-failure.ts'
import { waited } from '../waited.ts'

const VENDOR = 'Expo'

export interface ExpoOptions {
  via: 'expo'
  /** Only with enhanced security for push notifications. */
  accessToken?: string
}

/** What the SDK throws for an answer that is no success. */
interface Refused extends Error {
  statusCode: number
}

/** https://docs.expo.dev/push-notifications/sending-notifications/#individual-errors */
const KINDS = {
  DeviceNotRegistered: 'GONE',
  MessageTooBig: 'REFUSED',
  DeveloperError: 'REFUSED',
  MessageRateExceeded: 'RATE_LIMITED',
  InvalidCredentials: 'UNAUTHORIZED',
  ExpoError: 'UNAVAILABLE',
  ProviderError: 'UNAVAILABLE',
} as const

const kindOf = ({ details }: ExpoPushErrorReceipt) => KINDS[details?.error ?? 'ExpoError'] ?? 'UNAVAILABLE'

/** The SDK repeats what was answered with 429, and looks at this property to know: an error without it passes at once. */
function withoutRetries(expo: Expo): Expo {
  const request = Reflect.get(expo, 'requestAsync') as (...input: unknown[]) => Promise<unknown>
  Reflect.set(expo, 'requestAsync', (...input: unknown[]) =>
    request.apply(expo, input).catch((error: Refused) => {
      if (error.statusCode === undefined) throw error
      throw answerFailure({
        vendor: VENDOR,
        status: error.statusCode,
        words: error.message,
        // 404 is an address of the API, not a device. An error of all messages together may come with 200.
        kind: error.statusCode === 404 || error.statusCode === 200 ? 'REFUSED' : undefined,
        cause: error,
      })
    }),
  )
  return expo
}

export function expoChannel({ accessToken }: ExpoOptions): Channel {
  const expo = withoutRetries(new Expo(accessToken === undefined ? {} : { accessToken }))
  return {
    kind: 'expo',
    provider: 'expo',
    takesIdempotencyKeys: false,
    confirmsDelivery: true,
    async send({ title, text, url, data }, target, { signal }) {
      if (!Expo.isExpoPushToken(target)) throw refusedHere('GONE', VENDOR, 'does not know this form of token')
      try {
        signal.throwIfAborted()
        const tickets = expo.sendPushNotificationsAsync([
          {
            to: target,
            body: text,
            ...(title === undefined ? {} : { title }),
            data: { ...data, ...(url === undefined ? {} : { url }) },
          },
        ])
        const [ticket] = await waited(tickets, signal)
        if (ticket?.status === 'error') throw refusedHere(kindOf(ticket), VENDOR, ticket.message)
        if (typeof ticket?.id !== 'string') throw unreadableAnswer(VENDOR)
        return { id: ticket.id }
      } catch (error) {
        // The SDK's words for an answer of another form.
        if (error instanceof Error && ('data' in error || error instanceof TypeError))
          throw error.cause ? callFailure(VENDOR, error, signal) : unreadableAnswer(VENDOR, error)
        throw callFailure(VENDOR, error, signal)
      }
    },
    async receipts(ids, signal) {
      try {
        const found = await waited(expo.getPushNotificationReceiptsAsync([...ids]), signal)
        return new Map(Object.entries(found).map(([id, receipt]) => [id, receiptOf(receipt)]))
      } catch (error) {
        throw callFailure(VENDOR, error, signal)
      }
    },
  }
}

function receiptOf(receipt: { status: 'ok' } | ExpoPushErrorReceipt): Receipt {
  if (receipt.status === 'ok') return { state: 'delivered' }
  return { state: 'failed', error: receipt.message, ...(kindOf(receipt) === 'GONE' ? { gone: true } : {}) }
}
