import type { Ask, Question } from './port.ts'

/** A server and the database that the address leads to. */
export interface ServerFacts {
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
}

/** What every page about a server begins with; cheap enough for a list. */
export const serverQuestion: Question<ServerFacts> = { id: 'server', freshFor: 2_000, answer: readServer }

async function readServer(ask: Ask): Promise<ServerFacts> {
  const [row] = await ask<Omit<ServerFacts, 'pooled'>>(`
    select split_part(current_setting('server_version'), ' ', 1) as version,
      case when pg_is_in_recovery() then 'standby' else 'primary' end as role,
      current_user::text as account, current_database()::text as database,
      extract(epoch from pg_postmaster_start_time())::float8 * 1000 as "startedAt",
      (select sum(numbackends)::int from pg_stat_database) as connections,
      current_setting('max_connections')::int as "maxConnections"`)
  if (!row) throw new Error('Postgres returned no row about itself')
  return { ...row, pooled: ask.pooled }
}
