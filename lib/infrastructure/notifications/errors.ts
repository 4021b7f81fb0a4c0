import { InfrastructureError } from '../../core/errors.ts'

/**
 * Of a channel: `UNAUTHORIZED` the credentials, `RATE_LIMITED`, `REFUSED` this content or target, `GONE` the address is dead, `UNAVAILABLE` the
 * provider failed, `UNREACHABLE` no connection, `ABORTED` the signal, `UNREADABLE` an answer that is not understood. Of notifications: `OPTIONS`,
 * `UNKNOWN` id, `LOST` to another process, `STORE_UNREACHABLE`, `STORE_REFUSED`, `CLOSED`.
 */
export type NotificationErrorCode = `NOTIFICATION_${
  | 'UNAUTHORIZED'
  | 'RATE_LIMITED'
  | 'REFUSED'
  | 'GONE'
  | 'UNAVAILABLE'
  | 'UNREACHABLE'
  | 'ABORTED'
  | 'UNREADABLE'
  | 'OPTIONS'
  | 'UNKNOWN'
  | 'LOST'
  | 'STORE_UNREACHABLE'
  | 'STORE_REFUSED'
  | 'CLOSED'}`

export interface NotificationErrorOptions {
  code: NotificationErrorCode
  retryable?: boolean
  nextStep?: string | undefined
  cause?: unknown
  notDone?: boolean
  retryAfterMs?: number | undefined
}

export class NotificationError extends InfrastructureError {
  override readonly code: NotificationErrorCode
  /** The send has certainly not happened. Else it may have. */
  readonly notDone: boolean
  /** The address is dead: nothing should be sent there again. */
  readonly gone: boolean
  /** As the provider asks for (ms). */
  readonly retryAfterMs: number | undefined

  constructor(
    message: string,
    { code, notDone = false, retryAfterMs, nextStep, ...options }: NotificationErrorOptions,
  ) {
    super(message, { ...options, ...(nextStep === undefined ? {} : { nextStep }) })
    this.code = code
    this.notDone = notDone
    this.gone = code === 'NOTIFICATION_GONE'
    this.retryAfterMs = retryAfterMs
  }
}
