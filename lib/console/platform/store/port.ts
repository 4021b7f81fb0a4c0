import type { PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import type * as schema from '../../../../drizzle/schema/index.ts'
import { InfrastructureError } from '../../../core/errors.ts'

export type Db = PostgresJsDatabase<typeof schema>
export type Tx = Parameters<Parameters<Db['transaction']>[0]>[0]

/** The console's own Postgres. */
export interface Store {
  readonly db: Db
  /** `migrating` until the console's tables are there. */
  readonly state: 'migrating' | 'ready' | 'down'
  readonly reason?: string
  ping(): Promise<void>
  /** Notifies all replicas, this one included, that something changed. */
  notify(environment: string, topics: readonly string[]): Promise<void>
  listen(listener: (environment: string, topics: string[]) => void): Promise<void>
  close(): Promise<void>
}

/** Leadership: the right to do something that only one of several consoles may do. Another one gets it within seconds after the holder stops. */
export interface Lead {
  /** As far as this console knows. */
  readonly held: boolean
  /** Asks for the lead; resolves with whether this console has it. Rejects when Postgres does not answer. */
  claim(): Promise<boolean>
  /** Work that only the holder does, on the very connection that holds the lead. Rejects with LeadLostError when it is lost. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /** Releases the lead and closes its connection. */
  release(): Promise<void>
}

/** The lead has gone to another console; nothing of the transaction was written. */
export class LeadLostError extends InfrastructureError {
  override readonly code = 'LEAD_LOST'
}
