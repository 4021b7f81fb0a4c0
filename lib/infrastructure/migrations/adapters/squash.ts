import { rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { MigrationError, type MigrationFile } from '../port.ts'
import { readMigrations } from '../source.ts'
import { type MigrationStatement, withoutComments } from '../statements/describe.ts'
import { openForecast } from './forecast/statement.ts'

/** What holds until the session ends. */
const SETS = /^(set\s+(?!local\b|constraints\b|transaction\b)|reset\b|select\s+(pg_catalog\s*\.\s*)?set_config\b)/i

export interface Squashed {
  /** Its file, without .sql. */
  name: string
  replaced: string[]
  /** It can be rolled back: each of those it replaces could be. */
  reversible: boolean
  /** Indexes that it builds without CONCURRENTLY, which runs outside a transaction: a new database has no rows yet. */
  plainBuilds: string[]
}

/**
 * Makes one migration of all up to `to`, for new databases, and removes their files. A database in which all of them are applied counts it
 * as applied; one that has only some has to run the rest with the files of an earlier release. Rejects with MigrationError, with nothing changed.
 */
export async function squashMigrations({ folder, to }: { folder: string; to: string }): Promise<Squashed> {
  const { source, files } = await readMigrations(folder, await openForecast())
  const refuse = (message: string, nextStep?: string): never => {
    throw new MigrationError(message, { code: 'MIGRATION_UNRUNNABLE', ...(nextStep ? { nextStep } : {}) })
  }
  if (source !== 'folder')
    refuse('Migrations of drizzle-kit cannot be squashed here', 'drizzle-kit keeps a snapshot beside each of them.')
  const end = files.findIndex(file => file.name === to) + 1
  const taken = files.slice(0, end)
  if (taken.length < 2) refuse(`Up to ${to} there are not two migrations in ${folder}`)
  const earlier = taken.find(file => file.replaces)
  if (earlier)
    refuse(
      `${earlier.name} is itself squashed`,
      'Once every database counts it as applied by its own line, remove its lines "-- replaces …", then squash again.',
    )
  const broken = taken.find(file => file.up.problem)
  if (broken) refuse(`${broken.name} can never be run: ${broken.up.problem}`)
  for (const file of taken)
    for (const { sql, line } of [...file.up.statements, ...(file.down?.statements ?? [])])
      if (SETS.test(withoutComments(sql)))
        refuse(
          `${file.name} changes a setting of the session in line ${line}, which would reach those after it`,
          'Use SET LOCAL, or squash only up to the one before it.',
        )
  const plainBuilds: string[] = []
  const number = /^\d+/.exec(to)?.[0]
  const name = `${number}_squashed`
  if (files.some(file => file.name === name)) refuse(`${name} exists already`)
  const head = taken.map(file => `-- replaces ${file.name} ${file.up.checksum}`)
  const up = taken.map(file => `-- ${file.name}\n${inTransaction(file, file.up.sql, file.up.statements, plainBuilds)}`)
  const reversible = taken.every(file => file.down && !file.down.problem)
  const down = taken.toReversed().map(file => {
    const { sql = '', statements = [] } = file.down ?? {}
    return `-- ${file.name}\n${inTransaction(file, sql, statements, [])}`
  })
  await writeFile(join(folder, `${name}.sql.new`), `${head.join('\n')}\n\n${up.join('\n\n')}\n`)
  // First the new ones: if this is interrupted, nothing is lost, and two files of one number are refused.
  await rename(join(folder, `${name}.sql.new`), join(folder, `${name}.sql`))
  if (reversible) await writeFile(join(folder, `${name}.down.sql`), `${down.join('\n\n')}\n`)
  for (const file of taken) {
    await rm(join(folder, `${file.name}.sql`))
    await rm(join(folder, `${file.name}.down.sql`), { force: true })
  }
  return { name, replaced: taken.map(file => file.name), reversible, plainBuilds }
}

/** The text of one, such that it can be part of a transaction. */
function inTransaction(
  { name }: MigrationFile,
  sql: string,
  statements: readonly MigrationStatement[],
  plainBuilds: string[],
): string {
  const [statement] = statements
  if (!statement?.alone) return ended(sql)
  const plain = statement.sql.replace(/^((?:create(?:\s+unique)?|drop)\s+index)\s+concurrently\b/i, '$1')
  if (plain === statement.sql)
    throw new MigrationError(
      `${name} runs outside a transaction (${statement.verb}), so it cannot be part of another`,
      {
        code: 'MIGRATION_UNRUNNABLE',
        migration: name,
        nextStep: 'Squash only up to the one before it.',
      },
    )
  if (statement.builds) plainBuilds.push(statement.builds.name)
  return ended(plain)
}

const ended = (sql: string) => (/;\s*$/.test(sql) ? sql.trim() : `${sql.trim()};`)
