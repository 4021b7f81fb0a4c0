import postgres from 'postgres'
import { maskUrl } from '../../../infrastructure/config/index.ts'
import type { Outages } from '../../platform/part/outages.ts'
import { part } from '../../platform/part/read-part.ts'
import type { ResolvedDatabase } from '../../platform/settings/port.ts'
import { type Answer, measured } from './ping.ts'
import type { Target, TargetReport } from './port.ts'

export function postgresTarget(database: ResolvedDatabase, outages: Outages) {
  /** Whether a connection was open at the last use. */
  let isOpen = false
  /** How long connecting took last (ms). */
  let connectMs: number | undefined
  const sql = postgres(database.url, {
    max: 2,
    connect_timeout: 2,
    idle_timeout: 30,
    // The driver's own delay grows to twenty seconds, in which a database that is back would still be shown as down.
    backoff: attempt => Math.min(0.1 * 2 ** attempt, 2),
    onnotice: () => {},
    onclose: () => {
      isOpen = false
    },
    fetch_types: false,
    connection: { application_name: 'substation-watch', statement_timeout: 2_500 },
  })
  return {
    async read(): Promise<Target> {
      const report = await part(`Postgres ${database.name}`, outages, probe())
      return { name: database.name, kind: 'postgres', address: maskUrl(database.url), report }
    },
    async ping(): Promise<Answer> {
      return {
        name: database.name,
        kind: 'postgres',
        latencyMs: await measured(async () => (await roundTrip()).latencyMs),
      }
    },
    close: () => sql.end({ timeout: 1 }),
  }

  /** Times the second of two statements: the first may have to connect, which is measured separately. */
  async function roundTrip(): Promise<{ latencyMs: number }> {
    const began = performance.now()
    const wasOpen = isOpen
    await sql`select 1`
    const open = performance.now()
    if (!wasOpen) connectMs = open - began
    isOpen = true
    await sql`select 1`
    return { latencyMs: performance.now() - open }
  }

  async function probe(): Promise<TargetReport> {
    const { latencyMs } = await roundTrip()
    const [row] = await sql`
      select current_setting('server_version') as version, pg_is_in_recovery() as standby, current_user as account,
        extract(epoch from now() - pg_postmaster_start_time())::bigint as uptime,
        pg_size_pretty(pg_database_size(current_database())) as size,
        current_setting('max_connections') as max_connections,
        (select count(*) from pg_stat_activity)::int as connections,
        pg_has_role(current_user, 'pg_monitor', 'member') as monitor,
        pg_has_role(current_user, 'pg_signal_backend', 'member') as signal,
        has_database_privilege(current_database(), 'create') as may_create,
        exists (select 1 from pg_extension where extname = 'pg_stat_statements') as statements`
    if (!row) throw new Error('Postgres returned no row about itself')
    const account = String(row.account)
    return {
      latencyMs,
      version: String(row.version).split(' ')[0] ?? '',
      role: row.standby ? 'standby' : 'primary',
      uptimeSeconds: Number(row.uptime),
      facts: [
        { label: 'Account', value: account },
        { label: 'Size', value: String(row.size) },
        { label: 'Connections', value: `${row.connections} of ${row.max_connections}` },
        ...(connectMs === undefined ? [] : [{ label: 'Connecting took', value: `${Math.round(connectMs)} ms` }]),
      ],
      warnings:
        Number(row.connections) > 0.9 * Number(row.max_connections)
          ? [`${row.connections} of ${row.max_connections} connections are in use.`]
          : [],
      capabilities: [
        {
          name: 'pg_monitor',
          allowed: row.monitor === true,
          purpose: 'statements and waits of other accounts',
          remedy: row.monitor ? undefined : `GRANT pg_monitor TO ${account}, by a superuser.`,
        },
        {
          name: 'pg_signal_backend',
          allowed: row.signal === true,
          purpose: 'cancelling a statement',
          remedy: row.signal ? undefined : `GRANT pg_signal_backend TO ${account}, by a superuser.`,
        },
        {
          name: 'CREATE',
          allowed: row.may_create === true,
          purpose: 'running migrations',
          remedy: row.may_create ? undefined : `GRANT CREATE ON DATABASE to ${account}, by the owner of the database.`,
        },
        {
          name: 'pg_stat_statements',
          allowed: row.statements === true,
          purpose: 'the slowest statements',
          remedy: row.statements
            ? undefined
            : 'Add it to shared_preload_libraries and CREATE EXTENSION pg_stat_statements.',
        },
      ],
    }
  }
}
