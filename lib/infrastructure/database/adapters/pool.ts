import postgres from 'postgres'
import type { NamedDatabaseConfig } from '../config.ts'
import type { HeldConnectionReport } from '../port.ts'
import { readNullsInArrays } from './array-values.ts'
import { type Host, hostChoice, hostsOf } from './host-choice.ts'
import { measured } from './measured-sql.ts'
import { poolMeter } from './pool-meter.ts'

const HELD_AFTER_MS = 60_000

export interface PoolHooks {
  onHeld?: ((held: HeldConnectionReport) => void) | undefined
  /** What is written behind each statement. */
  comment?: (() => string) | undefined
  /** What is called when a use of the pool ends that begins now. */
  endingOf?: () => (() => void) | undefined
}

/** A pool of postgres.js whose uses are counted and whose errors are translated. */
export function openPool(config: NamedDatabaseConfig, hooks: PoolHooks = {}) {
  const hosts = hostsOf(config.url)
  const choice = hostChoice(hosts, host => isPrimary(config, host))
  const { meter, reading, statements, stats, close } = poolMeter({
    ...hooks,
    max: config.maxConnections,
    heldAfterMs: config.heldAfterMs ?? HELD_AFTER_MS,
    traceHolders: config.traceHolders ?? false,
    ...(choice.leave ? { onReadOnly: choice.leave } : {}),
  })
  const raw = postgres(config.url, {
    max: config.maxConnections,
    connect_timeout: config.connectTimeoutMs / 1000,
    idle_timeout: config.idleTimeoutMs === undefined ? undefined : config.idleTimeoutMs / 1000,
    // The library's default delay grows to twenty seconds: a service would go on failing that long after Postgres is back.
    backoff: attempt => Math.min(0.1 * 2 ** attempt, 2),
    onnotice: () => undefined,
    connection: { application_name: config.applicationName, ...timeoutsOf(config) },
    ...(hosts.length > 1 ? hosts[0] : {}),
    ...({ socket: choice.socket } as object),
  })
  readNullsInArrays(raw)
  let closing: Promise<void> | undefined
  return {
    raw,
    sql: measured(raw, meter),
    /** As `sql`, for reads: `endingOf` is not asked. */
    readSql: measured(raw, reading),
    statements,
    stats() {
      const report = choice.report()
      return { ...stats(choice.size()), ...(report === undefined ? {} : { hosts: report }) }
    },
    close(timeoutMs: number) {
      close()
      closing ??= raw.end({ timeout: timeoutMs / 1000 })
      return closing
    },
  }
}

/** Sent when a connection begins, so that they hold for it without a statement. */
function timeoutsOf({ statementTimeoutMs, lockTimeoutMs, idleInTransactionTimeoutMs }: NamedDatabaseConfig) {
  return {
    ...(statementTimeoutMs === undefined ? {} : { statement_timeout: statementTimeoutMs }),
    ...(lockTimeoutMs === undefined ? {} : { lock_timeout: lockTimeoutMs }),
    ...(idleInTransactionTimeoutMs === undefined
      ? {}
      : { idle_in_transaction_session_timeout: idleInTransactionTimeoutMs }),
  }
}

/** Asks a host on a connection of its own. Rejects where it cannot be asked. */
async function isPrimary(
  { url, connectTimeoutMs, applicationName }: NamedDatabaseConfig,
  host: Host,
): Promise<boolean> {
  const sql = postgres(url, {
    ...host,
    max: 1,
    connect_timeout: connectTimeoutMs / 1000,
    fetch_types: false,
    onnotice: () => undefined,
    connection: { application_name: applicationName },
  })
  try {
    const [row] = await sql`select pg_is_in_recovery() as standby`
    return row?.standby === false
  } finally {
    await sql.end({ timeout: 1 })
  }
}
