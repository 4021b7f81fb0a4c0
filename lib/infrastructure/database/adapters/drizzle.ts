import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import type postgres from 'postgres'

export type Schema = Record<string, unknown>

/** The parts of drizzle's session through which every statement goes. */
interface Session {
  prepareQuery(...args: unknown[]): {
    queryWithCache(query: string, params: unknown, run: () => Promise<unknown>): Promise<unknown>
  }
  transaction(work: (tx: Transacting) => unknown, config?: unknown): Promise<unknown>
}
interface Transacting {
  session: Session
  transaction(work: (tx: Transacting) => unknown, config?: unknown): Promise<unknown>
}

/** drizzle on this `sql`; it rejects with the same errors as `sql`. */
export function drizzleOn<S extends Schema>(sql: postgres.Sql, schema: S | undefined): PostgresJsDatabase<S> {
  const database = drizzle(sql, schema === undefined ? {} : { schema }) as PostgresJsDatabase<S>
  unwrapErrors((database as unknown as Transacting).session)
  keepRawParameters(sql)
  return database
}

/** drizzle wraps our error in a DrizzleQueryError, whose message contains all parameters, including secrets. */
function unwrapErrors(session: Session): void {
  const prepareQuery = session.prepareQuery.bind(session)
  session.prepareQuery = (...args) => {
    const prepared = prepareQuery(...args)
    prepared.queryWithCache = (_query, _params, run) => run()
    return prepared
  }
  const transaction = session.transaction.bind(session)
  session.transaction = (work, config) => transaction(tx => work(unwrapped(tx)), config)
}

function unwrapped(tx: Transacting): Transacting {
  unwrapErrors(tx.session)
  const nested = tx.transaction.bind(tx)
  tx.transaction = (work, config) => nested(inner => work(unwrapped(inner)), config)
  return tx
}

/** drizzle replaces postgres.js' serialisers of dates and JSON with ones that make `sql` fail on a Date or an object. */
function keepRawParameters(sql: postgres.Sql): void {
  const { serializers } = sql.options as unknown as { serializers: Record<string, (value: unknown) => unknown> }
  for (const type of ['1184', '1082', '1083', '1114'])
    serializers[type] = value => (value instanceof Date ? value.toISOString() : value)
  for (const type of ['114', '3802'])
    serializers[type] = value => (typeof value === 'string' ? value : JSON.stringify(value))
}
