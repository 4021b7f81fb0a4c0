import { type Environment, readConfig } from '../../../infrastructure/config/index.ts'
import { readConfigurationFile } from './configuration-file.ts'
import { consoleSlice } from './environment-slice.ts'
import type { EnvironmentSettings, ResolvedDatabase, ResolvedEnvironment, Settings, WatchedDatabase } from './port.ts'

/** The console's whole configuration: variables, and the configuration file where there is one. Throws ConfigError. */
export async function readSettings(variables: Environment): Promise<Settings> {
  const { console: own } = readConfig({ console: consoleSlice }, variables)
  const { environment, configFile, ...rest } = own
  const declared: EnvironmentSettings[] | undefined =
    own.mode === 'embedded' ? undefined : await readConfigurationFile(configFile)
  const environments = declared ?? [defaultEnvironment(own.mode, environment, variables)]
  return {
    ...rest,
    version: variables.npm_package_version ?? '0.1.0',
    environments: environments.map((entry): ResolvedEnvironment => {
      const production = entry.production ?? (own.mode === 'real' && entry.name === 'production')
      return {
        name: entry.name,
        production,
        demo: own.mode === 'embedded',
        typedConfirmation: production || own.mode === 'attached',
        fleetRedisUrl: entry.fleetRedisUrl ?? own.redisUrl,
        redis: entry.redis ?? [],
        databases: (entry.databases ?? []).map(resolved),
      }
    }),
  }
}

/** A folder without a url is run at the database's own address. */
function resolved({ migrations, ...database }: WatchedDatabase): ResolvedDatabase {
  if (migrations === undefined) return database
  const { url } = database
  return { ...database, migrations: { url, ...(typeof migrations === 'string' ? { folder: migrations } : migrations) } }
}

/** Without a configuration file: one environment. Attached mode watches what the bare variables name, embedded mode the demo's servers. */
function defaultEnvironment(mode: Settings['mode'], name: string, variables: Environment): EnvironmentSettings {
  const watched: EnvironmentSettings = { name, redis: [], databases: [] }
  if (mode === 'embedded') {
    const { DEMO_DATABASE_URL, DEMO_MIGRATIONS, DEMO_REPORTS_URL, DEMO_REPORTS_MIGRATIONS, DEMO_SESSIONS_URL } =
      variables
    watched.databases = [
      ...(DEMO_DATABASE_URL ? [{ name: 'shop', url: DEMO_DATABASE_URL, migrations: DEMO_MIGRATIONS }] : []),
      ...(DEMO_REPORTS_URL ? [{ name: 'reports', url: DEMO_REPORTS_URL, migrations: DEMO_REPORTS_MIGRATIONS }] : []),
    ]
    if (DEMO_SESSIONS_URL) watched.redis = [{ name: 'sessions', url: DEMO_SESSIONS_URL }]
  }
  if (mode !== 'attached') return watched
  if (variables.REDIS_URL) watched.redis = [{ name: 'redis', url: variables.REDIS_URL }]
  if (variables.DATABASE_URL) watched.databases = [{ name: 'database', url: variables.DATABASE_URL }]
  return watched
}
