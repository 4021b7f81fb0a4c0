import { performance } from 'node:perf_hooks'
import { messageOf } from '../../../core/errors.ts'
import { DatabaseError } from '../../database/index.ts'
import { type MigrationDone, MigrationError, type MigrationOutput, type MigrationScript } from '../port.ts'
import type { MigrationStatement } from '../statements/describe.ts'
import { type Connection, freshSession } from './connection.ts'
import { blockersOf, invalidIndexes } from './inspect.ts'
import { quoted } from './journal.ts'

export interface ScriptRun {
  connection: Connection
  /** Another one, for looking while the first is busy. */
  observer: Connection
  name: string
  direction: 'up' | 'down'
  script: MigrationScript
  lockTimeoutMs: number
  statementTimeoutMs: number
  signal?: AbortSignal
  say(output: MigrationOutput): void
  /** Writes or removes the line of the journal; `durationMs` is that of the statements. */
  record(durationMs: number): Promise<void>
}

/** How long a statement may run before it is asked who keeps it waiting (ms), and then again and again. */
const ASK_AFTER = 1_000

/**
 * Runs one direction of one migration with its line in the journal: in one transaction, or, for the one statement that Postgres takes
 * only outside, by itself. Rejects with MigrationError, and then nothing of it is left.
 */
export async function runScript(run: ScriptRun): Promise<MigrationDone> {
  const { name, direction, script, say } = run
  const began = performance.now()
  say({ kind: 'begun', migration: name, direction, statements: script.statements.length })
  try {
    await (script.alone ? runAlone(run) : runInTransaction(run))
  } catch (error) {
    const told = errorOf(run, error)
    say({ kind: 'failed', migration: name, direction, message: told.message })
    throw told
  } finally {
    // What a migration has set must not reach the next one.
    if (!run.connection.lost) await freshSession(run.connection).catch(() => {})
  }
  const durationMs = performance.now() - began
  say({ kind: 'finished', migration: name, direction, durationMs })
  return { name, direction, durationMs }
}

async function runInTransaction(run: ScriptRun): Promise<void> {
  const { connection, script, signal, lockTimeoutMs, statementTimeoutMs } = run
  const began = performance.now()
  await connection.send('begin', [], signal)
  try {
    await connection.send(`set local lock_timeout = ${lockTimeoutMs}`)
    await connection.send(`set local statement_timeout = ${statementTimeoutMs}`)
    for (const [index, statement] of script.statements.entries()) await runStatement(run, statement, index)
    await connection.send('reset role')
    await run.record(performance.now() - began)
    signal?.throwIfAborted()
    await connection.send('commit')
  } catch (error) {
    // A late cancel may hit the rollback itself; a lost connection has rolled back already.
    await connection.send('rollback').catch(() => connection.send('rollback').catch(() => {}))
    throw error
  }
}

async function runAlone(run: ScriptRun): Promise<void> {
  const { connection, script } = run
  const [statement] = script.statements
  if (!statement) return
  const began = performance.now()
  if (statement.builds) await dropLeftover(run, statement.builds, 'left behind by an earlier attempt')
  // It holds up neither reads nor writes, so it may wait for old transactions and take its time.
  await connection.send('set lock_timeout = 0')
  await connection.send('set statement_timeout = 0')
  try {
    await runStatement(run, statement, 0)
  } catch (error) {
    if (statement.builds && !connection.lost) await dropLeftover(run, statement.builds, 'that the failed build left')
    throw error
  }
  await run.record(performance.now() - began)
}

/** An INVALID index of that name would make IF NOT EXISTS pass it over, and any other build fail. */
async function dropLeftover(
  { connection, name, say }: ScriptRun,
  { name: index, schema }: NonNullable<MigrationStatement['builds']>,
  why: string,
): Promise<void> {
  const leftover = (await invalidIndexes(connection)).find(
    found => found.name === index && (schema === undefined || found.schema === schema),
  )
  if (!leftover) return
  const full = `${leftover.schema}.${leftover.name}`
  await connection.send("set lock_timeout = '30s'")
  await connection.send("set statement_timeout = '60s'")
  await connection.send(`drop index concurrently if exists ${quoted(leftover.schema)}.${quoted(leftover.name)}`)
  say({ kind: 'note', migration: name, message: `Dropped the INVALID index ${full} ${why}` })
}

async function runStatement(run: ScriptRun, statement: MigrationStatement, index: number): Promise<void> {
  const { connection, observer, name, script, signal, say } = run
  const of = script.statements.length
  say({ kind: 'statement', migration: name, index, of, statement })
  const began = performance.now()
  let told = ''
  let asking = false
  const asker = setInterval(async () => {
    if (asking) return
    asking = true
    const waiting = await blockersOf(observer, connection.pid).catch(() => undefined)
    asking = false
    if (waiting && waiting !== told) say({ kind: 'note', migration: name, message: waiting })
    told = waiting ?? told
  }, ASK_AFTER)
  try {
    const { count } = await connection.send(statement.sql, [], signal)
    const durationMs = performance.now() - began
    const rows = /^(insert|update|delete|merge|copy)/i.test(statement.verb) ? count : undefined
    say({ kind: 'executed', migration: name, index, of, durationMs, ...(rows === undefined ? {} : { rows }) })
  } catch (error) {
    throw Object.assign(error as Error, { statement })
  } finally {
    clearInterval(asker)
  }
}

/** Postgres' words, where in the file it happened, and what to do. */
function errorOf({ name, direction, signal, connection, lockTimeoutMs }: ScriptRun, error: unknown): MigrationError {
  if (error instanceof MigrationError) return error
  const file = `${name}${direction === 'down' ? '.down' : ''}.sql`
  if (signal?.aborted)
    return new MigrationError(`${file} was aborted: ${messageOf(signal.reason)}. Nothing of it was left`, {
      code: 'MIGRATION_ABORTED',
      migration: name,
      cause: error,
    })
  const { statement } = error as { statement?: MigrationStatement }
  const cause = (error as { cause?: { message?: string; position?: string; hint?: string } }).cause
  const where = statement ? ` line ${lineOf(statement, cause?.position)}` : ''
  const said = cause?.message ?? messageOf(error)
  if (connection.lost)
    return new MigrationError(`The connection broke while ${file}${where} ran`, {
      code: 'MIGRATION_FAILED',
      migration: name,
      cause: error,
      nextStep: 'Postgres rolls back what was not committed; look at the journal before running it again.',
    })
  const sqlState = error instanceof DatabaseError ? error.sqlState : undefined
  return new MigrationError(`${file}${where} failed: ${said}. It was rolled back`, {
    code: sqlState === '42501' ? 'MIGRATION_DENIED' : 'MIGRATION_FAILED',
    migration: name,
    cause: error,
    nextStep: nextStepOf(sqlState, lockTimeoutMs) ?? cause?.hint,
  })
}

function nextStepOf(sqlState: string | undefined, lockTimeoutMs: number): string | undefined {
  switch (sqlState) {
    case '55P03':
      return `Another session held the lock for longer than ${lockTimeoutMs / 1000} s. Run it again when that one is done.`
    case '57014':
      return 'It was cancelled, by a timeout or by someone.'
    case '42501':
      return 'Run it as the owner of what it changes, or have the role of its owner granted to this account.'
    case '42P07':
      return 'What it would make is there already. If an earlier attempt made it, drop it, or say IF NOT EXISTS.'
    default:
      return undefined
  }
}

/** Postgres counts characters from the statement's first, from 1. */
function lineOf(statement: MigrationStatement, position: string | undefined): number {
  const before = position === undefined ? '' : statement.sql.slice(0, Number(position) - 1)
  return statement.line + before.split('\n').length - 1
}
