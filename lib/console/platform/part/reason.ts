import { InfrastructureError, messageOf } from '../../../core/errors.ts'

/** What a person can read of a failure. Drivers put addresses and statements into their messages; those stay in the log. */
export function reasonOf(source: string, error: unknown): string {
  const code = codeOf(error)
  if (code === 'ECONNREFUSED') return `${source} refuses connections`
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `${source} has an address that does not resolve`
  if (code === 'ETIMEDOUT' || code === 'CONNECT_TIMEOUT') return `${source} does not answer`
  const message = messageOf(error)
  if (/timed out|timeout/i.test(message)) return `${source} does not answer`
  const state = /the database system is (shutting down|starting up|in recovery mode)/.exec(message)?.[1]
  if (state !== undefined) return `${source} is ${state}`
  if (/terminating connection/.test(message)) return `${source} ended the connection`
  if (/writeable|closed|ended|ECONNRESET|EPIPE/i.test(`${message} ${code}`)) return `${source} cannot be reached`
  if (error instanceof InfrastructureError) return error.message
  if (/NOAUTH|WRONGPASS|password authentication/i.test(message)) return `${source} refuses our credentials`
  if (/NOPERM|permission denied/i.test(message)) return `${source} does not permit it: ${message.slice(0, 160)}`
  if (/LOADING/.test(message)) return `${source} is loading its data`
  return `${source} failed: ${message.split('\n')[0]?.slice(0, 160)}`
}

/** What to try: as the error itself knows it, or where to look. */
export function nextStepOf(source: string, error: unknown): string {
  if (error instanceof InfrastructureError && error.nextStep) return error.nextStep
  return `Check that ${source} is running and reachable from the console; it is asked again by itself.`
}

function codeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0])
  if (error instanceof Error) {
    // Under a known error of ours lies the one that names the cause.
    const deeper = error.cause ? codeOf(error.cause) : ''
    return deeper || ((error as NodeJS.ErrnoException).code ?? '')
  }
  return ''
}
