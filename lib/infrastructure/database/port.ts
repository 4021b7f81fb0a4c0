import { InfrastructureError } from '../../core/errors.ts'

/**
 * What went wrong, for programs:
 * `UNREACHABLE` no connection, or it broke; `CLOSED` this pool was closed; `TIMEOUT` the statement took too long;
 * `OVERLOADED` out of connections, memory or disk; `CONFLICT` with another transaction (deadlock, serialization,
 * lock); `CONSTRAINT` the data violates a constraint of the schema; `DENIED` wrong credentials or missing rights;
 * `READ_ONLY` the server takes no writes; `REFUSED` any other error of the server.
 */
export type DatabaseErrorCode = `DATABASE_${
  | 'UNREACHABLE'
  | 'CLOSED'
  | 'TIMEOUT'
  | 'OVERLOADED'
  | 'CONFLICT'
  | 'CONSTRAINT'
  | 'DENIED'
  | 'READ_ONLY'
  | 'REFUSED'}`

/** Every error of a database call. The message contains no row values except those in Postgres' own message. */
export class DatabaseError extends InfrastructureError {
  override readonly code: DatabaseErrorCode
  /** Postgres' five characters, e.g. `23505`; undefined when the server was not reached. */
  readonly sqlState: string | undefined
  /** Name of the violated constraint. */
  readonly constraint: string | undefined

  constructor(
    message: string,
    options: {
      code: DatabaseErrorCode
      sqlState?: string
      constraint?: string
      retryable?: boolean
      nextStep?: string
      cause?: unknown
    },
  ) {
    super(message, options)
    this.code = options.code
    this.sqlState = options.sqlState
    this.constraint = options.constraint
  }
}

/** A connection that is held for long, perhaps for ever: a transaction or a reservation that does not end, or a slow statement. */
export interface HeldConnectionReport {
  kind: 'query' | 'transaction' | 'reservation'
  heldMs: number
  /** Where in the code it was taken, with `traceHolders`. */
  stack?: string
}

/** Several hosts of one database, of which the primary is used. */
export interface HostsReport {
  hosts: { name: string; connections: number; failedAt?: number; why?: string }[]
  /** Absent until a statement was answered. */
  inUse?: string
  since?: number
  /** The last time that another host was taken into use. */
  switched?: { at: number; from: string; to: string; why: string }
}

export interface ReplicaReport {
  address: string
  /** `lagging`: further behind than it may be, so no read goes there. */
  state: 'up' | 'lagging' | 'down' | 'unknown'
  lagMs?: number
  /** Why it is not `up`. */
  why?: string
  size: number
  active: number
  queries: number
  errors: number
}

/** Measured in this process. `active` and `waiting` count single queries, and transactions as one. */
export interface DatabaseStats {
  name: string
  /** `host:port/database` that it leads to, without the account; absent where the address is no URL. */
  address?: string
  /** Connections allowed, and open now. */
  max: number
  size: number
  active: number
  idle: number
  /** Queries that wait for a connection. */
  waiting: number
  /** Calls that had to wait for a connection since the start, all their waits together, and the longest of the last minute, also of those that wait now. */
  waits?: { count: number; totalMs: number; longestMs: number }
  /** The connections that are held longest, where that is longer than `heldAfterMs`. */
  held?: HeldConnectionReport[]
  /** Where the address names several hosts. */
  hosts?: HostsReport
  /** Where reads may go. */
  replicas?: ReplicaReport[]
  /** Since the start: statements sent by callers, and those that failed. */
  queries: number
  errors: number
  lastError?: { at: number; code: DatabaseErrorCode; message: string }
}

/**
 * How long the calls of one statement took, since the start of the process: from when the server was free for it, without the wait for a
 * connection or for statements that were sent before it, to its last row. Those that failed are not in it, as in pg_stat_statements.
 */
export interface StatementReport {
  /** Name and address of the pool. */
  database: string
  address?: string
  /** Without comments and values, `$0` in their place; at most 1,000 characters. */
  text: string
  calls: number
  totalMs: number
  /** Calls in each of DURATION_BUCKETS of the metrics, and last those above. */
  spread: number[]
}

/**
 * A pool of connections to one database. `sql` and `orm` are the libraries' own objects, except that they reject with a
 * DatabaseError. Both share the pool and the statistics. Dates and timestamps come as text from `sql` (drizzle sets this on
 * the connection), and as the column declares from `orm`.
 */
export interface Database<Sql = unknown, Orm = unknown> {
  readonly name: string
  readonly sql: Sql
  readonly orm: Orm
  /**
   * For reads that may be a moment old: they go to a replica that is up and not lagging, in turn, or to the primary where there is none. Within
   * `consistent`, what was written there is always seen.
   */
  readonly read: { readonly sql: Sql; readonly orm: Orm }
  /** Within `work`, for example a request, `read` goes to the primary after a use of the primary until a replica has replayed that. */
  consistent<T>(work: () => T): T
  /** One round trip. Resolves with its time in ms; rejects with DatabaseError, or with the signal's reason. */
  ping(signal?: AbortSignal): Promise<number>
  stats(): DatabaseStats
  /** Of the forty statements that took most of its time, and of each replica's. Without cursors, BEGIN and COMMIT. */
  statements(): StatementReport[]
  /** Commits when `work` resolves, rolls back and rejects with its error when it rejects. Nested calls on `orm` make savepoints. */
  transaction<T>(work: (transaction: { sql: unknown; orm: Orm }) => Promise<T>): Promise<T>
  /** Waits for running queries up to `timeoutMs` (5,000), then ends them. May be called again. */
  close(options?: { timeoutMs?: number }): Promise<void>
}

/** The databases of one process, for the fleet. */
export interface DatabaseRegistry {
  add(database: Pick<Database, 'name' | 'stats'> & Partial<Pick<Database, 'statements'>>): void
  remove(name: string): void
  reports(): DatabaseStats[]
  /** Grows when any report changes. */
  readonly revision: number
  /** Of all of them, those that took most time first. */
  statements(): StatementReport[]
  /** Differs when one of those was called since. */
  readonly statementsRevision: number
}
