import { loadAdapter } from '../../core/load-adapter.ts'
import type { MigrationsConfig } from './adapters/umzug.ts'
import type { MigrationCollection, Migrations } from './port.ts'

/** Only an address, and a folder or a source such as `libraryMigrations('kv')`, are required. */
export type MigrationsSettings = Pick<MigrationsConfig, 'url'> &
  Partial<Omit<MigrationsConfig, 'url' | 'files'>> &
  ({ folder: string } | { source: MigrationCollection })

/** The migrations of one database. Connects with the first call. */
export async function createMigrations(settings: MigrationsSettings): Promise<Migrations> {
  const { umzugMigrations } = await loadAdapter('The migration runner', () => import('./adapters/umzug.ts'))
  const files = 'source' in settings ? settings.source : settings.folder
  return umzugMigrations({ lockTimeoutMs: 5_000, statementTimeoutMs: 15 * 60_000, ...settings, files })
}
