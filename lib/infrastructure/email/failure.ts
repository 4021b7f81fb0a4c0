import { type ConnectionCauseKind, connectionCauseOf } from '../../core/connection-cause.ts'
import { messageOf } from '../../core/errors.ts'
import { retryAfterOf } from '../../core/retry-after.ts'
import { maskText } from '../logging/index.ts'
import { EmailError, type EmailErrorCode } from './port.ts'

const LONGEST_WORDS = 300

/** Causes that end a connection before anything is sent over it. */
const NEVER_CONNECTED: ReadonlySet<ConnectionCauseKind> = new Set([
  'name',
  'refused',
  'unreachable',
  'certificate',
  'no-tls',
])

/** What an HTTP API answered instead of accepting an email. */
export interface HttpFailure {
  status: number
  code?: string | undefined
  words?: string | undefined
  headers?: Readonly<Record<string, unknown>> | undefined
  cause?: unknown
}

/** Without the provider's own secrets, which some vendors repeat. */
function cleanWords(words: string, secrets: readonly string[]): string {
  const without = secrets.filter(Boolean).reduce((text, secret) => text.replaceAll(secret, '•••'), words)
  return maskText(without).replace(/\s+/g, ' ').trim().slice(0, LONGEST_WORDS)
}

/** How the providers of one account fail. */
export function failuresOf(provider: string, secrets: readonly string[]) {
  function failure(
    code: EmailErrorCode,
    said: string,
    rest: Pick<EmailError, 'notDone' | 'retryable'> & Partial<Pick<EmailError, 'retryAfterMs' | 'vendor' | 'cause'>>,
  ): EmailError {
    return new EmailError(`${provider} ${said}`, { ...rest, code, provider })
  }

  return {
    /** A 429, a 503 and what a client did wrong were refused before anything was sent; any other 5xx may come after it. */
    ofStatus({ status, code, words = '', headers = {}, cause }: HttpFailure): EmailError {
      const clean = cleanWords(words, secrets)
      const vendor = { status, code, words: clean }
      const end = `(${status}${clean ? `: ${clean}` : ''})`
      const rest = { vendor, cause, retryAfterMs: retryAfterOf(headers) }
      if (status === 401 || status === 403)
        return failure('EMAIL_AUTHENTICATION', `refuses the credentials or the sender ${end}`, {
          ...rest,
          notDone: true,
          retryable: false,
        })
      if (status === 429)
        return failure('EMAIL_RATE_LIMITED', `takes no more for now ${end}`, {
          ...rest,
          notDone: true,
          retryable: true,
        })
      if (status >= 500 || status === 408)
        return failure('EMAIL_UNAVAILABLE', `is in trouble ${end}`, {
          ...rest,
          notDone: status === 503,
          retryable: true,
        })
      return failure('EMAIL_REFUSED', `refuses this email ${end}`, { ...rest, notDone: true, retryable: false })
    },
    /** There was no answer: only a connection that was never made has certainly sent nothing. */
    ofConnection(error: unknown, { neverConnected = false } = {}): EmailError {
      const why = connectionCauseOf(error)
      const said = why?.words ?? `did not answer (${cleanWords(messageOf(error), secrets)})`
      return neverConnected || (why && NEVER_CONNECTED.has(why.kind))
        ? failure('EMAIL_UNREACHABLE', said, { notDone: true, retryable: true, cause: error })
        : failure('EMAIL_OUTCOME_UNKNOWN', `${said}: it may have been sent`, {
            notDone: false,
            retryable: true,
            cause: error,
          })
    },
    /** It reported success in an unknown format. */
    ofAnswer(answer: unknown): EmailError {
      const words = cleanWords(typeof answer === 'string' ? answer : String(JSON.stringify(answer)), secrets)
      return failure('EMAIL_ANSWER', `gave an answer without an id: it may have been sent`, {
        notDone: false,
        retryable: false,
        vendor: { words },
      })
    },
    of: failure,
    clean: (words: string) => cleanWords(words, secrets),
  }
}
