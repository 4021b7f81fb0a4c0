import twilio from 'twilio'
import type { RequestOptions } from 'twilio/lib/base/RequestClient.js'
import type { Channel } from '../channel.ts'
import { plainText } from '../plain-text.ts'
import { answerFailure, callFailure, unreadableAnswer } from '../vendor-failure.ts'
import { waited } from '../waited.ts'

const VENDOR = 'Twilio'

export interface TwilioOptions {
  via: 'twilio'
  accountSid: string
  authToken: string
  /** A number of the account, or a messaging service. */
  from: { number: string } | { messagingServiceSid: string }
  /** Where Twilio reports what became of each message. Without it, a message counts as delivered once it is accepted. */
  statusCallback?: string
  /** In place of Twilio's own servers. */
  baseUrl?: string
}

/** Codes of Twilio for numbers that will not work, or whose owner has replied STOP. https://www.twilio.com/docs/api/errors */
const GONE = new Set([21211, 21610, 21614, 21217])

type Answer = Awaited<ReturnType<InstanceType<typeof twilio.RequestClient>['request']>>

/** Sees the whole answer, of which the SDK's error keeps neither headers nor a body that is no JSON. */
class TwilioRequests extends twilio.RequestClient {
  readonly #baseUrl: string | undefined

  constructor(baseUrl: string | undefined) {
    super({ autoRetry: false })
    this.#baseUrl = baseUrl
  }

  override async request<Data>(request: RequestOptions<Data>) {
    const uri = this.#baseUrl ? request.uri.replace(/^https:\/\/[^/]+/, this.#baseUrl) : request.uri
    const answer = await super.request<Data>({ ...request, uri })
    if (answer.statusCode < 200 || answer.statusCode > 299) throw failureOf(answer)
    return answer
  }
}

function failureOf({ statusCode: status, body, headers }: Answer) {
  const { code, message } = (typeof body === 'object' && body !== null ? body : {}) as {
    code?: number
    message?: string
  }
  return answerFailure({
    vendor: VENDOR,
    status,
    words: code === undefined ? message : `${message} (${code})`,
    retryAfter: headers?.['retry-after'],
    // 404 is an address of the API, not a number.
    kind: GONE.has(Number(code)) ? 'GONE' : status === 404 ? 'REFUSED' : undefined,
  })
}

export function twilioChannel({ accountSid, authToken, from, statusCallback, baseUrl }: TwilioOptions): Channel {
  const client = twilio(accountSid, authToken, { httpClient: new TwilioRequests(baseUrl), autoRetry: false })
  const sender = 'number' in from ? { from: from.number } : { messagingServiceSid: from.messagingServiceSid }
  return {
    kind: 'sms',
    provider: 'twilio',
    takesIdempotencyKeys: false,
    confirmsDelivery: statusCallback !== undefined,
    async send(content, target, { signal }) {
      try {
        signal.throwIfAborted()
        const message = client.messages.create({
          to: String(target),
          body: plainText(content),
          ...sender,
          ...(statusCallback === undefined ? {} : { statusCallback }),
        })
        const { sid } = await waited(message, signal)
        if (typeof sid !== 'string') throw unreadableAnswer(VENDOR)
        return { id: sid }
      } catch (error) {
        throw callFailure(VENDOR, error, signal)
      }
    },
  }
}
