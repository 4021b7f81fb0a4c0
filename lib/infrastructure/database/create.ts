import { loadAdapter } from '../../core/load-adapter.ts'
import type { Schema } from './adapters/drizzle.ts'
import type { PostgresDatabase } from './adapters/postgres.ts'
import type { DatabaseConfig } from './config.ts'
import type { CallerOrigin } from './origin/comment.ts'

/** Only the URL is required; the rest has defaults that suit a service. */
export type DatabaseSettings = Pick<DatabaseConfig, 'url'> & Partial<DatabaseConfig>

/**
 * A pool for this configuration; `schema` (drizzle's tables) gives `orm.query` its types. `origin` is asked at each statement for who sends
 * it, which is written behind it as a comment: each text is prepared on its own, so keep it to services, routes and jobs.
 */
export async function createDatabase<S extends Schema = Record<string, never>>(
  config: DatabaseSettings,
  options: { schema?: S; origin?: () => CallerOrigin } = {},
): Promise<PostgresDatabase<S>> {
  const { postgresDatabase } = await loadAdapter('A Postgres pool', () => import('./adapters/postgres.ts'))
  const name = config.name ?? 'database'
  return postgresDatabase(
    { maxConnections: 10, connectTimeoutMs: 5_000, applicationName: name, ...config, name },
    options,
  )
}
