import type { PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import type * as schema from '../../../drizzle/schema/index.ts'

export type Db = PostgresJsDatabase<typeof schema>
export type Tx = Parameters<Parameters<Db['transaction']>[0]>[0]

/** The console's own Postgres. */
export interface Store {
  readonly db: Db
  /** `migrating` until the console's tables are there. */
  readonly state: 'migrating' | 'ready' | 'down'
  readonly reason?: string
  ping(): Promise<void>
  /** Tells all replicas, this one included, that something changed. */
  notify(environment: string, topics: readonly string[]): Promise<void>
  listen(listener: (environment: string, topics: string[]) => void): Promise<void>
  close(): Promise<void>
}
