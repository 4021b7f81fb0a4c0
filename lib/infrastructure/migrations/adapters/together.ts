import { performance } from 'node:perf_hooks'
import {
  type DryMigration,
  type DryRun,
  type MigrationDone,
  type MigrationEntry,
  MigrationError,
  type MigrationOutput,
} from '../port.ts'
import { freshSession } from './connection.ts'
import { errorOf, type Phase } from './failure.ts'
import { quoted } from './journal.ts'
import type { Locked } from './locked.ts'
import { recordOf, scriptOf } from './one-by-one.ts'
import { begin, rollBack, runStatement, untilLocked } from './script.ts'

/** All in one transaction with their lines in the journal: all or nothing. Rejects with MigrationError about the one that failed. */
export async function runTogether(locked: Locked, plan: readonly MigrationEntry[]): Promise<MigrationDone[]> {
  const outside = plan.find(entry => scriptOf(entry, 'up').alone)
  if (outside)
    throw new MigrationError(`${outside.name} runs outside a transaction, so these migrations cannot be run in one`, {
      code: 'MIGRATION_UNRUNNABLE',
      migration: outside.name,
      nextStep: `Run those before ${outside.name} in one transaction, then the rest one by one.`,
    })
  return untilLocked({ ...locked, name: plan[0]?.name ?? '' }, () => allInOne(locked, plan))
}

async function allInOne(locked: Locked, plan: readonly MigrationEntry[]): Promise<MigrationDone[]> {
  const { connection, say, signal } = locked
  const done: MigrationDone[] = []
  let current = plan[0] as MigrationEntry
  let phase: Phase = 'before'
  try {
    await begin(locked)
    for (const entry of plan) {
      current = entry
      phase = 'statements'
      done.push(await runInside(locked, entry))
      phase = 'record'
      await recordOf(locked, entry, 'up', done.at(-1)?.durationMs ?? 0)
    }
    signal?.throwIfAborted()
    phase = 'commit'
    await connection.send('commit')
  } catch (error) {
    await rollBack(connection)
    const failure = await errorOf(
      { ...locked, name: current.name, direction: 'up', script: scriptOf(current, 'up') },
      error,
      phase,
    )
    say({ kind: 'failed', migration: current.name, direction: 'up', message: failure.message })
    throw failure
  } finally {
    if (!connection.lost) await freshSession(connection).catch(() => {})
  }
  for (const { name, durationMs } of done) say({ kind: 'finished', migration: name, direction: 'up', durationMs })
  return done
}

async function runInside(locked: Locked, entry: MigrationEntry): Promise<MigrationDone> {
  const { name } = entry
  const script = scriptOf(entry, 'up')
  locked.about(name)
  locked.say({ kind: 'begun', migration: name, direction: 'up', statements: script.statements.length })
  const began = performance.now()
  for (const [index, statement] of script.statements.entries())
    await runStatement({ ...locked, name, script }, statement, index)
  await resetSettings(locked)
  return { name, direction: 'up', durationMs: performance.now() - began }
}

/** Settings of one migration must not affect the next one; those of the run itself stay. */
async function resetSettings({ connection }: Locked): Promise<void> {
  await connection.send('reset role')
  const { rows } = await connection.send("select name from pg_settings where source = 'session'")
  for (const name of rows.map(row => String(row.name)).filter(name => !OF_THE_RUN.has(name)))
    await connection.send(`reset ${name.split('.').map(quoted).join('.')}`)
}

const OF_THE_RUN = new Set([
  ...['lock_timeout', 'statement_timeout', 'client_connection_check_interval', 'application_name', 'client_encoding'],
  ...['datestyle', 'extra_float_digits', 'is_superuser', 'role', 'session_authorization', 'transaction_isolation'],
  ...[
    'transaction_read_only',
    'transaction_deferrable',
    'DateStyle',
    'in_hot_standby',
    'default_transaction_read_only',
  ],
])

/**
 * Each migration in a savepoint of one transaction, which is rolled back. Values that an earlier one adds to an enum cannot be used then,
 * though they could if each were committed: that failure says so.
 */
export async function dryRunOf(given: Locked, plan: readonly MigrationEntry[]): Promise<DryRun> {
  // It is tried once: what a lock would make wait is what it is to find out.
  const locked = { ...given, lockAttempts: 1 }
  const { connection } = locked
  const migrations: DryMigration[] = []
  const began = performance.now()
  try {
    await begin(locked)
    for (const entry of plan) {
      const before = migrations.find(migration => migration.outcome === 'failed')
      migrations.push(
        before ? skipped(entry, `It comes after ${before.name}, which failed.`) : await dryMigration(locked, entry),
      )
    }
  } finally {
    await rollBack(connection)
    if (!connection.lost) await freshSession(connection).catch(() => {})
  }
  return { migrations, durationMs: performance.now() - began }
}

const skipped = ({ name }: MigrationEntry, message: string): DryMigration => ({
  name,
  outcome: 'skipped',
  statements: [],
  message,
})

async function dryMigration(locked: Locked, entry: MigrationEntry): Promise<DryMigration> {
  const { name } = entry
  const script = scriptOf(entry, 'up')
  if (script.alone) return skipped(entry, 'It runs outside a transaction, so it cannot be tried and rolled back.')
  const statements: DryMigration['statements'] = []
  const say = (output: MigrationOutput) => {
    locked.say(output)
    if (output.kind !== 'executed') return
    const { line = 0, verb = '' } = script.statements[output.index] ?? {}
    statements.push({
      line,
      verb,
      durationMs: output.durationMs,
      ...(output.rows === undefined ? {} : { rows: output.rows }),
    })
  }
  try {
    await runInside({ ...locked, say }, entry)
    return { name, outcome: 'ran', statements }
  } catch (error) {
    if (locked.connection.lost || locked.signal?.aborted)
      throw await errorOf({ ...locked, name, direction: 'up', script }, error, 'statements')
    const failure = await errorOf({ ...locked, name, direction: 'up', script }, error, 'statements')
    const within =
      (error as { sqlState?: string }).sqlState === '55P04'
        ? ' One by one it may succeed: the value would have been committed before.'
        : ''
    return {
      name,
      outcome: 'failed',
      statements,
      message: `${failure.message.replace(/\. It was rolled back$/, '')}.${within}`,
    }
  }
}
