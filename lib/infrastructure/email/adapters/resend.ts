import { type CreateEmailOptions, Resend } from 'resend'
import type { ProviderQuota } from '../../resilience/index.ts'
import { formatAddress } from '../address.ts'
import { failuresOf } from '../failure.ts'
import type { Email, EmailProvider } from '../port.ts'
import { allAddresses } from './all-addresses.ts'

export interface ResendOptions {
  /** `resend` when absent. */
  name?: string
  apiKey: string
  /** Where its API is, when it is not Resend's own. */
  baseUrl?: string
}

/** The same key may be used again while the first call is under way; with another email it may not. */
const UNDER_WAY = 'concurrent_idempotent_requests'

export function resendEmail({ name = 'resend', apiKey, baseUrl }: ResendOptions): EmailProvider {
  const failures = failuresOf(name, [apiKey])
  const resend = new Resend(apiKey, { baseUrl })
  let quota: ProviderQuota | undefined
  return {
    name,
    takesIdempotencyKeys: true,
    quota: () => quota,
    async send(email, { signal, idempotencyKey, messageId } = {}) {
      // It never rejects: what failed is in `error`.
      const { data, error, headers } = await resend.emails.send(optionsOf(email, messageId), { signal, idempotencyKey })
      quota = quotaOf(headers ?? {}) ?? quota
      if (error !== null) {
        signal?.throwIfAborted()
        const { statusCode, message, name: code } = error as { statusCode?: unknown; message?: unknown; name?: unknown }
        const words = String(message)
        if (headers === null) throw failures.ofConnection(new Error(words))
        if (typeof statusCode !== 'number') throw failures.ofAnswer(error)
        throw failures.ofStatus({
          status: code === UNDER_WAY ? 500 : statusCode,
          code: String(code),
          words,
          headers,
        })
      }
      if (typeof data?.id !== 'string') throw failures.ofAnswer(data)
      return { id: data.id, accepted: allAddresses(email), rejected: [] }
    },
    close: async () => undefined,
  }
}

/** Of the second that its limit holds for. */
function quotaOf(headers: Record<string, string>): ProviderQuota | undefined {
  const [limit, remaining, resetsInS] = ['limit', 'remaining', 'reset'].map(name =>
    Number(headers[`ratelimit-${name}`]),
  )
  if (!Number.isFinite(remaining)) return undefined
  return {
    remaining: remaining as number,
    ...(Number.isFinite(limit) ? { limit: limit as number } : {}),
    ...(Number.isFinite(resetsInS) ? { resetsAt: Date.now() + (resetsInS as number) * 1_000 } : {}),
  }
}

function optionsOf(
  { from, to, cc, bcc, replyTo, subject, text, html, attachments, headers }: Email,
  messageId?: string,
): CreateEmailOptions {
  return {
    from: formatAddress(from),
    // It needs a `to`: where all are hidden, the sender stands there.
    to: (to.length > 0 ? to : [from]).map(formatAddress),
    ...(cc.length > 0 ? { cc: cc.map(formatAddress) } : {}),
    ...(bcc.length > 0 ? { bcc: bcc.map(formatAddress) } : {}),
    ...(replyTo.length > 0 ? { replyTo: replyTo.map(formatAddress) } : {}),
    subject,
    text,
    html,
    headers,
    attachments: attachments.map(({ filename, content, contentType, contentId }) => ({
      filename,
      content,
      contentType,
      contentId,
    })),
    ...(messageId === undefined ? {} : { tags: [{ name: 'messageId', value: messageId }] }),
  } as CreateEmailOptions
}
