import { connectionCauseOf } from '../../core/connection-cause.ts'
import { couldNotConnect } from '../../core/could-not-connect.ts'
import { messageOf } from '../../core/errors.ts'
import { maskText } from '../logging/index.ts'
import { NotificationError, type NotificationErrorCode } from './errors.ts'

/** Characters of a provider's words that are kept. */
const WORDS = 300

type Kind = NotificationErrorCode extends `NOTIFICATION_${infer K}` ? K : never

/** Those of which the same call may succeed later. */
const PASSING: ReadonlySet<Kind> = new Set<Kind>(['RATE_LIMITED', 'UNAVAILABLE', 'UNREACHABLE', 'ABORTED'])
/** Those that say that nothing was sent, whatever the status. */
const NOTHING_SENT: ReadonlySet<Kind> = new Set<Kind>(['UNAUTHORIZED', 'RATE_LIMITED', 'REFUSED', 'GONE'])

interface Refusal {
  vendor: string
  /** The provider's words. */
  words?: string | undefined
  cause?: unknown
}

interface Answer extends Refusal {
  status: number
  /** Its value of Retry-After. */
  retryAfter?: string | null | undefined
  /** Where the provider's own code says more than the status. */
  kind?: Kind | undefined
}

/** The error for an answer that is no success. */
export function answerFailure({ vendor, status, words, retryAfter, kind = kindOf(status), cause }: Answer) {
  return failure(kind, {
    vendor,
    words: `answered ${status}${words ? `: ${words}` : ''}`,
    cause,
    // A server that is unavailable has not taken the request; any other failure may have come after that.
    notDone: NOTHING_SENT.has(kind) || status === 503,
    retryAfterMs: retryAfterOf(retryAfter),
  })
}

/** The error for a success whose body is not what this provider answers: it was probably sent, but under no known id. */
export const unreadableAnswer = (vendor: string, cause?: unknown) =>
  failure('UNREADABLE', { vendor, words: 'answered in a form that is not known, so it may have been sent', cause })

/** The error for what was refused before or without a request. */
export const refusedHere = (kind: Kind, vendor: string, words: string, cause?: unknown) =>
  failure(kind, { vendor, words, cause, notDone: true })

/** The error for a call that got no answer. An error that is translated already stays as it is. */
export function callFailure(vendor: string, error: unknown, signal: AbortSignal): NotificationError {
  if (error instanceof NotificationError) return error
  if (signal.aborted)
    return failure('ABORTED', { vendor, words: `was not waited for: ${messageOf(signal.reason)}`, cause: error })
  const cause = connectionCauseOf(error)
  if (!cause) return failure('UNAVAILABLE', { vendor, words: `failed: ${messageOf(error)}`, cause: error })
  return failure('UNREACHABLE', {
    vendor,
    words: cause.words,
    cause: error,
    notDone: couldNotConnect(error),
    nextStep: cause.nextStep,
  })
}

function failure(
  kind: Kind,
  {
    vendor,
    words = '',
    ...options
  }: Refusal & { notDone?: boolean; retryAfterMs?: number | undefined; nextStep?: string | undefined },
): NotificationError {
  return new NotificationError(`${vendor} ${maskText(words).slice(0, WORDS)}`, {
    ...options,
    code: `NOTIFICATION_${kind}`,
    retryable: PASSING.has(kind),
  })
}

function kindOf(status: number): Kind {
  if (status === 401 || status === 403) return 'UNAUTHORIZED'
  if (status === 429) return 'RATE_LIMITED'
  if (status === 404 || status === 410) return 'GONE'
  return status >= 400 && status < 500 ? 'REFUSED' : 'UNAVAILABLE'
}

/** Seconds or a date (RFC 9110, 10.2.3), in ms from now. */
function retryAfterOf(value: string | null | undefined): number | undefined {
  if (!value) return undefined
  const ms = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - Date.now()
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined
}
