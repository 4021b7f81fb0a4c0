import { connectionCauseOf } from './connection-cause.ts'
import { type InfrastructureErrorOptions, messageOf } from './errors.ts'

/** Those that waiting does not cure. */
const LASTING = new Set(['name', 'certificate', 'no-tls', 'authentication', 'rights', 'missing', 'protocol', 'cluster'])

export interface StoreFailure extends InfrastructureErrorOptions {
  kind: 'unreachable' | 'refused'
  message: string
}

/** What a server that keeps something for a capability, or its client, rejected with; `server` begins the sentence: "Postgres". */
export function storeFailureOf(server: string, capability: string, error: unknown): StoreFailure {
  const cause = connectionCauseOf(error)
  if (cause)
    return {
      kind: 'unreachable',
      message: `${server} ${cause.words}`,
      retryable: !LASTING.has(cause.kind),
      nextStep: cause.nextStep,
      cause: error,
    }
  const message = messageOf(error)
  return {
    kind: 'refused',
    message: `${server} refused it: ${message}`,
    cause: error,
    ...(/relation "substation_app\./.test(message)
      ? {
          nextStep: `Run the migrations of libraryMigrations('${capability}') from substation/migrations on this database.`,
        }
      : {}),
  }
}
