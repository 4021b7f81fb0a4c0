import { InfrastructureError } from '../../core/errors.ts'

/**
 * What went wrong, for programs:
 * `UNREACHABLE` no connection, or it broke; `CLOSED` this pool was closed; `TIMEOUT` the statement ran out of time;
 * `OVERLOADED` out of connections, memory or disk; `CONFLICT` another transaction was in the way (deadlock,
 * serialization, lock); `CONSTRAINT` the data breaks a rule of the schema; `DENIED` wrong credentials or missing rights;
 * `READ_ONLY` the server takes no writes; `REFUSED` anything else the server said no to.
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

/** Every way a database call fails. The message holds no row values that Postgres does not itself put into its message. */
export class DatabaseError extends InfrastructureError {
  override readonly code: DatabaseErrorCode
  /** Postgres' five characters, e.g. `23505`; undefined when the server was not reached. */
  readonly sqlState: string | undefined
  /** Name of the constraint that was broken. */
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
  /** Connections allowed, and open now. */
  max: number
  size: number
  active: number
  idle: number
  /** Queries that no connection of their own was free for. */
  waiting: number
  /** Since the start: statements sent by callers, and those that failed. */
  queries: number
  errors: number
  lastError?: { at: number; code: DatabaseErrorCode; message: string }
}

/**
 * A pool of connections to one database. `sql` and `orm` are the wrapped libraries' own, hidden behind nothing; all they
 * reject with is a DatabaseError. Both share the pool, the statistics and one way of reading: dates and timestamps
 * come as text from `sql` (drizzle sets this on the connection), and as the column says from `orm`.
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
  /** Moves when any report would read differently. */
  readonly revision: number
}
