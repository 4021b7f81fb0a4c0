import { loadAdapter } from '../../core/load-adapter.ts'
import type { ForeignPgPool } from './adapters/adopted-pool.ts'
import type { Schema } from './adapters/drizzle.ts'
import type { PostgresDatabase, PostgresOptions, Sql as PostgresSql } from './adapters/postgres.ts'
import { applicationNameOf } from './application-name.ts'
import type { DatabaseConfig } from './config.ts'
import type { DatabaseRegistry } from './port.ts'

/** Only the URL is required; the rest has defaults that suit a service. */
export type DatabaseSettings = Pick<DatabaseConfig, 'url'> & Partial<DatabaseConfig>

/**
 * A pool for this configuration; `schema` (drizzle's tables) gives `orm.query` its types. `origin` is asked at each statement for who sends
 * it, which is written behind it as a comment: each text is prepared on its own, so keep it to services, routes and jobs.
 */
export async function createDatabase<S extends Schema = Record<string, never>>(
  config: DatabaseSettings,
  options: PostgresOptions<S> = {},
): Promise<PostgresDatabase<S>> {
  const { postgresDatabase } = await loadAdapter('A Postgres pool', () => import('./adapters/postgres.ts'))
  const name = config.name ?? 'database'
  const applicationName = config.applicationName ?? applicationNameOf(options.origin?.().service ?? name)
  return postgresDatabase({ maxConnections: 10, connectTimeoutMs: 5_000, ...config, applicationName, name }, options)
}

/** Shows a pool of `pg`, made by the service itself, in the fleet's reports. Resolves with how to end that. */
export async function adoptPgPool(
  registry: DatabaseRegistry,
  pool: { name: string; pool: ForeignPgPool },
): Promise<() => void> {
  const { adoptPgPool: adopt } = await loadAdapter('Adopting a pool', () => import('./adapters/adopted-pool.ts'))
  return adopt(registry, pool)
}

/** Shows a pool of postgres.js in the fleet's reports. Use the `sql` that it resolves with in place of the given one. */
export async function adoptPostgresJs<Sql extends PostgresSql>(
  registry: DatabaseRegistry,
  pool: { name: string; sql: Sql },
): Promise<Sql> {
  const { adoptPostgresJs: adopt } = await loadAdapter('Adopting a pool', () => import('./adapters/adopted-pool.ts'))
  return adopt(registry, pool)
}
