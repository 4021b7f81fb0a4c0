import { connectionCauseOf } from '../../../core/connection-cause.ts'
import { messageOf } from '../../../core/errors.ts'
import type { Logger } from '../../../infrastructure/logging/index.ts'

/**
 * Writes to the log why a source fails, in the driver's own words. Not the error itself: one of ioredis carries the command that
 * failed with its arguments, and the arguments of AUTH are a password.
 */
export function outageLogger(logger: Logger, environment?: string): (source: string, error: unknown) => void {
  return (source, error) =>
    logger.warn(`${source} cannot be used`, {
      environment,
      cause: connectionCauseOf(error)?.kind ?? 'unknown',
      said: deepestMessage(error).slice(0, 300),
    })
}

function deepestMessage(error: unknown): string {
  let at = error
  while (at instanceof Error && at.cause instanceof Error) at = at.cause
  return messageOf(at)
}
