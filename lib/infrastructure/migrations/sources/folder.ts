import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { MigrationError, type MigrationFile, type MigrationSource } from '../port.ts'
import type { Forecast } from '../statements/describe.ts'
import { scriptOf } from './script.ts'

/** The migrations of a folder or a collection, in the order in which they run. */
export interface MigrationFolder {
  source: MigrationSource
  files: MigrationFile[]
  ignored: { file: string; why: string }[]
  /** Whether a line of the journal is about these files, where others may share the journal. */
  owns?(name: string): boolean
}

/** What a folder contains, and how its files are read. */
export interface Folder {
  readonly path: string
  /** Names of the .sql files in it, sorted. */
  readonly sql: readonly string[]
  /** Folders in it that contain a migration.sql, sorted as drizzle sorts them. */
  readonly migrationFolders: readonly string[]
  /** All other folders but `meta`. */
  readonly otherFolders: readonly string[]
  /** The text of a file; undefined where there is none. Rejects with MigrationError `FOLDER` where it cannot be read. */
  text(file: string): Promise<string | undefined>
  /** A migration with its down file. */
  migration(name: string, up?: string, down?: string): Promise<MigrationFile>
}

export async function openFolder(path: string, forecast: Forecast): Promise<Folder> {
  const entries = await readdir(path, { withFileTypes: true }).catch((cause: NodeJS.ErrnoException) => {
    throw new MigrationError(
      cause.code === 'ENOENT' ? `There is no folder ${path}` : `The folder ${path} cannot be read`,
      {
        code: 'MIGRATION_FOLDER',
        cause,
        nextStep: 'Check the path of the migrations folder, and that this process may read it.',
      },
    )
  })
  const text = (file: string) => textIn(path, file)
  const folders = entries.filter(entry => !entry.isFile() && entry.name !== 'meta' && !entry.name.startsWith('.'))
  const withMigration: string[] = []
  const others: string[] = []
  for (const { name } of folders)
    ((await text(join(name, 'migration.sql'))) === undefined ? others : withMigration).push(name)
  return {
    path,
    sql: entries.flatMap(entry => (entry.name.endsWith('.sql') && !entry.isDirectory() ? [entry.name] : [])).sort(),
    migrationFolders: withMigration.sort((one, other) => one.localeCompare(other)),
    otherFolders: others.sort(),
    text,
    async migration(name, up = `${name}.sql`, down = `${name}.down.sql`) {
      const [forward, back] = await Promise.all([text(up), text(down)])
      if (forward === undefined)
        throw new MigrationError(`${up} in ${path} cannot be read`, { code: 'MIGRATION_FOLDER' })
      return {
        name,
        up: scriptOf(forward, forecast),
        ...(back === undefined ? {} : { down: scriptOf(back, forecast) }),
      }
    },
  }
}

/** The text of a file in a folder; undefined where there is none. */
export async function textIn(path: string, file: string): Promise<string | undefined> {
  return readFile(join(path, file), 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') return undefined
    throw new MigrationError(`${file} in ${path} cannot be read`, { code: 'MIGRATION_FOLDER', cause })
  })
}

/** What is in the folder besides these migrations, and why it is not one. */
export function ignoredOf(
  { sql, otherFolders }: Folder,
  files: readonly MigrationFile[],
  why: (name: string) => string,
): MigrationFolder['ignored'] {
  const taken = new Set(files.flatMap(({ name }) => [`${name}.sql`, `${name}.down.sql`]))
  return [
    ...sql.filter(name => !taken.has(name)).map(file => ({ file, why: why(file) })),
    ...otherFolders.map(file => ({ file: `${file}/`, why: 'is a folder without a migration.sql' })),
  ]
}
