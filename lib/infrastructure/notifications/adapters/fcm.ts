import type { Agent } from 'node:https'
import { type Credential, cert, deleteApp, initializeApp, type ServiceAccount } from 'firebase-admin/app'
import { getMessaging, type Messaging } from 'firebase-admin/messaging'
import { newId } from '../../../core/ids.ts'
import type { Channel } from '../channel.ts'
import { answerFailure, callFailure, unreadableAnswer } from '../vendor-failure.ts'
import { waited } from '../waited.ts'

const VENDOR = 'FCM'

export interface FcmOptions {
  via: 'fcm'
  projectId: string
  /** A service account, or whatever else gives access tokens. */
  credential: ServiceAccount | Credential
  agent?: Agent
}

/** What the SDK throws. https://firebase.google.com/docs/reference/fcm/rest/v1/ErrorCode */
interface Refused extends Error {
  code: string
  httpResponse?: { status: number; headers?: Record<string, string> }
}

const GONE = new Set([
  'messaging/registration-token-not-registered',
  'messaging/installation-id-not-registered',
  'messaging/invalid-registration-token',
])

/** Retries of the SDK, up to four, are off. It has no option for that. */
function withoutRetries(messaging: Messaging): Messaging {
  const { httpClient } = Reflect.get(messaging, 'messagingRequestHandler') as { httpClient: { retry: null | object } }
  httpClient.retry = null
  return messaging
}

export function fcmChannel({ projectId, credential, agent }: FcmOptions): Channel {
  const app = initializeApp(
    {
      projectId,
      credential: 'getAccessToken' in credential ? credential : cert(credential),
      ...(agent ? { httpAgent: agent } : {}),
    },
    newId(),
  )
  const messaging = withoutRetries(getMessaging(app))
  return {
    kind: 'fcm',
    provider: 'fcm',
    takesIdempotencyKeys: false,
    confirmsDelivery: false,
    async send({ title, text, url, data }, target, { signal }) {
      try {
        signal.throwIfAborted()
        const sent = messaging.send({
          token: String(target),
          notification: { body: text, ...(title === undefined ? {} : { title }) },
          data: { ...data, ...(url === undefined ? {} : { url }) },
        })
        const id = await waited(sent, signal)
        if (typeof id !== 'string') throw unreadableAnswer(VENDOR)
        return { id }
      } catch (error) {
        const { code, httpResponse, message } = error as Refused
        if (!httpResponse) throw callFailure(VENDOR, error, signal)
        if (httpResponse.status === 200) throw unreadableAnswer(VENDOR, error)
        throw answerFailure({
          vendor: VENDOR,
          status: httpResponse.status,
          words: `${message} (${code})`,
          retryAfter: httpResponse.headers?.['retry-after'],
          kind: GONE.has(code) ? 'GONE' : httpResponse.status === 404 ? 'REFUSED' : undefined,
          cause: error,
        })
      }
    },
    close: () => deleteApp(app),
  }
}
