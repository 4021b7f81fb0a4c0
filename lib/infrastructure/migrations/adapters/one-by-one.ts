import { type RunnableMigration, Umzug, type UmzugStorage } from 'umzug'
import {
  type JournalRow,
  type MigrationDone,
  type MigrationEntry,
  MigrationError,
  type MigrationFile,
  type MigrationScript,
} from '../port.ts'
import { deleteRow, writeRow } from './journal.ts'
import type { Locked } from './locked.ts'
import { runScript } from './script.ts'

/** Each with its line in the journal in a transaction of its own, in the order of the plan; umzug carries it out. */
export async function runOneByOne(
  locked: Locked,
  plan: readonly MigrationEntry[],
  direction: 'up' | 'down',
): Promise<MigrationDone[]> {
  const done: MigrationDone[] = []
  const migrations = plan.map((entry): RunnableMigration<object> => {
    const apply = async () => {
      locked.about(entry.name)
      const script = scriptOf(entry, direction)
      const record = (durationMs: number) => recordOf(locked, entry, direction, durationMs)
      done.push(await runScript({ ...locked, name: entry.name, direction, script, record }))
    }
    return { name: entry.name, up: apply, down: apply }
  })
  const names = plan.map(entry => entry.name)
  // The journal's lines are written within each migration's own transaction, so umzug logs nothing.
  const storage: UmzugStorage<object> = {
    executed: async () => (direction === 'up' ? [] : names),
    logMigration: async () => {},
    unlogMigration: async () => {},
  }
  const umzug = new Umzug<object>({ migrations, context: {}, storage, logger: undefined })
  try {
    await (direction === 'up' ? umzug.up({ migrations: names }) : umzug.down({ migrations: names }))
    return done
  } catch (error) {
    // Umzug wraps the error of a migration.
    const { cause } = error as Error
    if (cause instanceof MigrationError) throw Object.assign(cause, { done: [...done] })
    throw error
  }
}

/** A plan that was admitted has the files it needs. */
export function scriptOf({ file }: MigrationEntry, direction: 'up' | 'down'): MigrationScript {
  const { up, down } = file as MigrationFile
  return (direction === 'up' ? up : down) as MigrationScript
}

/** Writes the line of a migration, or removes it, and those of what it replaces. */
export async function recordOf(
  { connection, place, by }: Locked,
  { name, file, applied, appliedThrough }: MigrationEntry,
  direction: 'up' | 'down',
  durationMs: number,
): Promise<void> {
  if (direction === 'up') return writeRow(connection, place, file as MigrationFile, { by, durationMs })
  if (!appliedThrough) return deleteRow(connection, place, name, applied as JournalRow)
  for (const row of appliedThrough) await deleteRow(connection, place, row.name ?? name, row)
}
