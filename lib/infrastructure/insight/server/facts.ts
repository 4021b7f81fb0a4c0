import type { Ask, Question } from '../port.ts'
import { oneRow } from '../row.ts'

/** What the account may do on the server, and what has to be run where it may not. */
export interface Right {
  name: string
  allowed: boolean
  /** What is not seen or done without it. */
  purpose: string
  /** Only when not allowed. */
  grant?: string
}

/** A server and the database that the address leads to. */
export interface ServerFacts {
  /** The same for databases of the same server, and another one after a restart. */
  server: string
  /** `18.4` */
  version: string
  role: 'primary' | 'standby'
  /** The account that asks. */
  account: string
  database: string
  /** ms since the epoch. */
  startedAt: number
  /** Connections of all databases of the server, and how many it allows. */
  connections: number
  maxConnections: number
  pooled: boolean
  rights: Right[]
}

/** What every page about a server begins with; cheap enough for a list. */
export const serverQuestion: Question<ServerFacts> = { id: 'server', freshFor: 2_000, answer: readServer }

interface Row extends Omit<ServerFacts, 'pooled' | 'rights'> {
  quoted: string
  statistics: boolean
  settings: boolean
  signal: boolean
}

async function readServer(ask: Ask): Promise<ServerFacts> {
  const row = await oneRow(
    ask<Row>(`
    select extract(epoch from pg_postmaster_start_time())::text || '/' || current_setting('max_connections') as server,
      split_part(current_setting('server_version'), ' ', 1) as version,
      case when pg_is_in_recovery() then 'standby' else 'primary' end as role,
      current_user::text as account, quote_ident(current_user) as quoted, current_database()::text as database,
      extract(epoch from pg_postmaster_start_time())::float8 * 1000 as "startedAt",
      (select sum(numbackends)::int from pg_stat_database) as connections,
      current_setting('max_connections')::int as "maxConnections",
      pg_has_role('pg_read_all_stats', 'usage') as statistics, pg_has_role('pg_read_all_settings', 'usage') as settings,
      pg_has_role('pg_signal_backend', 'usage') as signal`),
  )
  const { quoted, statistics, settings, signal, ...facts } = row
  const right = (name: string, allowed: boolean, purpose: string): Right => ({
    name,
    allowed,
    purpose,
    ...(allowed ? {} : { grant: `GRANT ${name} TO ${quoted};` }),
  })
  return {
    ...facts,
    pooled: ask.pooled,
    rights: [
      right('pg_read_all_stats', statistics, 'what sessions of other accounts do and wait for'),
      right('pg_signal_backend', signal, 'cancelling and terminating sessions of other accounts'),
      right('pg_read_all_settings', settings, 'every setting'),
    ],
  }
}
