import { addressOf, routeOf } from './address.ts'
import type { EncodedBody } from './body.ts'
import type { HttpClientOptions, HttpMethod, HttpRequest } from './port.ts'

const REPEATABLE = new Set<HttpMethod>(['GET', 'HEAD', 'PUT', 'DELETE'])

/** A request of a caller, ready for its attempts. */
export interface PreparedCall {
  client: string
  method: HttpMethod
  url: URL
  readonly route: string
  headers: Record<string, string>
  body: EncodedBody
  as: NonNullable<HttpRequest['as']>
  parse: HttpRequest['parse']
  timeoutMs: number
  /** Whether it may be made again after a failure: it has no second effect, or is known to have had no first one. */
  mayRepeat(notDone: boolean): boolean
}

interface Defaults extends Pick<HttpClientOptions, 'name' | 'timeoutMs' | 'idempotencyHeader' | 'trace'> {
  base: URL
  headers: Record<string, string>
}

export function preparedCall(
  { name, base, headers, timeoutMs = 10_000, idempotencyHeader = 'idempotency-key', trace }: Defaults,
  method: HttpMethod,
  path: string,
  request: HttpRequest,
  body: EncodedBody,
): PreparedCall {
  const { idempotencyKey } = request
  const isRepeatable = REPEATABLE.has(method) || idempotencyKey !== undefined
  return {
    client: name,
    method,
    url: addressOf(base, path, request.query),
    get route() {
      return request.route ?? routeOf(path)
    },
    headers: {
      ...headers,
      ...trace?.(),
      ...(body.contentType ? { 'content-type': body.contentType } : {}),
      ...(idempotencyKey === undefined ? {} : { [idempotencyHeader]: idempotencyKey }),
      ...lowerCase(request.headers),
    },
    body,
    as: request.as ?? 'json',
    parse: request.parse,
    timeoutMs: request.timeoutMs ?? timeoutMs,
    mayRepeat: notDone => !body.once && (isRepeatable || notDone),
  }
}

export function lowerCase(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}
