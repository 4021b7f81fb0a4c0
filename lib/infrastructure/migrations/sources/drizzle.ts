import { join } from 'node:path'
import { parseJson } from '../../../core/json.ts'
import { MigrationError, type MigrationFile } from '../port.ts'
import { type Folder, ignoredOf, type MigrationFolder } from './folder.ts'

export const DRIZZLE_JOURNAL = join('meta', '_journal.json')

/** drizzle-kit's older layout: `meta/_journal.json` lists the files in order. */
export async function readDrizzle(folder: Folder, text: string): Promise<MigrationFolder> {
  const entries = entriesOf(parseJson(text))
  if (!entries)
    throw new MigrationError(`${DRIZZLE_JOURNAL} in ${folder.path} is not a journal of drizzle-kit`, {
      code: 'MIGRATION_FOLDER',
      nextStep: 'Restore it from version control, or generate it again with drizzle-kit.',
    })
  const files: MigrationFile[] = []
  for (const { tag, when } of entries) {
    if (!folder.sql.includes(`${tag}.sql`))
      throw new MigrationError(`drizzle's journal lists ${tag}, but there is no ${tag}.sql`, {
        code: 'MIGRATION_FOLDER',
        nextStep: 'Restore the file; drizzle itself refuses to run without it.',
      })
    files.push({ ...(await folder.migration(tag)), when })
  }
  return { source: 'drizzle', files, ignored: ignoredOf(folder, files, () => "is not in drizzle's journal") }
}

interface DrizzleEntry {
  tag: string
  when: number
}

function entriesOf(journal: unknown): DrizzleEntry[] | undefined {
  const entries = (journal as { entries?: unknown } | null | undefined)?.entries
  if (!Array.isArray(entries)) return undefined
  const known = entries.filter(
    (entry: Partial<DrizzleEntry> | null): entry is DrizzleEntry =>
      // The tag becomes a path, which must stay in the folder.
      typeof entry?.tag === 'string' && /^[^/\\]+$/.test(entry.tag) && typeof entry.when === 'number',
  )
  return known.length === entries.length ? known : undefined
}

const STAMPED = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(?:_|$)/

/**
 * drizzle-kit's newer layout: a folder `YYYYMMDDHHMMSS_name` for each migration, with `migration.sql`; here also `down.sql` beside it. drizzle
 * sorts them by name, and takes the time of its journal from the stamp.
 */
export async function readStamped(folder: Folder): Promise<MigrationFolder> {
  const files: MigrationFile[] = []
  for (const name of folder.migrationFolders) {
    const stamp = STAMPED.exec(name)
    if (!stamp)
      throw new MigrationError(
        `${name} contains a migration.sql, but does not begin with a stamp such as 20260131120000`,
        {
          code: 'MIGRATION_FOLDER',
          nextStep: 'drizzle-kit names these folders YYYYMMDDHHMMSS_name, and orders them by that.',
        },
      )
    const [year = 0, month = 1, day, hour, minute, second] = stamp.slice(1).map(Number)
    files.push({
      ...(await folder.migration(name, join(name, 'migration.sql'), join(name, 'down.sql'))),
      when: Date.UTC(year, month - 1, day, hour, minute, second),
      stamped: true,
    })
  }
  return {
    source: 'drizzle',
    files,
    ignored: ignoredOf(folder, [], () => 'is not in a folder YYYYMMDDHHMMSS_name with a migration.sql'),
  }
}
