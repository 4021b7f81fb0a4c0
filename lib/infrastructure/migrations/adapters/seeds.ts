import { MigrationError, type MigrationOutput } from '../port.ts'
import { openFolder } from '../sources/folder.ts'
import { readNumbered } from '../sources/numbered.ts'
import type { Forecast } from '../statements/describe.ts'
import { openForecast } from './forecast/statement.ts'
import { quoted } from './journal.ts'
import { type Locked, locked } from './locked.ts'
import { DEFAULT_LIMITS, runScript } from './script.ts'

export interface SeedOptions {
  /** A direct address of the database. */
  url: string
  /** Contains `NNNN_name.sql` for every environment but production, and a folder for each environment that has seeds of its own. */
  folder: string
  /** `production` gets only what is in its own folder. */
  environment: string
  by: string
  /** Of the journal of seeds. */
  journal?: { schema?: string; table?: string }
  signal?: AbortSignal
  onOutput?: (output: MigrationOutput) => void
  waitMs?: number
}

/**
 * Runs the seeds of an environment that this database does not have yet, or that were changed since, each in a transaction with its line in a
 * journal. A changed one runs again, so seeds are written to be repeatable (ON CONFLICT). Resolves with those that were run.
 */
export async function seedDatabase(options: SeedOptions): Promise<string[]> {
  const { url, folder, environment, by } = options
  const place = {
    source: 'folder' as const,
    schema: options.journal?.schema ?? 'substation_migrations',
    table: options.journal?.table ?? 'seed',
  }
  const seeds = await seedsOf(folder, environment, await openForecast())
  return locked(
    { ...options, url, by, limits: DEFAULT_LIMITS, place: async () => place, look: async () => undefined },
    async held => {
      const { connection } = held
      const table = `${quoted(place.schema)}.${quoted(place.table)}`
      const applied = await appliedSeeds(held, place.schema, table)
      const done: string[] = []
      for (const { name, up } of seeds) {
        if (applied.get(name) === up.checksum) continue
        held.about(name)
        if (up.problem)
          throw new MigrationError(`${name}.sql cannot be run: ${up.problem}`, {
            code: 'MIGRATION_UNRUNNABLE',
            migration: name,
            nextStep: 'Change the file.',
          })
        const record = async () => {
          await connection.send(
            `insert into ${table} (name, checksum, environment, applied_by) values ($1, $2, $3, $4)
             on conflict (name) do update set checksum = excluded.checksum, environment = excluded.environment,
               applied_by = excluded.applied_by, applied_at = clock_timestamp()`,
            [name, up.checksum, environment, by],
          )
        }
        await runScript({ ...held, name, direction: 'up', script: up, record })
        done.push(name)
      }
      return done
    },
  )
}

async function seedsOf(folder: string, environment: string, forecast: Forecast) {
  const common = await openFolder(folder, forecast)
  const own = common.otherFolders.includes(environment)
    ? await openFolder(`${folder}/${environment}`, forecast)
    : undefined
  const shared = environment === 'production' ? [] : (await readNumbered(common)).files
  const files = own
    ? (await readNumbered(own)).files.map(file => ({ ...file, name: `${environment}/${file.name}` }))
    : []
  return [...shared, ...files]
}

async function appliedSeeds({ connection }: Locked<undefined>, schema: string, table: string) {
  const { rows: schemas } = await connection.send('select from pg_namespace where nspname = $1', [schema])
  if (schemas.length === 0) await connection.send(`create schema if not exists ${quoted(schema)}`)
  await connection.send(
    `create table if not exists ${table} (name text primary key, checksum text not null, environment text not null,
       applied_at timestamptz not null default clock_timestamp(), applied_by text not null)`,
  )
  const { rows } = await connection.send(`select name, checksum from ${table}`)
  return new Map(rows.map(row => [String(row.name), String(row.checksum)]))
}
