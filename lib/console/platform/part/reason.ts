import { type ConnectionCause, connectionCauseOf } from '../../../core/connection-cause.ts'
import { InfrastructureError, messageOf } from '../../../core/errors.ts'

/** What a person can read of a failure. Drivers put addresses and statements into their messages; those stay in the log. */
export function reasonOf(source: string, error: unknown): string {
  const cause = causeOf(error)
  if (cause) return `${source} ${cause.words}`
  if (error instanceof InfrastructureError) return error.message
  return `${source} failed: ${messageOf(error).split('\n')[0]?.slice(0, 160)}`
}

/** What to try: by what kept the server from being used, or as the error itself knows it. */
export function nextStepOf(source: string, error: unknown): string {
  return (
    causeOf(error)?.nextStep ??
    (error instanceof InfrastructureError ? error.nextStep : undefined) ??
    `Check that ${source} is running and reachable from the console. It is asked again.`
  )
}

/** Which right is missing, and for what, a capability of ours says better than the server does. */
function causeOf(error: unknown): ConnectionCause | undefined {
  const cause = connectionCauseOf(error)
  return cause?.kind === 'rights' && error instanceof InfrastructureError ? undefined : cause
}
