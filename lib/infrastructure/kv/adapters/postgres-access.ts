import type { Sql } from 'postgres'
import { withinTime } from '../../../core/time-limit.ts'
import { createDatabase } from '../../database/index.ts'

/** A Postgres that fails a query after a time, instead of waiting for a server that hangs. */
export interface PostgresAccess {
  readonly sql: Sql
  run<T>(query: (sql: Sql) => PromiseLike<T>): Promise<T>
  /** Ends a pool that was opened here. */
  close(): Promise<void>
}

/** Over a pool of postgres.js that was passed in, which stays open, or over one of its own. */
export async function postgresAccess(
  from: { url: string } | { sql: Sql },
  { timeoutMs, name }: { timeoutMs: number; name: string },
): Promise<PostgresAccess> {
  const database =
    'url' in from ? await createDatabase({ url: from.url, name, connectTimeoutMs: timeoutMs }) : undefined
  const sql = 'sql' in from ? from.sql : (database?.sql as Sql)
  return {
    sql,
    run: query => withinTime(Promise.resolve(query(sql)), timeoutMs),
    close: async () => database?.close(),
  }
}
