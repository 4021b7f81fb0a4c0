import { AsyncLocalStorage } from 'node:async_hooks'
import type { PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import { drizzleOn, type Schema } from '../adapters/drizzle.ts'
import type { PostgresDatabase } from '../adapters/postgres.ts'
import { advisoryLocks } from './advisory-locks.ts'
import { type AttemptParts, attemptOnce, bounded } from './attempt.ts'
import { backOff, isConflict } from './conflict.ts'
import { Hooks } from './hooks.ts'
import { type Limit, limitOf } from './limit.ts'
import { modeOf } from './mode.ts'
import { type Transaction, TransactionError, type TransactionOptions, type Transactions } from './port.ts'
import { routedSql, type SqlTarget } from './routed-sql.ts'
import { Scope, withSql } from './scope.ts'
import { twoPhase } from './two-phase.ts'

export type DrizzleTransactions<S extends Schema = Record<string, never>> = Transactions<PostgresJsDatabase<S>>

type Work<Orm, T> = (transaction: Transaction<Orm>) => Promise<T>

export function drizzleTransactions<S extends Schema = Record<string, never>>(
  database: PostgresDatabase<S>,
  { onError = () => undefined }: { onError?: (error: unknown) => void } = {},
): DrizzleTransactions<S> {
  type Orm = PostgresJsDatabase<S>
  const storage = new AsyncLocalStorage<Scope<Orm> | undefined>()
  const schema = database.orm._.fullSchema as S
  const parts: AttemptParts<Orm> = {
    pool: database.sql,
    ormOn: sql => drizzleOn(sql, schema),
    nested: (scope, work, mode) => nested(scope, work, mode, {}),
    onError,
    within: (scope, work) => storage.run(scope, work),
  }
  const here: SqlTarget = {
    sql: database.sql,
    begin: async (mode, work) => committed(await runInMode(mode, withSql(work), { attempts: 1 })),
  }
  const sql = routedSql(database.sql, () => storage.getStore() ?? here)
  const orm = drizzleOn(sql, schema)

  async function run<T>(work: Work<Orm, T>, options: TransactionOptions = {}): Promise<T> {
    const scope = storage.getStore()
    const mode = modeOf(options)
    return scope ? nested(scope, work, mode, options) : committed(await runInMode(mode, work, options))
  }

  /** Again after a conflict, within the deadline of all attempts. */
  async function runInMode<T>(mode: string, work: Work<Orm, T>, options: TransactionOptions & { prepare?: string }) {
    const { attempts = 3, backoffMs = 20, prepare } = options
    if (!Number.isInteger(attempts) || attempts < 1) throw refused('attempts must be an integer of at least 1')
    const limit = limited(options)
    try {
      for (let attempt = 1; ; attempt++) {
        try {
          const once = { mode, attempt, limit, ...(prepare === undefined ? {} : { prepare }) }
          return await attemptOnce(parts, once, work)
        } catch (error) {
          if (attempt >= attempts || !isConflict(error)) throw error
          limit?.signal.throwIfAborted()
          await backOff(attempt, backoffMs, limit?.signal)
          limit?.signal.throwIfAborted()
        }
      }
    } finally {
      limit?.release()
    }
  }

  async function nested<T>(scope: Scope<Orm>, work: Work<Orm, T>, mode: string, options: TransactionOptions) {
    if (mode !== '' && mode !== scope.root.mode)
      throw refused(
        `A transaction of mode "${mode}" cannot be begun within one of mode "${scope.root.mode || 'default'}"`,
      )
    const limit = limited(options)
    if (options.nested === 'join') {
      if (limit) throw refused('A part of another transaction has no deadline and no signal of its own')
      return work(scope.transaction)
    }
    try {
      return await savepoint(scope, work, limit)
    } finally {
      limit?.release()
    }
  }

  function savepoint<T>(outer: Scope<Orm>, work: Work<Orm, T>, limit: Limit | undefined): Promise<T> {
    return outer.inTurn(async () => {
      const hooks = new Hooks(onError)
      const name = `s${outer.root.savepoints++}`
      try {
        const kept = (await outer.sql.savepoint(async inner => {
          limit?.signal.throwIfAborted()
          const scope = new Scope({ ...parts, inner, hooks, root: outer.root })
          const value = await bounded(scope, limit, parts, work)
          await inner.unsafe(`release savepoint ${name}`)
          return { value }
        })) as { value: T }
        hooks.moveTo(outer.hooks)
        return kept.value
      } catch (error) {
        // What closed it may have been the end of the whole transaction.
        if (!outer.isOver) outer.connection?.open()
        await storage.run(undefined, () => hooks.rolledBack({ outcome: 'rolled-back', error }))
        throw error
      }
    })
  }

  const current = () => storage.getStore()?.transaction
  return {
    sql,
    orm,
    run,
    current,
    outside: work => storage.run(undefined, work),
    afterCommit: hook => required(current(), 'afterCommit').afterCommit(hook),
    afterRollback: hook => required(current(), 'afterRollback').afterRollback(hook),
    locks: advisoryLocks({ pool: database.sql, current }),
    twoPhase: twoPhase({
      pool: database.sql,
      async prepare(id, work, options) {
        if (storage.getStore()) throw refused('A transaction cannot be prepared within another one')
        const { hooks } = await runInMode(modeOf(options), work, { ...options, prepare: id })
        return hooks
      },
    }),
  }
}

async function committed<T>({ result, hooks }: { result: T; hooks: Hooks }): Promise<T> {
  await hooks.committed()
  return result
}

/** Nothing at all where there is neither: most transactions have no limit, and should not pay for one. */
function limited(options: TransactionOptions): Limit | undefined {
  const { deadlineMs, signal } = options
  if (deadlineMs !== undefined && !(deadlineMs > 0)) throw refused('deadlineMs must be more than 0')
  return deadlineMs === undefined && signal === undefined ? undefined : limitOf(options)
}

function required(transaction: Transaction | undefined, what: string): Transaction {
  if (transaction) return transaction
  throw new TransactionError(`${what} needs a transaction, and this is called outside one`, {
    code: 'TRANSACTION_NONE',
  })
}

function refused(message: string): TransactionError {
  return new TransactionError(message, { code: 'TRANSACTION_OPTIONS' })
}
