import type { EventEmitter } from 'node:events'
import type postgres from 'postgres'
import { databasePlace } from '../place.ts'
import type { DatabaseRegistry, DatabaseStats } from '../port.ts'
import { statementTimes } from '../statements/statement-times.ts'
import { measured } from './measured-sql.ts'
import { poolMeter } from './pool-meter.ts'
import { translated } from './postgres-error.ts'

/** The part of a pool of `pg` that is used. */
export interface ForeignPgPool extends Pick<EventEmitter, 'on' | 'off'> {
  readonly totalCount: number
  readonly idleCount: number
  readonly waitingCount: number
  readonly options: { max?: number; connectionString?: string; host?: string; port?: number; database?: string }
}

interface ForeignClient {
  query(...args: unknown[]): unknown
}

/** Shows a pool of `pg` in the fleet's reports, as it is. Call it before the pool is used. Answers how to end that. */
export function adoptPgPool(
  registry: DatabaseRegistry,
  { name, pool }: { name: string; pool: ForeignPgPool },
): () => void {
  let queries = 0
  let errors = 0
  let lastError: DatabaseStats['lastError']
  const failed = (error: unknown) => {
    const { code, message } = translated(error)
    errors++
    lastError = { at: Date.now(), code, message }
  }
  const times = statementTimes()
  const follow = (client: ForeignClient) => {
    const query = client.query.bind(client)
    client.query = (...args) => {
      queries++
      const text = textOf(args[0])
      const began = performance.now()
      const answered = () => text !== undefined && times.record(text, performance.now() - began)
      const last = args.at(-1)
      if (typeof last === 'function')
        args[args.length - 1] = (error: unknown, ...rest: unknown[]) => {
          if (error) failed(error)
          else answered()
          return last(error, ...rest)
        }
      const made = query(...args)
      // Its own caller hears of it; here it is only counted.
      if (made instanceof Promise) made.then(answered, failed)
      return made
    }
  }
  pool.on('connect', follow)
  const { max = 10, connectionString, host, port, database } = pool.options
  const address = connectionString
    ? databasePlace(connectionString)
    : databasePlace(`postgres://${host ?? 'localhost'}:${port ?? 5432}/${database ?? ''}`)
  const place = address === undefined ? {} : { address }
  registry.add({
    name,
    statements: () => times.reports({ database: name, ...place }),
    stats: () => ({
      name,
      ...place,
      max,
      size: pool.totalCount,
      active: pool.totalCount - pool.idleCount,
      idle: pool.idleCount,
      waiting: pool.waitingCount,
      queries,
      errors,
      ...(lastError === undefined ? {} : { lastError }),
    }),
  })
  return () => {
    pool.off('connect', follow)
    registry.remove(name)
  }
}

/**
 * Shows a pool of postgres.js in the fleet's reports. Use the `sql` that is returned in place of the given one: it counts, and rejects with
 * DatabaseError. Of its connections only those in use are known.
 */
export function adoptPostgresJs<S extends postgres.Sql>(
  registry: DatabaseRegistry,
  { name, sql }: { name: string; sql: S },
): S {
  const { max, host, port, database } = sql.options
  const { meter, statements, stats } = poolMeter({ max, heldAfterMs: 60_000, traceHolders: false })
  const address = host.length === 1 ? databasePlace(`postgres://${host[0]}:${port[0]}/${database}`) : undefined
  const place = address === undefined ? {} : { address }
  registry.add({
    name,
    statements: () => statements({ database: name, ...place }),
    stats() {
      const { active, waiting } = stats(max)
      return { ...stats(active), name, ...place, waiting }
    },
  })
  return measured(sql, meter)
}

/** Of what `client.query` takes: a text, or an object with one. */
function textOf(statement: unknown): string | undefined {
  if (typeof statement === 'string') return statement
  const { text } = (statement ?? {}) as { text?: unknown }
  return typeof text === 'string' ? text : undefined
}
