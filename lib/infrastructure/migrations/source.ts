import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseJson } from '../../core/json.ts'
import {
  type MigrationCollection,
  MigrationError,
  type MigrationFile,
  type MigrationScript,
  type MigrationSource,
} from './port.ts'
import { describeStatement } from './statements/describe.ts'
import { splitStatements } from './statements/split.ts'

export interface MigrationFolder {
  source: MigrationSource
  files: MigrationFile[]
  ignored: { file: string; why: string }[]
  /** Whether a line of the journal is about these files, where others may share the journal. */
  owns?(name: string): boolean
}

const NUMBERED = /^(\d{1,20})[_-]([^/]+?)(\.down)?\.sql$/
const DRIZZLE_JOURNAL = join('meta', '_journal.json')

/** The migrations of a folder: drizzle's where it has meta/_journal.json, else `NNNN_name.sql` by number. Rejects with MigrationError `FOLDER`. */
export async function readMigrations(folder: string): Promise<MigrationFolder> {
  const names = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    throw new MigrationError(
      cause.code === 'ENOENT' ? `There is no folder ${folder}` : `The folder ${folder} cannot be read`,
      {
        code: 'MIGRATION_FOLDER',
        cause,
        nextStep: 'Check the path of the migrations folder, and that this process may read it.',
      },
    )
  })
  const journal = names.includes('meta') ? await textOf(folder, DRIZZLE_JOURNAL).catch(unlessMissing) : undefined
  const sql = names.filter(name => name.endsWith('.sql')).sort()
  return journal === undefined ? readNumbered(folder, sql) : readDrizzle(folder, sql, journal)
}

/** The migrations of a collection, capability by capability. */
export function readCollection({ capabilities }: MigrationCollection): MigrationFolder {
  return {
    source: 'folder',
    files: capabilities.flatMap(({ capability, migrations }) =>
      migrations.map(({ name, up, down }) => ({
        name: `${capability}_${name}`,
        up: scriptOf(up),
        down: scriptOf(down),
        capability,
      })),
    ),
    ignored: [],
    owns: name => capabilities.some(({ capability }) => name.replace(/_\d+_.*$/s, '') === capability),
  }
}

async function readNumbered(folder: string, names: string[]): Promise<MigrationFolder> {
  const ups = names.filter(name => NUMBERED.test(name) && !name.endsWith('.down.sql'))
  const files: (MigrationFile & { number: bigint })[] = []
  for (const name of ups) {
    const number = BigInt(NUMBERED.exec(name)?.[1] as string)
    const twin = files.find(file => file.number === number)
    if (twin)
      throw new MigrationError(`${twin.name}.sql and ${name} have the same number`, {
        code: 'MIGRATION_FOLDER',
        nextStep: 'Give one of them the next free number: otherwise their order is undefined.',
      })
    files.push({ number, ...(await readFiles(folder, name.slice(0, -'.sql'.length), names)) })
  }
  files.sort((a, b) => (a.number < b.number ? -1 : 1))
  return {
    source: 'folder',
    files: files.map(({ number: _number, ...file }) => file),
    ignored: ignoredOf(names, files, 'is not named NNNN_name.sql'),
  }
}

interface DrizzleEntry {
  tag: string
  when: number
}

async function readDrizzle(folder: string, names: string[], text: string): Promise<MigrationFolder> {
  const entries = entriesOf(parseJson(text))
  if (!entries)
    throw new MigrationError(`${DRIZZLE_JOURNAL} in ${folder} is not a journal of drizzle-kit`, {
      code: 'MIGRATION_FOLDER',
      nextStep: 'Restore it from version control, or generate it again with drizzle-kit.',
    })
  const files: MigrationFile[] = []
  for (const { tag, when } of entries) {
    if (!names.includes(`${tag}.sql`))
      throw new MigrationError(`drizzle's journal lists ${tag}, but there is no ${tag}.sql`, {
        code: 'MIGRATION_FOLDER',
        nextStep: 'Restore the file; drizzle itself refuses to run without it.',
      })
    files.push({ ...(await readFiles(folder, tag, names)), when })
  }
  return { source: 'drizzle', files, ignored: ignoredOf(names, files, "is not in drizzle's journal") }
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

async function readFiles(folder: string, name: string, names: string[]): Promise<MigrationFile> {
  const up = scriptOf(await textOf(folder, `${name}.sql`))
  if (!names.includes(`${name}.down.sql`)) return { name, up }
  return { name, up, down: scriptOf(await textOf(folder, `${name}.down.sql`)) }
}

function ignoredOf(names: string[], files: MigrationFile[], why: string) {
  const taken = new Set(files.flatMap(({ name }) => [`${name}.sql`, `${name}.down.sql`]))
  return names
    .filter(name => !taken.has(name))
    .map(file => ({ file, why: NUMBERED.exec(file)?.[3] ? 'has no migration to roll back' : why }))
}

function scriptOf(sql: string): MigrationScript {
  // drizzle-kit's breakpoints are comments in SQL, so both kinds are read alike.
  const statements = splitStatements(sql).map(describeStatement)
  const problem = problemOf(statements)
  return {
    sql,
    statements,
    checksum: createHash('sha256').update(sql).digest('hex'),
    alone: statements.length === 1 && statements[0]?.alone === true,
    ...(problem === undefined ? {} : { problem }),
  }
}

function problemOf(statements: MigrationScript['statements']): string | undefined {
  const refused = statements.find(statement => statement.problem)
  if (refused) return `line ${refused.line} ${refused.problem}`
  const alone = statements.find(statement => statement.alone)
  if (alone && statements.length > 1)
    return `line ${alone.line} contains ${alone.verb}, which runs outside a transaction and cannot be rolled back with the rest: put it into a migration of its own`
  return undefined
}

async function textOf(folder: string, file: string): Promise<string> {
  return readFile(join(folder, file), 'utf8').catch(cause => {
    throw new MigrationError(`${file} in ${folder} cannot be read`, { code: 'MIGRATION_FOLDER', cause })
  })
}

function unlessMissing(error: MigrationError): undefined {
  if ((error.cause as NodeJS.ErrnoException).code !== 'ENOENT') throw error
}
