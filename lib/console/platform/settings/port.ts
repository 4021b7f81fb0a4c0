import type { Role } from '../operation/wire.ts'

/** A Redis server to watch. */
export interface WatchedRedis {
  name: string
  url: string
  /** Shows only the queues under these BullMQ prefixes. Default: every queue that is found. */
  prefixes?: string[]
}

/** A Postgres database to watch. */
export interface WatchedDatabase {
  name: string
  url: string
  /** Folder of its migrations, relative to the configuration file, or an object where more has to be set. */
  migrations?: string | WatchedMigrations
  /** Tables (`schema.table`) and columns (`schema.table.column`) of which no value is shown in Data, besides those that are secret by their name. */
  hidden?: string[]
}

/** Migrations that operators may run. */
export interface WatchedMigrations {
  /** `NNNN_name.sql` files with their `.down.sql`, or a folder of drizzle-kit's with its meta/_journal.json. */
  folder: string
  /** A direct address, where `url` goes through a pooler or has an account that may not change the schema. */
  url?: string
  /** Where the journal is. Default: `drizzle.__drizzle_migrations` for drizzle, else `substation_migrations.journal`. */
  journal?: { schema?: string; table?: string }
}

/** One environment of the console: a fleet in one Redis, and the other servers that are watched with it. */
export interface EnvironmentSettings {
  /** Lower-case letters, digits and dashes: part of every URL and key. */
  name: string
  /** Clearly marked on every page, and acts on it ask for the target's name. */
  production?: boolean
  /** Where its processes register. Default: SUBSTATION_REDIS_URL. */
  fleetRedisUrl?: string
  redis?: WatchedRedis[]
  databases?: WatchedDatabase[]
}

/** What `substation.config.ts` exports by default. */
export interface SubstationConfig {
  environments: EnvironmentSettings[]
}

/** Types the configuration file; it returns what it is given. */
export function defineConfig(config: SubstationConfig): SubstationConfig {
  return config
}

/** A sign-in provider. URLs can point at GitHub, GitHub Enterprise, Google, any OIDC issuer. */
export type ProviderSettings =
  | { id: 'github'; kind: 'github'; label: string; clientId: string; clientSecret: string; url: string; apiUrl: string }
  | { id: 'google' | 'oidc'; kind: 'oidc'; label: string; clientId: string; clientSecret: string; issuer: string }

export type Mode = 'embedded' | 'attached' | 'real'

export interface ResolvedEnvironment {
  name: string
  production: boolean
  /** Everything runs on this machine as a demo. */
  demo: boolean
  /** Acts on it ask for the target's name: production, and servers that someone else owns. */
  typedConfirmation: boolean
  fleetRedisUrl: string
  redis: WatchedRedis[]
  databases: ResolvedDatabase[]
}

/** A watched database, its folder an absolute path. */
export interface ResolvedDatabase {
  name: string
  url: string
  migrations?: { folder: string; url: string; journal?: WatchedMigrations['journal'] }
  hidden?: string[]
}

export interface AccessRules {
  /** E-mail addresses or provider logins, in lower case. */
  admins: string[]
  operators: string[]
  viewers: string[]
  /** Anyone with a verified address there may enter as `defaultRole`. */
  allowedDomains: string[]
  defaultRole: Role
}

export interface Settings {
  mode: Mode
  url: string
  databaseUrl: string
  redisUrl: string
  fleetKey: string
  secret: string
  /** What a scraper of /api/metrics sends. */
  metricsToken?: string
  providers: ProviderSettings[]
  access: AccessRules
  environments: ResolvedEnvironment[]
  /** Lookups a second more at the origin from which on an invalidation is offered at a pace. */
  originLoadLimit: number
  /** What runbooks that are paths are relative to. */
  runbookUrl?: string
  /** Prefix of cookie names, so that two consoles on one host do not sign each other out. */
  cookiePrefix: string
  version: string
}
