import { performance } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import { DatabaseError } from '../../database/index.ts'
import type { MigrationDone, MigrationOutput, MigrationScript } from '../port.ts'
import type { MigrationStatement } from '../statements/describe.ts'
import { type Connection, freshSession } from './connection.ts'
import { errorOf, type Phase } from './failure.ts'
import { blockersOf, invalidIndexes } from './inspect.ts'
import { quoted } from './journal.ts'
import { progressOf } from './progress.ts'

export interface Limits {
  /** How long a statement waits for a lock before its migration is rolled back (ms). */
  lockTimeoutMs: number
  /** How often a migration is tried where a lock was not free, and the pause before the second time, which doubles (ms). */
  lockAttempts: number
  lockRetryMs: number
  /** How long a statement may run inside a transaction (ms); 0: without limit. */
  statementTimeoutMs: number
}

export const DEFAULT_LIMITS: Limits = {
  lockTimeoutMs: 5_000,
  lockAttempts: 3,
  lockRetryMs: 2_000,
  statementTimeoutMs: 15 * 60_000,
}

/** Those that are given, else the defaults. */
export const limitsOf = (given: Partial<Limits>): Limits => ({
  lockTimeoutMs: given.lockTimeoutMs ?? DEFAULT_LIMITS.lockTimeoutMs,
  lockAttempts: given.lockAttempts ?? DEFAULT_LIMITS.lockAttempts,
  lockRetryMs: given.lockRetryMs ?? DEFAULT_LIMITS.lockRetryMs,
  statementTimeoutMs: given.statementTimeoutMs ?? DEFAULT_LIMITS.statementTimeoutMs,
})

export interface ScriptRun extends Limits {
  connection: Connection
  /** Another connection, for queries while the first is busy. */
  observer: Connection
  name: string
  direction: 'up' | 'down'
  script: MigrationScript
  signal?: AbortSignal
  say(output: MigrationOutput): void
  /** Writes or removes the line of the journal; `durationMs` is that of the statements. */
  record(durationMs: number): Promise<void>
}

/** How often a running statement is checked for sessions that block it, ms. */
const CHECK_BLOCKERS_MS = 1_000

/**
 * Runs one direction of one migration with its line in the journal: in one transaction, or outside a transaction for a single
 * statement that needs it. Rejects with MigrationError, which says what of it is left.
 */
export async function runScript(run: ScriptRun): Promise<MigrationDone> {
  const { name, direction, script, say } = run
  const began = performance.now()
  say({ kind: 'begun', migration: name, direction, statements: script.statements.length })
  let phase: Phase = 'before'
  const enter = (next: Phase) => {
    phase = next
  }
  try {
    await (script.alone ? runAlone(run, enter) : untilLocked(run, () => runInTransaction(run, enter)))
  } catch (error) {
    const failure = await errorOf(run, error, phase)
    say({ kind: 'failed', migration: name, direction, message: failure.message })
    throw failure
  } finally {
    // Settings of one migration must not affect the next one.
    if (!run.connection.lost) await freshSession(run.connection).catch(() => {})
  }
  const durationMs = performance.now() - began
  say({ kind: 'finished', migration: name, direction, durationMs })
  return { name, direction, durationMs }
}

/** A lock that is not free soon is given up, so that nobody waits behind it for long, and what had to be rolled back is tried again later. */
export async function untilLocked<T>(
  {
    connection,
    lockAttempts,
    lockTimeoutMs,
    lockRetryMs,
    name,
    say,
    signal,
  }: Limits & Pick<ScriptRun, 'connection' | 'name' | 'say' | 'signal'>,
  attemptOnce: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++)
    try {
      return await attemptOnce()
    } catch (error) {
      if (!isLocked(error) || attempt >= lockAttempts || signal?.aborted) throw error
      const pauseMs = lockRetryMs * 2 ** (attempt - 1)
      say({
        kind: 'note',
        migration: name,
        message: `A lock was not free within ${lockTimeoutMs / 1_000} s; rolled back, try ${attempt + 1} of ${lockAttempts} in ${pauseMs / 1_000} s`,
      })
      await pause(pauseMs, undefined, { signal }).catch(() => {})
      await freshSession(connection)
    }
}

const isLocked = (error: unknown) =>
  [error, (error as Error).cause].some(one => one instanceof DatabaseError && one.sqlState === '55P03')

/** Begins a transaction in which every wait has a limit. */
export async function begin({
  connection,
  signal,
  lockTimeoutMs,
  statementTimeoutMs,
}: Limits & Pick<ScriptRun, 'connection' | 'signal'>) {
  await connection.send('begin', [], signal)
  await connection.send(`set local lock_timeout = ${lockTimeoutMs}`)
  await connection.send(`set local statement_timeout = ${statementTimeoutMs}`)
}

/** A late cancel may hit the rollback, so it is repeated; a lost connection has rolled back already. */
export const rollBack = (connection: Connection) =>
  connection.send('rollback').catch(() => connection.send('rollback').catch(() => undefined))

async function runInTransaction(run: ScriptRun, enter: (phase: Phase) => void): Promise<void> {
  const { connection, script, signal } = run
  const began = performance.now()
  try {
    await begin(run)
    enter('statements')
    for (const [index, statement] of script.statements.entries()) await runStatement(run, statement, index)
    await connection.send('reset role')
    enter('record')
    await run.record(performance.now() - began)
    signal?.throwIfAborted()
    enter('commit')
    await connection.send('commit')
  } catch (error) {
    await rollBack(connection)
    throw error
  }
}

async function runAlone(run: ScriptRun, enter: (phase: Phase) => void): Promise<void> {
  const { connection, script, signal } = run
  const statement = script.statements[0] as MigrationStatement
  const began = performance.now()
  signal?.throwIfAborted()
  if (statement.builds) await dropLeftover(run, statement.builds, 'left behind by an earlier attempt')
  // It blocks neither reads nor writes, so it may wait for old transactions without a limit.
  await connection.send('set lock_timeout = 0')
  await connection.send('set statement_timeout = 0')
  signal?.throwIfAborted()
  enter('statements')
  try {
    await runStatement(run, statement, 0)
  } catch (error) {
    // An error of dropping must not hide the failure, which reports the leftover.
    if (statement.builds && !connection.lost)
      await dropLeftover(run, statement.builds, 'that the failed build left').catch(() => {})
    throw error
  }
  enter('record')
  await run.record(performance.now() - began)
}

/** With an INVALID index of that name, IF NOT EXISTS would skip the build, and any other build would fail. */
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

export type StatementRun = Pick<ScriptRun, 'connection' | 'observer' | 'name' | 'script' | 'signal' | 'say'>

export async function runStatement(run: StatementRun, statement: MigrationStatement, index: number): Promise<void> {
  const { connection, observer, name, script, signal, say } = run
  const of = script.statements.length
  say({ kind: 'statement', migration: name, index, of, statement })
  const began = performance.now()
  /** The sessions it waits for, which are reported once, and since when. */
  let waiting: { who: string; since: number } | undefined
  let asking = false
  const asker = setInterval(async () => {
    if (asking) return
    asking = true
    const [blockers, progress] = await Promise.all([
      blockersOf(observer, connection.pid).catch(() => undefined),
      progressOf(observer, connection.pid).catch(() => undefined),
    ])
    asking = false
    if (progress) say({ kind: 'progress', migration: name, index, of, ...progress })
    if (!blockers || blockers.who === waiting?.who) return
    waiting = { who: blockers.who, since: waiting?.since ?? began }
    say({ kind: 'note', migration: name, message: blockers.message })
  }, CHECK_BLOCKERS_MS)
  try {
    const { count } = await connection.send(statement.sql, [], signal)
    const durationMs = performance.now() - began
    if (waiting)
      say({
        kind: 'note',
        migration: name,
        message: `Continued after ${((performance.now() - waiting.since) / 1_000).toFixed(1)} s`,
      })
    const rows = /^(insert|update|delete|merge|copy)/i.test(statement.verb) ? count : undefined
    say({ kind: 'executed', migration: name, index, of, durationMs, ...(rows === undefined ? {} : { rows }) })
  } catch (error) {
    throw Object.assign(error as Error, { statement })
  } finally {
    clearInterval(asker)
  }
}
