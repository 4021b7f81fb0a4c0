import { performance } from 'node:perf_hooks'
import type { PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import type postgres from 'postgres'
import type { NamedDatabaseConfig } from '../config.ts'
import { type CallerOrigin, originComment } from '../origin/comment.ts'
import { databasePlace } from '../place.ts'
import type { Database, HeldConnectionReport } from '../port.ts'
import { routedSql } from '../transactions/routed-sql.ts'
import { drizzleOn, type Schema } from './drizzle.ts'
import { openPool } from './pool.ts'
import { replicasOf } from './replicas.ts'

export type Sql = postgres.Sql
export type PostgresDatabase<S extends Schema = Record<string, never>> = Database<postgres.Sql, PostgresJsDatabase<S>>

export interface PostgresOptions<S extends Schema> {
  schema?: S
  /** Asked at each statement for who sends it, which is written behind it as a comment. */
  origin?: () => CallerOrigin
  /** Called once for each connection that is held longer than `heldAfterMs`. */
  onHeld?: (held: HeldConnectionReport) => void
}

/** A pool of postgres.js with drizzle on it, and pools of its replicas. Connects with the first query, not before. */
export function postgresDatabase<S extends Schema = Record<string, never>>(
  config: NamedDatabaseConfig,
  { schema, onHeld, origin }: PostgresOptions<S> = {},
): PostgresDatabase<S> {
  const { name } = config
  const address = databasePlace(config.url)
  const place = address === undefined ? {} : { address }
  const comment = origin && (() => originComment(origin()))
  const replicas = replicasOf(config, comment)
  const primary = openPool(config, { endingOf: replicas.endingOf, onHeld, comment })
  const { sql } = primary
  const orm = drizzleOn(sql, schema)
  const readSql = routedSql(sql, () => {
    const { readSql: chosen } = replicas.choose(primary) ?? primary
    return { sql: chosen, begin: (mode, work) => chosen.begin(mode, work) }
  })
  let pinging: Promise<number> | undefined

  async function askForOne(): Promise<number> {
    const started = performance.now()
    await sql`select 1`
    return performance.now() - started
  }

  return {
    name,
    sql,
    orm,
    read: { sql: readSql, orm: drizzleOn(readSql, schema) },
    consistent: replicas.consistent,
    async ping(signal) {
      signal?.throwIfAborted()
      // Checks of a server that hangs must not pile up one more waiting query each.
      pinging ??= askForOne().finally(() => {
        pinging = undefined
      })
      return signal === undefined ? pinging : untilAborted(pinging, signal)
    },
    stats() {
      const reports = replicas.reports()
      return {
        name,
        ...place,
        ...primary.stats(),
        ...(reports.length === 0 ? {} : { replicas: reports }),
      }
    },
    statements: () => [...primary.statements({ database: name, ...place }), ...replicas.statements()],
    transaction: work =>
      orm.transaction(tx =>
        work({
          sql: (tx as unknown as { session: { client: unknown } }).session.client,
          orm: tx as unknown as PostgresJsDatabase<S>,
        }),
      ),
    async close({ timeoutMs = 5_000 } = {}) {
      await Promise.all([primary.close(timeoutMs), replicas.close(timeoutMs)])
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
