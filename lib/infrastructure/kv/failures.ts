import { connectionCauseOf } from '../../core/connection-cause.ts'
import { messageOf } from '../../core/errors.ts'
import { KvError } from './port.ts'

/** Those that waiting does not cure. */
const LASTING = new Set(['name', 'certificate', 'no-tls', 'authentication', 'rights', 'missing', 'protocol', 'cluster'])

/** The port's error for what the server or its client rejected with. */
export function kvErrorOf(server: string, error: unknown): KvError {
  if (error instanceof KvError) return error
  const cause = connectionCauseOf(error)
  if (cause)
    return new KvError(`${server} ${cause.words}`, {
      code: 'KV_UNREACHABLE',
      retryable: !LASTING.has(cause.kind),
      nextStep: cause.nextStep,
      cause: error,
    })
  const message = messageOf(error)
  if (message.includes('WRONGTYPE')) return wrongKind(error)
  return new KvError(`${server} refused it: ${message}`, {
    code: 'KV_REFUSED',
    cause: error,
    ...(/relation "substation_app\./.test(message)
      ? { nextStep: "Run the migrations of libraryMigrations('kv') from substation/migrations on this database." }
      : {}),
  })
}

export function wrongKind(cause?: unknown): KvError {
  return new KvError('This key has a list where a value was meant, or a value where a list was meant', {
    code: 'KV_KIND',
    cause,
  })
}

export function notANumber(): KvError {
  return new KvError('This key has no whole number to add to, or the sum is beyond what a number counts exactly', {
    code: 'KV_NUMBER',
  })
}
