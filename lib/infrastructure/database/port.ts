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
  /** Since the start: statements sent by callers, and those that failed. */
  queries: number
  errors: number
  lastError?: { at: number; code: DatabaseErrorCode; message: string }
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
  /** One round trip. Resolves with its time in ms; rejects with DatabaseError, or with the signal's reason. */
  ping(signal?: AbortSignal): Promise<number>
  stats(): DatabaseStats
  /** Commits when `work` resolves, rolls back and rejects with its error when it rejects. Nested calls on `orm` make savepoints. */
  transaction<T>(work: (transaction: { sql: unknown; orm: Orm }) => Promise<T>): Promise<T>
  /** Waits for running queries up to `timeoutMs` (5,000), then ends them. May be called again. */
  close(options?: { timeoutMs?: number }): Promise<void>
}

/** The databases of one process, for the fleet. */
export interface DatabaseRegistry {
  add(database: Database): void
  remove(name: string): void
  reports(): DatabaseStats[]
  /** Grows when any report changes. */
  readonly revision: number
}
