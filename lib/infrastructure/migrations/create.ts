import { loadAdapter } from '../../core/load-adapter.ts'
import type { MigrationsConfig } from './adapters/umzug.ts'
import type { Migrations } from './port.ts'

/** Only an address and a folder are required. */
export type MigrationsSettings = Pick<MigrationsConfig, 'url' | 'folder'> & Partial<MigrationsConfig>

/** The migrations of one database. Connects with the first call. */
export async function createMigrations(settings: MigrationsSettings): Promise<Migrations> {
  const { umzugMigrations } = await loadAdapter('The migration runner', () => import('./adapters/umzug.ts'))
  return umzugMigrations({ lockTimeoutMs: 5_000, statementTimeoutMs: 15 * 60_000, ...settings })
}
