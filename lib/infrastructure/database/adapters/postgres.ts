import { connect, type Socket } from 'node:net'
import { performance } from 'node:perf_hooks'
import type { PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import type { DatabaseConfig } from '../config.ts'
import { type CallerOrigin, originComment } from '../origin/comment.ts'
import { databasePlace } from '../place.ts'
import type { Database, DatabaseStats } from '../port.ts'
import { drizzleOn, type Schema } from './drizzle.ts'
import { type Meter, measured } from './measured-sql.ts'

export type Sql = postgres.Sql
export type PostgresDatabase<S extends Schema = Record<string, never>> = Database<postgres.Sql, PostgresJsDatabase<S>>

/** A pool of postgres.js with drizzle on it. Connects with the first query, not before. */
export function postgresDatabase<S extends Schema = Record<string, never>>(
  config: DatabaseConfig,
  { schema, origin }: { schema?: S; origin?: () => CallerOrigin } = {},
): PostgresDatabase<S> {
  const { name, maxConnections: max } = config
  const address = databasePlace(config.url)
  const sockets = new Set<Socket>()
  let units = 0
  let queries = 0
  let errors = 0
  let lastError: DatabaseStats['lastError']
  let closing: Promise<void> | undefined
  let pinging: Promise<number> | undefined

  const meter: Meter = {
    ...(origin ? { comment: () => originComment(origin()) } : {}),
    unitStarted: () => units++,
    unitEnded: () => units--,
    queryStarted: () => queries++,
    queryFailed(error) {
      errors++
      lastError = { at: Date.now(), code: error.code, message: error.message }
    },
  }
  const raw = postgres(config.url, {
    max,
    connect_timeout: config.connectTimeoutMs / 1000,
    idle_timeout: config.idleTimeoutMs === undefined ? undefined : config.idleTimeoutMs / 1000,
    // The library's default delay grows to twenty seconds: a service would go on failing that long after Postgres is back.
    backoff: attempt => Math.min(0.1 * 2 ** attempt, 2),
    onnotice: () => undefined,
    connection: {
      application_name: config.applicationName,
      ...(config.statementTimeoutMs === undefined ? {} : { statement_timeout: config.statementTimeoutMs }),
    },
    ...countedSockets(sockets),
  })
  const sql = measured(raw, meter)
  const orm = drizzleOn(sql, schema)

  async function askForOne(): Promise<number> {
    const started = performance.now()
    await sql`select 1`
    return performance.now() - started
  }

  return {
    name,
    sql,
    orm,
    async ping(signal) {
      signal?.throwIfAborted()
      // Checks of a server that hangs must not pile up one more waiting query each.
      pinging ??= askForOne().finally(() => {
        pinging = undefined
      })
      return signal === undefined ? pinging : untilAborted(pinging, signal)
    },
    stats() {
      const size = sockets.size
      const active = Math.min(units, size)
      return {
        name,
        ...(address === undefined ? {} : { address }),
        max,
        size,
        active,
        idle: size - active,
        waiting: units - active,
        queries,
        errors,
        ...(lastError === undefined ? {} : { lastError }),
      }
    },
    transaction: work =>
      orm.transaction(tx =>
        work({
          sql: (tx as unknown as { session: { client: unknown } }).session.client,
          orm: tx as unknown as PostgresJsDatabase<S>,
        }),
      ),
    close({ timeoutMs = 5_000 } = {}) {
      closing ??= raw.end({ timeout: timeoutMs / 1000 })
      return closing
    },
  }
}

/**
 * postgres.js does not say how many connections it has, but accepts sockets made by the caller. They are passed unconnected:
 * Node buffers what is written until then, and a refusal reaches postgres.js as on a socket of its own.
 */
function countedSockets(open: Set<Socket>): object {
  let turn = 0
  return {
    socket({ host, port, path }: { host: string[]; port: number[]; path: string | false }) {
      const index = turn++ % host.length
      const to = { host: host[index] as string, port: port[index] as number }
      const socket = path ? connect(path) : connect(to)
      socket.once('connect', () => open.add(socket))
      socket.once('close', () => open.delete(socket))
      // postgres.js sets these on its own sockets; TLS takes the server's name from here.
      return Object.assign(socket, to)
    },
  }
}

function untilAborted<T>(run: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
    run.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}
