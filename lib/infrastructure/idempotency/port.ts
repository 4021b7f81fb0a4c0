import type { Sql, TransactionSql } from 'postgres'
import { InfrastructureError } from '../../core/errors.ts'

export interface IdempotentOptions {
  /** What is asked for. The same key with another body is a `CONFLICT`; only a fingerprint of it is kept. Not compared where it is undefined. */
  body?: unknown
  /** How long the result is kept (ms); default 24 hours. After it the work runs again. */
  ttlMs?: number
  /** How long to wait for one in flight (ms); default 10 s. */
  waitMs?: number
  /** Aborting ends this wait at once, with the signal's reason. The work's own signal aborts when nobody here waits for it any longer. */
  signal?: AbortSignal
}

export interface RunOptions extends IdempotentOptions {
  /** A process that does not renew for this long counts as crashed (ms); default 10 s. */
  leaseMs?: number
  /**
   * When a process crashed in the middle, nobody knows whether the work had its effect. `fail` (default): the key rejects with
   * `OUTCOME_UNKNOWN` until `resolve` or `forget`. `retry`: the next caller runs the work again, so it must be harmless twice, or refuse a
   * fence smaller than one it has seen.
   */
  onCrash?: 'fail' | 'retry'
  /**
   * An error of the work releases the key, so that the next caller runs it again, except if it is kept for this long (ms):
   * then others get it as `KEPT_FAILURE`. A function decides for each error.
   */
  keepErrors?: number | ((error: unknown) => number | undefined)
}

export interface WorkContext {
  /** Greater than that of every run of this key before, for ever. */
  fence: number
  /** Aborts when nobody waits any longer, or when another process may take over. */
  signal: AbortSignal
}

export interface KeptFailure {
  name: string
  message: string
  code?: string
}

/** `unknown`: begun, but neither finished nor renewed in time. */
export type IdempotencyRecord =
  | { state: 'in-flight' | 'unknown'; fence: number }
  | { state: 'completed'; fence: number; value: unknown }
  | { state: 'failed'; fence: number; failure: KeptFailure }

export interface DedupeOptions<Arguments extends unknown[]> extends Omit<RunOptions, 'body'> {
  key(...input: Arguments): string
  body?(...input: Arguments): unknown
}

/**
 * Runs work once for each key, over all processes with the same store and namespace. Exactly once is only possible where effect and record
 * commit together (`runInTransaction`). Everywhere else a process may crash between the two, and `onCrash` decides between at most once
 * (`fail`) and at least once (`retry`). Rejects with IdempotencyError, or with the work's own error.
 */
export interface Idempotency {
  /**
   * The result of the work: of a run before, of one in flight, or of running it now. It comes back after a round trip
   * through JSON, also the first time. A caller in the same process shares the error of a run in flight; one in another process runs the work.
   */
  run<T>(key: string, options: RunOptions, work: (context: WorkContext) => Promise<T> | T): Promise<T>
  /** The same function, run once for each key that `key` makes of its arguments. */
  dedupe<Arguments extends unknown[], T>(
    work: (...input: Arguments) => Promise<T> | T,
    options: DedupeOptions<Arguments>,
  ): (...input: Arguments) => Promise<T>
  lookup(key: string): Promise<IdempotencyRecord | undefined>
  /** Records the result of a key whose outcome is unknown, once someone has found out. Whether it was unknown. */
  resolve(key: string, value: unknown, options?: { ttlMs?: number }): Promise<boolean>
  /** Removes what is kept of a key, so that its work can run again; not of one in flight. Whether there was something. */
  forget(key: string): Promise<boolean>
  /** Frees the space of at most `limit` (1,000) expired records; Redis and memory do so on their own. Resolves with how many. */
  removeExpired(options?: { limit?: number }): Promise<number>
  /** Later calls are refused; what runs goes on and is still recorded, and this waits for it. A connection that was passed in stays open. */
  close(): Promise<void>
}

export interface TransactionContext extends WorkContext {
  /** The transaction: what is written through it is committed with the record, or not at all. */
  sql: TransactionSql
}

/** What only Postgres can do. */
export interface PostgresIdempotency extends Idempotency {
  /**
   * Runs the work exactly once: its writes through the given `sql` and the record commit together. `sql` is a pool of the database with
   * the records, or a transaction of it, with which everything then commits. An error of the work rolls back both; so does a crash.
   */
  runInTransaction<T>(
    sql: Sql | TransactionSql,
    key: string,
    options: IdempotentOptions,
    work: (context: TransactionContext) => Promise<T> | T,
  ): Promise<T>
}

/**
 * `IN_FLIGHT` for longer than `waitMs`, try again; `CONFLICT` another body; `OUTCOME_UNKNOWN` a process crashed in the middle; `KEPT_FAILURE` the
 * work failed before; `LEASE_LOST` another process took over in the meantime; `UNRECORDED` the work was done, but not recorded; `VALUE` its
 * result is not JSON or too large; `UNREACHABLE`, `REFUSED` by the store; `KEY`, `OPTIONS` not valid; `CLOSED`.
 */
export type IdempotencyErrorCode =
  | 'IN_FLIGHT'
  | 'CONFLICT'
  | 'OUTCOME_UNKNOWN'
  | 'KEPT_FAILURE'
  | 'LEASE_LOST'
  | 'UNRECORDED'
  | 'VALUE'
  | 'UNREACHABLE'
  | 'REFUSED'
  | 'KEY'
  | 'OPTIONS'
  | 'CLOSED'

export class IdempotencyError extends InfrastructureError {
  override readonly code: IdempotencyErrorCode
  /** For `KEPT_FAILURE`. */
  readonly failure: KeptFailure | undefined
  /** For `UNRECORDED`: what the work returned. */
  readonly result: unknown

  constructor(
    message: string,
    options: {
      code: IdempotencyErrorCode
      retryable?: boolean
      nextStep?: string
      cause?: unknown
      failure?: KeptFailure
      result?: unknown
    },
  ) {
    super(message, options)
    this.code = options.code
    this.failure = options.failure
    this.result = options.result
  }
}
