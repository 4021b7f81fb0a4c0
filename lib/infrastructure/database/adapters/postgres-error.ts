import { messageOf } from '../../../core/errors.ts'
import { DatabaseError, type DatabaseErrorCode } from '../port.ts'

interface Rule {
  code: DatabaseErrorCode
  retryable: boolean
  say: (detail: string) => string
  nextStep?: string
}

const UNREACHABLE: Rule = {
  code: 'DATABASE_UNREACHABLE',
  retryable: true,
  say: detail => `The database cannot be reached: ${detail}`,
  nextStep: 'Check that the server runs and that this host may connect to it.',
}
const CONFLICT: Rule = {
  code: 'DATABASE_CONFLICT',
  retryable: true,
  say: detail => `The statement conflicts with another transaction: ${detail}`,
}
const REFUSED: Rule = {
  code: 'DATABASE_REFUSED',
  retryable: false,
  say: detail => `The database refused the statement: ${detail}`,
}
const CONSTRAINT: Rule = {
  code: 'DATABASE_CONSTRAINT',
  retryable: false,
  say: detail => `The data violates a constraint of the schema: ${detail}`,
}
const DENIED: Rule = {
  code: 'DATABASE_DENIED',
  retryable: false,
  say: detail => `The database denied access: ${detail}`,
  nextStep: 'Check the user, its password and its rights.',
}
const OVERLOADED: Rule = {
  code: 'DATABASE_OVERLOADED',
  retryable: true,
  say: detail => `The database is out of resources: ${detail}`,
}
const DISK_FULL: Rule = {
  ...OVERLOADED,
  say: detail => `The database is out of disk space: ${detail}`,
  nextStep: 'Free space on the disk of the server, or enlarge it. Until then what needs space there is refused.',
}
const TIMEOUT: Rule = {
  code: 'DATABASE_TIMEOUT',
  retryable: true,
  say: detail => `The statement took too long: ${detail}`,
}
const CANCELLED: Rule = {
  code: 'DATABASE_TIMEOUT',
  retryable: false,
  say: detail => `The statement was cancelled: ${detail}`,
}
const READ_ONLY: Rule = {
  code: 'DATABASE_READ_ONLY',
  retryable: true,
  say: detail => `The database takes no writes: ${detail}`,
}
const CLOSED: Rule = { code: 'DATABASE_CLOSED', retryable: false, say: () => 'This database pool has been closed' }

/** By SQLSTATE, the longest prefix first. https://www.postgresql.org/docs/current/errcodes-appendix.html */
const BY_STATE: readonly (readonly [string, Rule])[] = [
  ['25006', READ_ONLY],
  ['40001', CONFLICT],
  ['40P01', CONFLICT],
  ['42501', DENIED],
  ['55P03', CONFLICT],
  ['57014', CANCELLED],
  ['57P', UNREACHABLE],
  ['08', UNREACHABLE],
  ['23', CONSTRAINT],
  ['28', DENIED],
  ['3D', DENIED],
  ['53100', DISK_FULL],
  ['53', OVERLOADED],
]

/** Codes of postgres.js and Node when the server does not answer. */
const CONNECTION_CODES = new Set([
  'CONNECT_TIMEOUT',
  'CONNECTION_CLOSED',
  'CONNECTION_DESTROYED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
])

/** The port's error for one of postgres.js, or undefined for an error that is not from the database. */
function databaseErrorOf(error: unknown): DatabaseError | undefined {
  if (error instanceof DatabaseError) return error
  if (!(error instanceof Error)) return undefined
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  if (code === 'CONNECTION_ENDED') return made(CLOSED, error)
  if (code !== undefined && CONNECTION_CODES.has(code)) return made(UNREACHABLE, error)
  // Node's AggregateError, when localhost has two addresses, has a code as well; a PostgresError has its SQLSTATE.
  if (error.name !== 'PostgresError' || code === undefined) return undefined
  const constraint =
    'constraint_name' in error && typeof error.constraint_name === 'string' ? error.constraint_name : undefined
  return made(ruleOf(code, error.message), error, code, constraint)
}

/** The port's error for anything a database call rejected with. */
export function translated(error: unknown): DatabaseError {
  return databaseErrorOf(error) ?? made(REFUSED, error)
}

function ruleOf(sqlState: string, message: string): Rule {
  if (sqlState === '57014' && message.includes('timeout')) return TIMEOUT
  return BY_STATE.find(([prefix]) => sqlState.startsWith(prefix))?.[1] ?? REFUSED
}

function made(rule: Rule, cause: unknown, sqlState?: string, constraint?: string): DatabaseError {
  return new DatabaseError(rule.say(messageOf(cause)), {
    code: rule.code,
    retryable: rule.retryable,
    cause,
    ...(rule.nextStep === undefined ? {} : { nextStep: rule.nextStep }),
    ...(sqlState === undefined ? {} : { sqlState }),
    ...(constraint === undefined ? {} : { constraint }),
  })
}
