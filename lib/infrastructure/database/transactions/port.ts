import type postgres from 'postgres'
import { InfrastructureError } from '../../../core/errors.ts'

export type IsolationLevel = 'read committed' | 'repeatable read' | 'serializable'

export interface TransactionOptions {
  /** That of the server when absent, mostly `read committed`. */
  isolation?: IsolationLevel
  readOnly?: boolean
  /** With `serializable` and `readOnly`: waits for a moment in which it cannot conflict with others. */
  deferrable?: boolean
  /** How often the work is run in all when it conflicts with another transaction (40001, 40P01): 3 by default. */
  attempts?: number
  /** Before the second attempt (ms), 20 by default: it doubles, and each wait is chosen by chance up to it. */
  backoffMs?: number
  /** For all of it in ms: the wait for a connection, every attempt, the commit. Then a running statement is cancelled. */
  deadlineMs?: number
  /** Ends it as the deadline does, with the reason of the signal. */
  signal?: AbortSignal
  /** Within another transaction: a savepoint, which can fail on its own (default), or a part of that one. */
  nested?: 'savepoint' | 'join'
}

/** `unknown`: the connection was lost, or the deadline passed, while the server was asked to commit. */
export type RollbackReason = { outcome: 'rolled-back' | 'unknown'; error: unknown }

export interface TransactionHooks {
  /** Called in order once the changes are there for all, outside the transaction. What they reject with goes to `onError`. */
  afterCommit(hook: () => unknown): void
  /** Called when they are not, or when that is unknown: in a savepoint that is rolled back as well. */
  afterRollback(hook: (reason: RollbackReason) => unknown): void
}

/** One attempt at a transaction, or a savepoint in it. */
export interface Transaction<Orm = unknown> extends TransactionHooks {
  /** Bound to it, unlike `sql` and `orm` of Transactions: to be passed to what knows nothing of it. */
  readonly sql: postgres.TransactionSql
  readonly orm: Orm
  /** 1 for the first. */
  readonly attempt: number
  /** Aborted when it ends by deadline, signal or loss of its connection. */
  readonly signal: AbortSignal
}

/** A transaction that waits on the server, also over its restarts, until someone ends it. It keeps its locks. */
export interface PreparedTransaction {
  readonly id: string
  commit(): Promise<void>
  rollback(): Promise<void>
}

/** Two-phase commit, where the server has `max_prepared_transactions` above 0; else `TRANSACTION_UNSUPPORTED`. */
export interface TwoPhase {
  /** Runs the work and prepares it under an id: 1 to 199 letters, digits, `.`, `_` and `-`. Hooks are called when this process ends it. */
  prepare(
    id: string,
    work: (transaction: Transaction) => Promise<unknown>,
    options?: TransactionOptions,
  ): Promise<PreparedTransaction>
  /** Those of this database, the oldest first. */
  list(): Promise<{ id: string; at: Date; owner: string }[]>
  /** `TRANSACTION_NOT_FOUND` when there is none under this id. */
  commit(id: string): Promise<void>
  rollback(id: string): Promise<void>
}

/** Advisory locks of Postgres, by any text. */
export interface AdvisoryLocks {
  /** Waits for the lock and holds it until the transaction ends. `TRANSACTION_NONE` outside one. */
  inTransaction(key: string): Promise<void>
  /** Whether it was free; does not wait. */
  tryInTransaction(key: string): Promise<boolean>
  /**
   * Holds the lock on a connection of its own, outside the pool and without a transaction, while the work runs. The signal is aborted when that connection is
   * lost, and the lock with it: `TRANSACTION_LOCK_LOST`.
   */
  during<T>(key: string, work: (signal: AbortSignal) => Promise<T>, options?: { signal?: AbortSignal }): Promise<T>
  /** The same without waiting. */
  tryDuring<T>(
    key: string,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<{ acquired: true; result: T } | { acquired: false }>
}

/**
 * Transactions of one database that are found by what is called in them: `sql` and `orm` join the transaction they are called in, through
 * any number of functions, and use the pool outside one. A statement that is run after its transaction has ended rejects with
 * `TRANSACTION_ENDED`. Rejects with the work's own error, DatabaseError or TransactionError.
 */
export interface Transactions<Orm = unknown> extends TransactionHooks {
  readonly sql: postgres.Sql
  readonly orm: Orm
  /**
   * Commits when the work resolves, rolls back when it rejects. After a serialization failure or a deadlock the work is run again, so
   * what it does outside the database belongs into `afterCommit`.
   */
  run<T>(work: (transaction: Transaction<Orm>) => Promise<T>, options?: TransactionOptions): Promise<T>
  /** The one that this is called in. */
  current(): Transaction<Orm> | undefined
  /** Runs something outside the transaction that it is called in. */
  outside<T>(work: () => T): T
  readonly locks: AdvisoryLocks
  readonly twoPhase: TwoPhase
}

/**
 * `DEADLINE` it took too long, and nothing is changed; `UNKNOWN` whether it was committed; `ENDED` a statement came after its end; `NONE` this needs
 * a transaction; `OPTIONS` invalid, or not possible within another one; `UNSUPPORTED` by the server; `NOT_FOUND` no prepared
 * transaction of this id; `LOCK_LOST` while it was held.
 */
export type TransactionErrorCode =
  `TRANSACTION_${'DEADLINE' | 'UNKNOWN' | 'ENDED' | 'NONE' | 'OPTIONS' | 'UNSUPPORTED' | 'NOT_FOUND' | 'LOCK_LOST'}`

export class TransactionError extends InfrastructureError {
  override readonly code: TransactionErrorCode
  constructor(
    message: string,
    options: { code: TransactionErrorCode; retryable?: boolean; nextStep?: string; cause?: unknown },
  ) {
    super(message, options)
    this.code = options.code
  }
}
