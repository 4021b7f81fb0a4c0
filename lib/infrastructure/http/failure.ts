import { connectionCauseOf } from '../../core/connection-cause.ts'
import { parseJson } from '../../core/json.ts'
import { retryAfterOf } from '../../core/retry-after.ts'
import { maskText } from '../logging/index.ts'
import type { PreparedCall } from './call.ts'
import { HttpError } from './error.ts'
import type { HttpClientOptions, ServiceError } from './port.ts'
import { headersOf, type RawAnswer } from './transport.ts'

/** Of the service's own words in a message. */
const LONGEST_WORDS = 300
/** So much of the body of an error is read (bytes). */
export const ERROR_BYTES = 65_536

/** Worth another try: the service was busy, or in trouble. 501 and 505 stay as they are. */
const isPassing = (status: number) =>
  [408, 425, 429].includes(status) || (status >= 500 && status !== 501 && status !== 505)
/** A refusal comes before anything is done. 408, 409 and 499 may also be answered while the request is being carried out. */
const isRefusal = (status: number) => status >= 400 && status < 500 && ![408, 409, 499].includes(status)

/** What an answer of 400 or more becomes. */
export function answeredError(
  { readError = usualError }: Pick<HttpClientOptions, 'readError'>,
  call: PreparedCall,
  { statusCode: status, headers }: RawAnswer,
  text: string,
): HttpError {
  const body = parseJson(text) ?? text
  const read = readBy(readError, { status, headers: headersOf(headers), body })
  const requestId = read.requestId ?? requestIdOf(headers)
  const notDone = isRefusal(status)
  const said = [read.code && ` (${shown(read.code)})`, read.message && `: ${shown(read.message)}`]
  return new HttpError(`${call.client} answered ${call.method} ${call.route} with ${status}${said.join('')}`, {
    code: 'HTTP_STATUS',
    status,
    serviceCode: read.code,
    requestId,
    retryAfterMs: retryAfterOf(headers),
    notDone,
    retryable: isPassing(status) && call.mayRepeat(notDone),
  })
}

function readBy(read: NonNullable<HttpClientOptions['readError']>, answer: Parameters<typeof read>[0]): ServiceError {
  try {
    return read(answer)
  } catch {
    // The status is what counts: a body in a shape that was not foreseen must not hide it.
    return {}
  }
}

const shown = (words: string) => maskText(words.slice(0, LONGEST_WORDS)).replaceAll(/\s+/g, ' ')

const REQUEST_IDS = ['x-request-id', 'request-id', 'x-amzn-requestid', 'x-ms-request-id', 'x-github-request-id']

function requestIdOf(headers: RawAnswer['headers']): string | undefined {
  const found = REQUEST_IDS.map(name => headers[name]).find(value => typeof value === 'string')
  return typeof found === 'string' ? found.slice(0, 200) : undefined
}

/** `{ error: { code, message } }`, `{ code, message }`, RFC 6749 (`error`, `error_description`) and RFC 9457 (`type`, `title`, `detail`). */
function usualError({ body }: { body: unknown }): ServiceError {
  const outer = fieldsOf(body)
  const inner = fieldsOf(outer.error)
  const code =
    textOf(inner.code) ?? textOf(inner.type) ?? textOf(outer.code) ?? textOf(outer.error) ?? textOf(outer.type)
  const message =
    textOf(inner.message) ??
    textOf(outer.message) ??
    textOf(outer.error_description) ??
    textOf(outer.detail) ??
    textOf(outer.title)
  return { code, message }
}

const fieldsOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
const textOf = (value: unknown) => (typeof value === 'string' || typeof value === 'number' ? String(value) : undefined)

/** Codes of what is thrown before a request was sent. */
const BEFORE = new Set(['UND_ERR_CONNECT_TIMEOUT', 'ENOTFOUND', 'EAI_AGAIN'])
const BEFORE_KINDS = new Set(['certificate', 'no-tls'])
const MISUSED = new Set(['UND_ERR_INVALID_ARG', 'ERR_INVALID_CHAR', 'ERR_INVALID_HTTP_TOKEN'])
const CLOSED = new Set(['UND_ERR_CLOSED', 'UND_ERR_DESTROYED'])

/** What the transport rejected with, before an answer or within it. */
export function brokenError(call: PreparedCall, error: unknown): HttpError {
  if (error instanceof HttpError) return error
  const { code = '', syscall } = rootOf(error)
  const request = `${call.method} ${call.route}`
  if (MISUSED.has(code) || error instanceof TypeError)
    return new HttpError(`${request} of ${call.client} cannot be sent as it is`, {
      code: 'HTTP_OPTIONS',
      notDone: true,
      cause: error,
    })
  if (CLOSED.has(code))
    return new HttpError(`The client of ${call.client} is closed`, { code: 'HTTP_CLOSED', notDone: true, cause: error })
  if (code.startsWith('Z_') || code.startsWith('ERR_BROTLI') || code.startsWith('ERR__ERROR'))
    return new HttpError(`${call.client} answered ${request} with what cannot be decompressed`, {
      code: 'HTTP_BODY',
      cause: error,
    })
  const cause = connectionCauseOf(error)
  const notDone = syscall === 'connect' || BEFORE.has(code) || BEFORE_KINDS.has(cause?.kind ?? '')
  const isLasting = code === 'ENOTFOUND' || BEFORE_KINDS.has(cause?.kind ?? '')
  const words = code === 'UND_ERR_CONNECT_TIMEOUT' ? 'does not accept connections' : cause?.words
  return new HttpError(`${call.client} ${words ?? 'ended the connection'} (${request})`, {
    code: 'HTTP_UNREACHABLE',
    notDone,
    retryable: !isLasting && call.mayRepeat(notDone),
    ...(cause ? { nextStep: cause.nextStep } : {}),
    cause: error,
  })
}

function rootOf(error: unknown): { code?: string; syscall?: string } {
  const inner = error instanceof AggregateError ? error.errors[0] : error
  return inner instanceof Error ? (inner as { code?: string; syscall?: string }) : {}
}
