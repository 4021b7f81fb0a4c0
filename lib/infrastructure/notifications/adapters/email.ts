import { EmailError, type EmailErrorCode, type Emails, type SentEmail } from '../../email/index.ts'
import type { Channel } from '../channel.ts'
import { NotificationError, type NotificationErrorCode } from '../errors.ts'
import { callFailure, refusedHere } from '../vendor-failure.ts'

const VENDOR = 'Email'

export interface EmailChannelOptions {
  via: 'email'
  /** With a log of messages, so that a repetition is not sent again. */
  emails: Emails
  /** Webhooks of its providers are noted in the log: only then is it known what was delivered. */
  confirmsDelivery?: boolean
}

const CODES: Readonly<Record<EmailErrorCode, NotificationErrorCode>> = {
  EMAIL_INVALID: 'NOTIFICATION_REFUSED',
  EMAIL_REFUSED: 'NOTIFICATION_REFUSED',
  EMAIL_AUTHENTICATION: 'NOTIFICATION_UNAUTHORIZED',
  EMAIL_RATE_LIMITED: 'NOTIFICATION_RATE_LIMITED',
  EMAIL_UNAVAILABLE: 'NOTIFICATION_UNAVAILABLE',
  EMAIL_UNREACHABLE: 'NOTIFICATION_UNREACHABLE',
  EMAIL_OUTCOME_UNKNOWN: 'NOTIFICATION_UNAVAILABLE',
  EMAIL_ANSWER: 'NOTIFICATION_UNREADABLE',
}

/** Through the capability `email`, which has providers, a log and a suppression list of its own. */
export function emailChannel({ emails, confirmsDelivery = false }: EmailChannelOptions): Channel {
  return {
    kind: 'email',
    provider: 'email',
    takesIdempotencyKeys: true,
    confirmsDelivery,
    keepsLog: true,
    async send({ title, text, html, url }, target, { idempotencyKey, signal, notification }) {
      try {
        const sent = await emails.send(
          {
            to: String(target),
            subject: title ?? text.split('\n', 1).join().slice(0, 100),
            text: url === undefined ? text : `${text}\n\n${url}`,
            ...(html === undefined ? {} : { html }),
          },
          {
            idempotencyKey,
            signal,
            ...(notification ? { notificationId: notification.id, lookup: [notification.recipient] } : {}),
            ...(notification?.batch === undefined ? {} : { batchId: notification.batch }),
          },
        )
        return answerOf(sent)
      } catch (error) {
        throw failureOf(error, signal)
      }
    },
  }
}

function answerOf({ id, status, providerMessageId }: SentEmail): { id: string; messageId: string } {
  if (status === 'suppressed')
    throw refusedHere('REFUSED', VENDOR, 'does not send to an address on the suppression list')
  if (status === 'cancelled' || status === 'failed') throw refusedHere('REFUSED', VENDOR, `has this email as ${status}`)
  return { id: providerMessageId ?? id, messageId: id }
}

function failureOf(error: unknown, signal: AbortSignal): NotificationError {
  if (!(error instanceof EmailError)) return callFailure(VENDOR, error, signal)
  const { code, message, retryable, notDone, retryAfterMs, nextStep } = error
  return new NotificationError(message, { code: CODES[code], retryable, notDone, retryAfterMs, nextStep, cause: error })
}
