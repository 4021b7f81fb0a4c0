import { createHash } from 'node:crypto'
import type { Agent } from 'node:https'
import webPush from 'web-push'
import type { Channel } from '../channel.ts'
import { answerFailure, callFailure, refusedHere } from '../vendor-failure.ts'
import { waited } from '../waited.ts'

export interface WebPushOptions {
  via: 'web-push'
  /** Keys of the application server (RFC 8292); `subject` is a mailto: or https: address that push services can write to. */
  vapid: { subject: string; publicKey: string; privateKey: string }
  /** How long a push service keeps what it cannot deliver yet (s): a day when absent. */
  ttlSeconds?: number
  /** Hosts of push services, such as `fcm.googleapis.com`: others are refused, since the address comes from the browser. Any when absent. */
  hosts?: readonly string[]
  agent?: Agent
}

/** A push service that has a message with the same topic replaces it (RFC 8030, 5.4): at most 32 characters. */
const topicOf = (key: string) => createHash('sha256').update(key).digest('base64url').slice(0, 32)

export function webPushChannel({ vapid, ttlSeconds = 86_400, hosts, agent }: WebPushOptions): Channel {
  return {
    kind: 'web-push',
    provider: 'web-push',
    // A repetition replaces the first one only while that is not delivered.
    takesIdempotencyKeys: false,
    confirmsDelivery: false,
    async send({ title, text, url, data }, target, { idempotencyKey, signal }) {
      if (typeof target === 'string') throw refusedHere('REFUSED', 'Web push', 'needs a subscription, not a text')
      const service = URL.canParse(target.endpoint) ? new URL(target.endpoint) : undefined
      if (service?.protocol !== 'https:' || (hosts && !hosts.includes(service.hostname)))
        throw refusedHere('REFUSED', 'Web push', `does not send to ${service?.host ?? 'an address that is no URL'}`)
      const vendor = `The push service ${service.host}`
      try {
        signal.throwIfAborted()
        const sent = webPush.sendNotification(target, JSON.stringify({ title, text, url, data }), {
          vapidDetails: vapid,
          TTL: ttlSeconds,
          topic: topicOf(idempotencyKey),
          ...(agent ? { agent } : {}),
        })
        const { headers } = await waited(sent, signal)
        // Where it gives the message no address of its own, the topic names it.
        return { id: headers.location ?? topicOf(idempotencyKey) }
      } catch (error) {
        if (error instanceof webPush.WebPushError)
          throw answerFailure({
            vendor,
            status: error.statusCode,
            words: error.body,
            retryAfter: error.headers['retry-after'],
            cause: error,
          })
        throw callFailure(vendor, error, signal)
      }
    },
  }
}
