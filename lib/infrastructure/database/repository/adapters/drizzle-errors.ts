import { DatabaseError } from '../../port.ts'
import { RepositoryError, type RepositoryErrorCode } from '../port.ts'

const MIGRATE = "Run the migrations of libraryMigrations('audit') from substation/migrations on this database."

interface Failure {
  code: RepositoryErrorCode
  message: string
}

/** The port's error for one of the database; its cause keeps that, by which transactions know a conflict. */
export function repositoryError(name: string, error: unknown): unknown {
  if (!(error instanceof DatabaseError)) return error
  const { retryable, constraint } = error
  const nextStep = error.message.includes('"substation_app.entity_change"') ? MIGRATE : error.nextStep
  const { code, message } = failureOf(name, error)
  return new RepositoryError(message, {
    code,
    retryable,
    cause: error,
    ...(constraint === undefined ? {} : { constraint }),
    ...(nextStep === undefined ? {} : { nextStep }),
  })
}

function failureOf(name: string, { code, sqlState = '', message }: DatabaseError): Failure {
  if (sqlState === '23505')
    return { code: 'REPOSITORY_CONFLICT', message: `Another ${name} has these values: ${message}` }
  if (code === 'DATABASE_CONSTRAINT') return { code: 'REPOSITORY_VALUE', message: `${name}: ${message}` }
  // Data exceptions: not of the type, too long, out of range.
  if (sqlState.startsWith('22')) return { code: 'REPOSITORY_VALUE', message: `${name}: ${message}` }
  if (sqlState === '42501') return { code: 'REPOSITORY_DENIED', message: `${name}: ${message}` }
  if (code === 'DATABASE_UNREACHABLE') return { code: 'REPOSITORY_UNREACHABLE', message }
  return { code: 'REPOSITORY_REFUSED', message: `${name}: ${message}` }
}
