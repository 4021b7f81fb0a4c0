export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]
/** What a logger writes: its level and above, or nothing. */
export type LogThreshold = LogLevel | 'silent'

/** Facts beside the message. It may contain anything: errors, circular objects, BigInt, secrets (they are hidden). */
export type LogContext = Readonly<Record<string, unknown>>

/**
 * A logger. A call never throws, whatever its arguments. Secrets, values under keys that name one (`password`,
 * `token`, `authorization`, …) and passwords inside URLs are written as `[secret]` or `***`.
 */
export interface Logger {
  /** The level of this logger and its whole family. */
  readonly level: LogThreshold
  /** Changes the level of the whole family at run time: the root and every child, made before or after. */
  setLevel(level: LogThreshold): void
  /** Whether a message of this level would be written; check it before computing an expensive context. */
  isEnabled(level: LogLevel): boolean
  trace: LogMethod
  debug: LogMethod
  info: LogMethod
  warn: LogMethod
  error: LogMethod
  fatal: LogMethod
  /** A logger that adds `context` to each of its lines; it is read now, later changes to the object have no effect. */
  child(context: LogContext): Logger
}

/** `context` may be the error itself; it is then written under `error`, with its causes. */
export type LogMethod = (message: string, context?: LogContext | Error) => void

/** One line, ready to be written: plain data, redacted. */
export interface LogLine {
  level: LogLevel
  /** Wall clock in ms since the epoch. */
  at: number
  message: string
  context: Record<string, unknown>
}
