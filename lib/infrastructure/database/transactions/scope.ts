import type postgres from 'postgres'
import type { HeldConnection } from '../adapters/held-connection.ts'
import { heldConnection } from '../adapters/measured-sql.ts'
import type { Hooks } from './hooks.ts'
import { type Transaction, TransactionError } from './port.ts'
import { routedSql, type SqlTarget } from './routed-sql.ts'

/** What the savepoints of a transaction share with it. */
export interface Root {
  attempt: number
  /** As it was begun: what those within it ask for must be the same. */
  mode: string
  abort: Abort
  /** So many were made: postgres.js numbers them. */
  savepoints: number
}

/** Most works never look at the signal of their transaction, and it costs more to make than a statement to send. */
export class Abort {
  #controller: AbortController | undefined
  #reason: { reason: unknown } | undefined

  abort(reason: unknown): void {
    this.#reason ??= { reason }
    this.#controller?.abort(reason)
  }

  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController()
      if (this.#reason) this.#controller.abort(this.#reason.reason)
    }
    return this.#controller.signal
  }
}

export interface ScopeParts<Orm> {
  pool: postgres.Sql
  inner: postgres.TransactionSql
  hooks: Hooks
  root: Root
  ormOn(sql: postgres.Sql): Orm
  nested(scope: Scope<Orm>, work: (transaction: Transaction<Orm>) => Promise<unknown>, mode: string): Promise<unknown>
}

/** A transaction or a savepoint while its work runs: where statements go that are run in it. */
export class Scope<Orm = unknown> implements SqlTarget {
  readonly hooks: Hooks
  readonly root: Root
  /** Of a savepoint's own limit; that of the whole is the root's. */
  readonly abort = new Abort()
  readonly transaction: Transaction<Orm>
  readonly #parts: ScopeParts<Orm>
  #over = false
  #last: Promise<unknown> = Promise.resolve()

  constructor(parts: ScopeParts<Orm>) {
    this.#parts = parts
    this.hooks = parts.hooks
    this.root = parts.root
    this.transaction = new ScopeTransaction(parts, this)
  }

  get sql(): postgres.TransactionSql {
    if (this.#over)
      throw new TransactionError('A statement was run after its transaction had ended', {
        code: 'TRANSACTION_ENDED',
        nextStep: 'Await it before the transaction ends, or begin what lives longer with transactions.outside.',
      })
    return this.#parts.inner
  }

  get connection(): HeldConnection | undefined {
    return heldConnection(this.#parts.inner)
  }

  begin: SqlTarget['begin'] = (mode, work) => this.#parts.nested(this, withSql(work), mode)

  /** Its work has ended, or has been left. */
  get isOver(): boolean {
    return this.#over
  }

  end(): void {
    this.#over = true
  }

  /** One after the other: savepoints of one connection that overlap would end each other. */
  async inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work)
    this.#last = turn.catch(() => undefined)
    return turn
  }
}

class ScopeTransaction<Orm> implements Transaction<Orm> {
  readonly #parts: ScopeParts<Orm>
  readonly #scope: Scope<Orm>
  #sql: postgres.Sql | undefined
  #orm: Orm | undefined

  constructor(parts: ScopeParts<Orm>, scope: Scope<Orm>) {
    this.#parts = parts
    this.#scope = scope
  }

  get sql() {
    this.#sql ??= routedSql(this.#parts.pool, () => this.#scope)
    return this.#sql as unknown as postgres.TransactionSql
  }
  get orm() {
    this.#orm ??= this.#parts.ormOn(this.sql as unknown as postgres.Sql)
    return this.#orm
  }
  get attempt() {
    return this.#parts.root.attempt
  }
  get signal() {
    return AbortSignal.any([this.#parts.root.abort.signal, this.#scope.abort.signal])
  }
  afterCommit: Transaction['afterCommit'] = hook => this.#parts.hooks.afterCommit(hook)
  afterRollback: Transaction['afterRollback'] = hook => this.#parts.hooks.afterRollback(hook)
}

/** The work of `sql.begin` and `sql.savepoint` of postgres.js, which gets an `sql` and may return a list of statements. */
export function withSql(work: (sql: postgres.TransactionSql) => unknown) {
  return async ({ sql }: Transaction): Promise<unknown> => {
    const result = await work(sql)
    return Array.isArray(result) ? Promise.all(result) : result
  }
}
