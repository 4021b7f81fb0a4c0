import { InfrastructureError } from '../../core/errors.ts'

/**
 * `STATUS` the service answered with an error; `UNREACHABLE` there was no answer, or it broke off; `TIMEOUT`; `ADDRESS` a private address; `BODY` an
 * answer that is too large or not what was expected; `REDIRECT` to where it is not followed; `AUTH` there was no access token; `OPTIONS` what was asked
 * is not valid; `CLOSED` the client is.
 */
export type HttpErrorCode =
  `HTTP_${'STATUS' | 'UNREACHABLE' | 'TIMEOUT' | 'ADDRESS' | 'BODY' | 'REDIRECT' | 'AUTH' | 'OPTIONS' | 'CLOSED'}`

interface HttpErrorOptions {
  code: HttpErrorCode
  status?: number | undefined
  serviceCode?: string | undefined
  requestId?: string | undefined
  retryAfterMs?: number | undefined
  notDone?: boolean
  retryable?: boolean
  nextStep?: string
  cause?: unknown
}

/** `retryable` only where the same request may be made again without a second effect. Its message has no query, header or body. */
export class HttpError extends InfrastructureError {
  override readonly code: HttpErrorCode
  readonly status: number | undefined
  /** The error's code as the service names it. */
  readonly serviceCode: string | undefined
  /** Of the service, for its support. */
  readonly requestId: string | undefined
  /** For how long the service asks to wait (ms). Retries of `substation/resilience` heed it. */
  readonly retryAfterMs: number | undefined
  /** The request is known not to have been carried out, so another provider may be asked. */
  readonly notDone: boolean

  constructor(message: string, options: HttpErrorOptions) {
    super(message, options)
    this.code = options.code
    this.status = options.status
    this.serviceCode = options.serviceCode
    this.requestId = options.requestId
    this.retryAfterMs = options.retryAfterMs
    this.notDone = options.notDone ?? false
  }
}

/**
 * Whether an error is about the request and says nothing about the service's health: a 404, a declined card. For `isExpected` of a breaker. A 401 is not
 * one of them: with wrong credentials no call succeeds.
 */
export function isAboutTheRequest(error: unknown): boolean {
  if (!(error instanceof HttpError)) return false
  if (error.code === 'HTTP_OPTIONS' || error.code === 'HTTP_ADDRESS') return true
  const { status = 0 } = error
  return error.code === 'HTTP_STATUS' && status < 500 && ![401, 408, 425, 429].includes(status)
}
