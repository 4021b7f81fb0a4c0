import type { Ask, Question } from '../port.ts'
import { oneRow, present } from '../row.ts'

/** A setting of the server. Values as they are kept: in `unit`, where there is one (`8kB`, `ms`). */
export interface Setting {
  name: string
  /** What a session of this account begins with. */
  value: string
  unit?: string
  default?: string
  /** Where it was set: `configuration file`, `command line`, `database`, `user`, … */
  source: string
  /** What it takes to change it: `postmaster` a restart, `sighup` a reload. */
  context: string
  category: string
  description: string
  /** Changed in the file; a restart is needed before it counts. */
  pendingRestart: boolean
}

/** What a role or a database sets for its own sessions. */
export interface SettingOverride {
  role?: string
  database?: string
  name: string
  value: string
}

/** Measured, so that advice has reasons. Counts since `since` (ms since the epoch), of this database. */
export interface SettingEvidence {
  databaseBytes: number
  blocksHit: number
  blocksRead: number
  temporaryFiles: number
  temporaryBytes: number
  since?: number
  connections: number
  /** The longest that a session is idle in a transaction now (ms). */
  idleInTransactionMs?: number
  /** The account with most connections that is not this one. */
  busiestUser?: string
  /** Connections over the network without TLS; absent: this account may not see them. */
  plainConnections?: number
  checkpointsTimed: number
  checkpointsRequested: number
  /** The extension is there in this database. */
  statements: boolean
}

export interface ServerSettings {
  /** Those that differ from their defaults, and those that advice is given on, by name. */
  settings: Setting[]
  overrides: SettingOverride[]
  evidence: SettingEvidence
  /** The provider that keeps the settings, where there is one: it refuses ALTER SYSTEM. */
  managedBy?: string
}

/** Judged even where they have their defaults. */
const JUDGED = [
  'autovacuum',
  'checkpoint_timeout',
  'fsync',
  'full_page_writes',
  'idle_in_transaction_session_timeout',
  'log_lock_waits',
  'log_min_duration_statement',
  'max_connections',
  'max_wal_size',
  'password_encryption',
  'random_page_cost',
  'shared_buffers',
  'shared_preload_libraries',
  'ssl',
  'statement_timeout',
  'synchronous_commit',
  'track_io_timing',
  'work_mem',
]
/** By the role that each makes for its customers. */
const PROVIDERS: Readonly<Record<string, string>> = {
  alloydbsuperuser: 'AlloyDB',
  azure_pg_admin: 'Azure',
  cloudsqlsuperuser: 'Cloud SQL',
  neon_superuser: 'Neon',
  rds_superuser: 'Amazon RDS',
  supabase_admin: 'Supabase',
}
/** What a connection sets for itself says nothing about the server. */
const OF_THE_SESSION = ['application_name', 'client_encoding', 'transaction_read_only']

export const settingsQuestion: Question<ServerSettings> = {
  id: 'settings',
  freshFor: 60_000,
  async answer(ask) {
    const settings = await readSettings(ask)
    return {
      settings,
      overrides: await readOverrides(ask),
      evidence: await readEvidence(ask),
      ...(await readProvider(ask)),
    }
  },
}

async function readSettings(ask: Ask): Promise<Setting[]> {
  const rows = await ask<Setting>(
    `select name, reset_val as value, unit, boot_val as default, source, context, category, short_desc as description,
      pending_restart as "pendingRestart"
    from pg_settings
    where (reset_val is distinct from boot_val and source not in ('default', 'override', 'client') or pending_restart
        or name = any(string_to_array($1, ',')))
      and not name = any(string_to_array($2, ','))
    order by name`,
    [JUDGED.join(','), OF_THE_SESSION.join(',')],
  )
  return rows.map(row => present(row))
}

async function readProvider(ask: Ask): Promise<{ managedBy?: string }> {
  const [role] = await ask<{ name: string }>(
    "select rolname::text as name from pg_roles where rolname = any(string_to_array($1, ',')) limit 1",
    [Object.keys(PROVIDERS).join(',')],
  )
  const managedBy = role && PROVIDERS[role.name]
  return managedBy ? { managedBy } : {}
}

async function readOverrides(ask: Ask): Promise<SettingOverride[]> {
  const rows = await ask<SettingOverride>(`
    select nullif(setrole::regrole::text, '-') as role, datname::text as database, split_part(entry, '=', 1) as name,
      substr(entry, strpos(entry, '=') + 1) as value
    from pg_db_role_setting left join pg_database d on d.oid = setdatabase, unnest(setconfig) as entry
    where setdatabase = 0 or datname = current_database() order by 3, 1, 2`)
  return rows.map(row => present(row))
}

function readEvidence(ask: Ask): Promise<SettingEvidence> {
  const checkpoints =
    ask.major >= 17
      ? 'select num_timed::float8 as timed, num_requested::float8 as requested from pg_stat_checkpointer'
      : 'select checkpoints_timed::float8 as timed, checkpoints_req::float8 as requested from pg_stat_bgwriter'
  return oneRow(
    ask<SettingEvidence>(`
    with client as materialized (
      select a.*, s.ssl from pg_stat_activity a left join pg_stat_ssl s using (pid)
      where usesysid is not null and coalesce(backend_type, 'client backend') = 'client backend' and pid <> pg_backend_pid()
    )
    select pg_database_size(current_database())::float8 as "databaseBytes", blks_hit::float8 as "blocksHit",
      blks_read::float8 as "blocksRead", temp_files::float8 as "temporaryFiles", temp_bytes::float8 as "temporaryBytes",
      extract(epoch from stats_reset)::float8 * 1000 as since, (select count(*)::int from client) as connections,
      (select extract(epoch from clock_timestamp() - min(state_change))::float8 * 1000
        from client where state like 'idle in transaction%') as "idleInTransactionMs",
      (select usename::text from client where usename <> current_user group by 1 order by count(*) desc, 1 limit 1) as "busiestUser",
      (select case when bool_or(query = '<insufficient privilege>') then null
        else count(*) filter (where not ssl and not client_addr <<= '127.0.0.0/8' and client_addr <> '::1') end::int
        from client) as "plainConnections",
      timed as "checkpointsTimed", requested as "checkpointsRequested",
      exists (select from pg_extension where extname = 'pg_stat_statements') as statements
    from pg_stat_database, (${checkpoints}) as checkpoints where datname = current_database()`),
  )
}
