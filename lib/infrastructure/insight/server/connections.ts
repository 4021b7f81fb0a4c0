import type { Ask, Question } from '../port.ts'
import { present } from '../row.ts'

/** Connections that are alike. */
export interface ConnectionGroup {
  database: string
  user: string
  /** Absent: the client gives no name. */
  application?: string
  /** Absent: hidden from this account. */
  state?: string
  count: number
  /** The oldest transaction among them (ms). */
  longestTransactionMs?: number
}

/** Who is connected to the server, over all of its databases; the most first. */
export const connectionsQuestion: Question<ConnectionGroup[]> = {
  id: 'connections',
  freshFor: 2_000,
  answer: readConnections,
}

async function readConnections(ask: Ask): Promise<ConnectionGroup[]> {
  const rows = await ask<ConnectionGroup>(`
    select coalesce(datname, '')::text as database, usename::text as user, nullif(application_name, '') as application, state,
      count(*)::int as count, extract(epoch from clock_timestamp() - min(xact_start))::float8 * 1000 as "longestTransactionMs"
    from pg_stat_activity
    where usesysid is not null and coalesce(backend_type, 'client backend') = 'client backend' and pid <> pg_backend_pid()
    group by 1, 2, 3, 4 order by count desc, 1, 2, 3, 4`)
  return rows.map(row => present(row))
}
