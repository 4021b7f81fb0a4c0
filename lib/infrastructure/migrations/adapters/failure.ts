import { messageOf } from '../../../core/errors.ts'
import { DatabaseError } from '../../database/index.ts'
import { MigrationError } from '../port.ts'
import type { MigrationStatement } from '../statements/describe.ts'
import { invalidIndexes } from './inspect.ts'
import type { ScriptRun } from './script.ts'

/** The step in which a script failed. */
export type Phase = 'before' | 'statements' | 'record' | 'commit'

type FailedRun = Omit<ScriptRun, 'record'>

/** Postgres' message, where in the file it happened, what of the migration is left, and what to do. */
export async function errorOf(run: FailedRun, error: unknown, phase: Phase): Promise<MigrationError> {
  const { name, direction, signal, connection, script } = run
  const file = `${name}${direction === 'down' ? '.down' : ''}.sql`
  if (script.alone && phase === 'record') return unrecorded(run, file, error)
  if (error instanceof MigrationError) return error
  const { statement } = error as { statement?: MigrationStatement }
  const cause = (error as { cause?: { message?: string; position?: string; hint?: string } }).cause
  const where = statement ? ` line ${lineOf(statement, cause?.position)}` : ''
  if (connection.lost) return broken(run, `${file}${where}`, error, phase)
  const { left, words, nextStep } = await remains(run, phase)
  if (signal?.aborted)
    return new MigrationError(
      `${file} was aborted: ${messageOf(signal.reason)}. ${words ?? 'Nothing of it was left'}`,
      {
        code: 'MIGRATION_ABORTED',
        migration: name,
        left,
        cause: error,
        nextStep,
      },
    )
  const sqlState = error instanceof DatabaseError ? error.sqlState : undefined
  const said = cause?.message ?? messageOf(error)
  return new MigrationError(`${file}${where} failed: ${said}. ${words ?? 'It was rolled back'}`, {
    code: sqlState === '42501' ? 'MIGRATION_DENIED' : 'MIGRATION_FAILED',
    migration: name,
    left,
    cause: error,
    nextStep: nextStep ?? nextStepOf(sqlState, run) ?? cause?.hint,
  })
}

/** The statement is done and stays, but is not in the journal. */
function unrecorded({ name, direction }: FailedRun, file: string, error: unknown): MigrationError {
  const cause = error instanceof MigrationError ? undefined : (error as { cause?: { message?: string } }).cause
  return new MigrationError(
    `${file} was done, but its line in the journal could not be ${direction === 'up' ? 'written' : 'removed'}: ${cause?.message ?? messageOf(error)}`,
    {
      code: 'MIGRATION_UNRECORDED',
      migration: name,
      left: 'all',
      cause: error,
      nextStep: `It runs outside a transaction, so what it did stays. Repair the journal, then undo by hand what it did and run it again, or ${direction === 'up' ? 'write' : 'remove'} its line yourself.`,
    },
  )
}

/** The outcome cannot be queried. Postgres completes what it was sent, or rolls it back; only before COMMIT is it certain to roll back. */
function broken({ name, script }: FailedRun, where: string, cause: unknown, phase: Phase): MigrationError {
  const unknown = phase === 'commit' || (script.alone && phase === 'statements')
  return new MigrationError(`The connection broke while ${where} ran`, {
    code: 'MIGRATION_FAILED',
    migration: name,
    left: unknown ? 'unknown' : 'nothing',
    cause,
    nextStep: script.alone
      ? 'It runs outside a transaction, so it may have been done, in part or whole. Look at what it changes, and for INVALID indexes, before running it again.'
      : 'Postgres rolls back what was not committed; look at the journal before running it again.',
  })
}

/** A statement outside a transaction that was interrupted may leave something: an INVALID index, a partition half detached. */
async function remains(
  { connection, script }: FailedRun,
  phase: Phase,
): Promise<{ left: MigrationError['left']; words?: string; nextStep?: string }> {
  if (!script.alone || phase === 'before') return { left: 'nothing' }
  const statement = script.statements[0] as MigrationStatement
  const invalid = await invalidIndexes(connection).catch(() => undefined)
  const names = (invalid ?? []).filter(index => !index.building).map(({ schema, name }) => `${schema}.${name}`)
  const built = statement.builds?.name
  // A failed build leaves its index or nothing, and that index does not exist.
  if (built !== undefined && invalid && !invalid.some(index => index.name === built))
    return { left: 'nothing', words: 'Nothing of it was left' }
  const seen = names.length > 0 ? `. INVALID here: ${names.slice(0, 5).join(', ')}` : ''
  return {
    left: 'some',
    words: `It runs outside a transaction, so something of it may have been left${seen}`,
    nextStep: `Check what ${statement.verb} has left before running it again${names.length > 0 ? '; drop an INVALID index, or REINDEX it' : ''}.`,
  }
}

function nextStepOf(sqlState: string | undefined, { lockTimeoutMs, lockAttempts }: FailedRun): string | undefined {
  switch (sqlState) {
    case '55P03':
      return `Another session held the lock for longer than ${lockTimeoutMs / 1000} s${lockAttempts > 1 ? `, ${lockAttempts} times` : ''}. Run it again when that session is done.`
    case '55P04':
      return 'A value added to an enum can be used only after it is committed: move its use into a migration of its own. Where the type is created by one of these migrations, run all in one transaction.'
    case '57014':
      return 'It was cancelled, by a timeout or by another session.'
    case '42501':
      return 'Run it as the owner of what it changes, or grant the role of the owner to this account.'
    case '53100':
      return 'The disk of the server is full: free space on it, or enlarge it, then run it again.'
    case '42P07':
      return 'What it creates exists already. If an earlier attempt created it, drop it, or use IF NOT EXISTS.'
    default:
      return undefined
  }
}

/** Postgres' position counts characters of the statement, from 1. */
function lineOf(statement: MigrationStatement, position: string | undefined): number {
  const before = position === undefined ? '' : statement.sql.slice(0, Number(position) - 1)
  return statement.line + before.split('\n').length - 1
}
