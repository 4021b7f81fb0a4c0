import { type ConnectionCause, connectionCauseOf } from '../../../core/connection-cause.ts'
import { InfrastructureError, messageOf } from '../../../core/errors.ts'

/** A failure in words for a page. Drivers put addresses and statements into their messages; those stay in the log. */
export function reasonOf(source: string, error: unknown): string {
  const cause = causeOf(error)
  if (cause) return `${source} ${cause.words}`
  if (error instanceof InfrastructureError) return error.message
  return `${source} failed: ${messageOf(error).split('\n')[0]?.slice(0, 160)}`
}

/** What to try: by the cause of the failed connection, or as the error itself says. */
export function nextStepOf(source: string, error: unknown): string {
  return (
    causeOf(error)?.nextStep ??
    (error instanceof InfrastructureError ? error.nextStep : undefined) ??
    `Check that ${source} is running and reachable from the console. It is retried automatically.`
  )
}

/** Our own capabilities say better than the server which right is missing, and for what. */
function causeOf(error: unknown): ConnectionCause | undefined {
  const cause = connectionCauseOf(error)
  return cause?.kind === 'rights' && error instanceof InfrastructureError ? undefined : cause
}
