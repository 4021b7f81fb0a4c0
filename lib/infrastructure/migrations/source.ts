import { type MigrationCollection, MigrationError } from './port.ts'
import { DRIZZLE_JOURNAL, readDrizzle, readStamped } from './sources/drizzle.ts'
import { type MigrationFolder, openFolder } from './sources/folder.ts'
import { isNumbered, readNumbered } from './sources/numbered.ts'
import { scriptOf } from './sources/script.ts'
import type { Forecast } from './statements/describe.ts'

/**
 * The migrations of a folder: drizzle-kit's older or newer layout, or `NNNN_name.sql` by number. Rejects with MigrationError `FOLDER`, also
 * where there is something in it but no migration that is understood: that is not "nothing to do".
 */
export async function readMigrations(path: string, forecast: Forecast): Promise<MigrationFolder> {
  const folder = await openFolder(path, forecast)
  const journal = await folder.text(DRIZZLE_JOURNAL)
  const { migrationFolders, sql } = folder
  if (migrationFolders.length > 0 && (journal !== undefined || sql.some(isNumbered)))
    throw new MigrationError(
      `${path} has migrations in two layouts: ${migrationFolders[0]}/migration.sql, and ${journal === undefined ? 'numbered files' : DRIZZLE_JOURNAL}`,
      {
        code: 'MIGRATION_FOLDER',
        nextStep:
          'Their order is undefined. Run drizzle-kit up, which moves older migrations into the newer layout, or keep them in two folders.',
      },
    )
  if (journal !== undefined) return readDrizzle(folder, journal)
  if (migrationFolders.length > 0) return readStamped(folder)
  const read = await readNumbered(folder)
  const first = read.ignored[0]
  if (read.files.length === 0 && first)
    throw new MigrationError(`No migration in ${path} is understood: ${first.file} ${first.why}`, {
      code: 'MIGRATION_FOLDER',
      nextStep:
        'A folder of migrations contains NNNN_name.sql files, or what drizzle-kit writes: meta/_journal.json with its files, or folders YYYYMMDDHHMMSS_name with a migration.sql.',
    })
  return read
}

/** The migrations of a collection, capability by capability. */
export function readCollection({ capabilities }: MigrationCollection, forecast: Forecast): MigrationFolder {
  return {
    source: 'folder',
    files: capabilities.flatMap(({ capability, migrations }) =>
      migrations.map(({ name, up, down }) => ({
        name: `${capability}_${name}`,
        up: scriptOf(up, forecast),
        down: scriptOf(down, forecast),
        capability,
      })),
    ),
    ignored: [],
    owns: name => capabilities.some(({ capability }) => name.replace(/_\d+_.*$/s, '') === capability),
  }
}
