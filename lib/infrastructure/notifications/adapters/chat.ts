import { parseJson } from '../../../core/json.ts'
import type { Channel, Content } from '../channel.ts'
import { plainText } from '../plain-text.ts'
import { answerFailure, callFailure, refusedHere, unreadableAnswer } from '../vendor-failure.ts'

export type ChatFormat = 'slack' | 'discord' | 'teams' | 'json'

export interface ChatOptions {
  via: ChatFormat
  /** Hosts that are sent to, such as `hooks.slack.com`: others are refused. Any when absent: then only operators may set the addresses. */
  hosts?: readonly string[]
  /** Only of `json`: the receiver honours the header Idempotency-Key. */
  takesIdempotencyKeys?: boolean
}

interface Dialect {
  body(content: Content): unknown
  /** The id of what was accepted; undefined where the answer is not one that this service gives. */
  idOf(answer: string, key: string): string | undefined
}

const withLink = ({ text, url }: Content) => (url === undefined ? text : `${text}\n${url}`)

const DIALECTS: Record<ChatFormat, Dialect> = {
  // https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
  slack: {
    body: content => ({ text: plainText(content) }),
    idOf: (answer, key) => (answer === 'ok' ? key : undefined),
  },
  // https://discord.com/developers/docs/resources/webhook#execute-webhook
  discord: { body: content => ({ content: plainText(content) }), idOf: idIn },
  // https://learn.microsoft.com/power-automate/teams/send-a-message-in-teams
  teams: {
    body: ({ title, ...content }) => ({
      type: 'message',
      attachments: [
        {
          contentType: 'application/vnd.microsoft.card.adaptive',
          content: {
            type: 'AdaptiveCard',
            version: '1.4',
            body: [
              ...(title === undefined ? [] : [{ type: 'TextBlock', text: title, weight: 'bolder', wrap: true }]),
              { type: 'TextBlock', text: withLink(content), wrap: true },
            ],
          },
        },
      ],
    }),
    // A workflow answers 202 without a body, a connector `1`.
    idOf: (answer, key) => (answer === '' || answer === '1' ? key : undefined),
  },
  json: { body: content => content, idOf: (answer, key) => idIn(answer) ?? (answer === '' ? key : undefined) },
}

function idIn(answer: string): string | undefined {
  const { id } = (parseJson(answer) ?? {}) as { id?: unknown }
  return typeof id === 'string' && id !== '' ? id : undefined
}

/** Posts to a URL that a chat, or a service of one's own, gives out. The URL is a secret: errors do not have it. */
export function chatChannel({ via, hosts, takesIdempotencyKeys = false }: ChatOptions): Channel {
  const { body, idOf } = DIALECTS[via]
  return {
    kind: 'chat',
    provider: via,
    takesIdempotencyKeys: via === 'json' && takesIdempotencyKeys,
    confirmsDelivery: false,
    async send(content, target, { idempotencyKey, signal }) {
      const url = typeof target === 'string' && URL.canParse(target) ? new URL(target) : undefined
      if (!url || !/^https?:$/.test(url.protocol) || (hosts && !hosts.includes(url.hostname)))
        throw refusedHere('REFUSED', 'Chat', `does not post to ${url?.host ?? 'an address that is no URL'}`)
      // Without it Discord answers nothing.
      if (via === 'discord') url.searchParams.set('wait', 'true')
      try {
        const response = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'idempotency-key': idempotencyKey },
          body: JSON.stringify(body(content)),
          redirect: 'manual',
          signal,
        })
        const answer = await response.text()
        const { status, headers } = response
        if (!response.ok)
          throw answerFailure({ vendor: url.host, status, words: answer, retryAfter: headers.get('retry-after') })
        const id = idOf(answer, idempotencyKey)
        if (id === undefined) throw unreadableAnswer(url.host)
        return { id }
      } catch (error) {
        throw callFailure(url.host, error, signal)
      }
    },
  }
}
