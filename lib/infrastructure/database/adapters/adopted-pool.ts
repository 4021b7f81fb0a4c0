import type { EventEmitter } from 'node:events'
import type postgres from 'postgres'
import { databasePlace } from '../place.ts'
import type { DatabaseRegistry, DatabaseStats } from '../port.ts'
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
  const follow = (client: ForeignClient) => {
    const query = client.query.bind(client)
    client.query = (...args) => {
      queries++
      const last = args.at(-1)
      if (typeof last === 'function')
        args[args.length - 1] = (error: unknown, ...rest: unknown[]) => {
          if (error) failed(error)
          return last(error, ...rest)
        }
      const made = query(...args)
      // Its own caller hears of it; here it is only counted.
      if (made instanceof Promise) made.catch(failed)
      return made
    }
  }
  pool.on('connect', follow)
  const { max = 10, connectionString, host, port, database } = pool.options
  const address = connectionString
    ? databasePlace(connectionString)
    : databasePlace(`postgres://${host ?? 'localhost'}:${port ?? 5432}/${database ?? ''}`)
  registry.add({
    name,
    stats: () => ({
      name,
      ...(address === undefined ? {} : { address }),
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
  const { meter, stats } = poolMeter({ max, heldAfterMs: 60_000, traceHolders: false })
  const address = host.length === 1 ? databasePlace(`postgres://${host[0]}:${port[0]}/${database}`) : undefined
  registry.add({
    name,
    stats() {
      const { active, waiting } = stats(max)
      return { ...stats(active), name, ...(address === undefined ? {} : { address }), waiting }
    },
  })
  return measured(sql, meter)
}
