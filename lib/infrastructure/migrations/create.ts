import { loadAdapter } from '../../core/load-adapter.ts'
import type { Connection, ConnectionOptions } from './adapters/connection.ts'
import type { MigrationsConfig } from './adapters/runner.ts'
import type { SeedOptions } from './adapters/seeds.ts'
import type { Squashed } from './adapters/squash.ts'
import type { MigrationCollection, Migrations } from './port.ts'

/** Only an address, and a folder or a source such as `libraryMigrations('kv')`, are required. */
export type MigrationsSettings = Pick<MigrationsConfig, 'url'> &
  Partial<Omit<MigrationsConfig, 'url' | 'files'>> &
  ({ folder: string } | { source: MigrationCollection })

/** The migrations of one database. Connects with the first call. */
export async function createMigrations(settings: MigrationsSettings): Promise<Migrations> {
  const { postgresMigrations } = await loadAdapter('The migration runner', () => import('./adapters/runner.ts'))
  const files = 'source' in settings ? settings.source : settings.folder
  return postgresMigrations({ ...settings, files })
}

/** Runs the seeds of an environment; see SeedOptions. */
export async function seedDatabase(options: SeedOptions): Promise<string[]> {
  const { seedDatabase: seed } = await loadAdapter('The runner of seeds', () => import('./adapters/seeds.ts'))
  return seed(options)
}

/** Makes one migration of all up to `to`; a tool for a developer's machine, whose result is committed. */
export async function squashMigrations(options: { folder: string; to: string }): Promise<Squashed> {
  const { squashMigrations: squash } = await loadAdapter('Squashing migrations', () => import('./adapters/squash.ts'))
  return squash(options)
}

/** One connection of its own that is never replaced, for statements that run outside a transaction. */
export async function openConnection(url: string, options: ConnectionOptions): Promise<Connection> {
  const { openConnection: open } = await loadAdapter('A Postgres connection', () => import('./adapters/connection.ts'))
  return open(url, options)
}
