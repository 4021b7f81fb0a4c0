import { setTimeout as pause } from 'node:timers/promises'
import type postgres from 'postgres'
import { DatabaseError } from '../port.ts'
import { Hooks } from './hooks.ts'
import { type Limit, rejection } from './limit.ts'
import { type RollbackReason, type Transaction, TransactionError } from './port.ts'
import { Abort, type Root, Scope, type ScopeParts } from './scope.ts'

/** With which the server ends a connection: shutdown, crash of another process, a time limit of an idle one. */
const OLD_ERRORS = new Set(['57P01', '57P02', '57P05', '25P03', '25P04'])
/** How long a rollback after the deadline may take (ms). A server that does not answer does it when it notices that its connection is gone. */
const ROLLBACK_WAIT = 1_000
/** The server's own limit of a statement comes a little later than the deadline (ms): it is for a client that is gone. */
const SERVER_SLACK = 500

export interface AttemptParts<Orm> extends Pick<ScopeParts<Orm>, 'pool' | 'ormOn' | 'nested'> {
  onError(error: unknown): void
  /** Makes what is called in the work find the scope. */
  within<T>(scope: Scope<Orm> | undefined, work: () => T): T
}

export interface AttemptOptions {
  /** For `begin`: isolation level and the like. */
  mode: string
  attempt: number
  limit: Limit | undefined
  /** Prepares it under this id in place of a commit. */
  prepare?: string
}

/** Runs the work once, in a transaction of its own. The hooks of one that is committed are left to the caller; those of any other were called. */
export async function attemptOnce<Orm, T>(
  parts: AttemptParts<Orm>,
  { mode, attempt, limit, prepare }: AttemptOptions,
  work: (transaction: Transaction<Orm>) => Promise<T>,
): Promise<{ result: T; hooks: Hooks }> {
  const { pool, onError, ormOn, nested } = parts
  const hooks = new Hooks(onError)
  const root: Root = { attempt, mode, abort: new Abort(), savepoints: 0 }
  const at: { phase: 'waiting' | 'working' | 'committing' } = { phase: 'waiting' }
  let scope: Scope<Orm> | undefined
  const begun = beginOn(pool, mode, at, async inner => {
    limit?.signal.throwIfAborted()
    at.phase = 'working'
    scope = new Scope({ pool, inner, hooks, root, ormOn, nested })
    if (limit?.deadlineMs !== undefined) limitOnServer(inner, limit.remainingMs() + SERVER_SLACK)
    const result = await bounded(scope, limit, parts, work)
    scope.connection?.close()
    if (!scope.connection?.lost) at.phase = 'committing'
    if (prepare !== undefined) void inner.prepare(prepare)
    return { value: result }
  })
  try {
    const { value } = await (limit ? Promise.race([begun, late(limit, at)]) : begun)
    return { result: value, hooks }
  } catch (error) {
    scope?.end()
    root.abort.abort(error)
    const isUnknown =
      at.phase === 'committing' && (scope?.connection?.lost !== undefined || limit?.signal.aborted === true)
    const reason: RollbackReason = { outcome: isUnknown ? 'unknown' : 'rolled-back', error }
    await hooks.rolledBack(reason)
    throw isUnknown ? unknownOutcome(error) : error
  }
}

/** The work in its scope, until it ends or its limit is reached; then what it is waiting for on the server is cancelled. */
export async function bounded<Orm, T>(
  scope: Scope<Orm>,
  limit: Limit | undefined,
  { within }: Pick<AttemptParts<Orm>, 'within'>,
  work: (transaction: Transaction<Orm>) => Promise<T>,
): Promise<T> {
  try {
    const running = within(scope, () => work(scope.transaction))
    return await (limit ? Promise.race([running, limit.reached]) : running)
  } catch (error) {
    if (limit?.signal.aborted) {
      // Further statements of the work, which may still be running, must not come before the rollback.
      scope.end()
      scope.abort.abort(error)
      scope.connection?.close()
      await scope.connection?.cancelRunning()
    }
    throw error
  } finally {
    scope.end()
  }
}

/** postgres.js gives the error of a connection that ended while it was idle to the next one who asks for it, whose `begin` was not sent. */
async function beginOn<T>(
  pool: postgres.Sql,
  mode: string,
  at: { phase: string },
  work: (inner: postgres.TransactionSql) => Promise<T>,
): Promise<T> {
  for (let connections = pool.options.max; ; connections--) {
    try {
      return (await pool.begin(mode, work)) as T
    } catch (error) {
      const isOld = at.phase === 'waiting' && error instanceof DatabaseError && OLD_ERRORS.has(error.sqlState ?? '')
      if (!isOld || connections === 0) throw error
    }
  }
}

async function late(limit: Limit, at: { phase: string }): Promise<never> {
  return rejection(limit.signal).catch(async reason => {
    if (at.phase === 'working') await pause(ROLLBACK_WAIT, undefined, { ref: false })
    throw reason
  })
}

/** Sent with `begin`, so it costs no round trip; a limit of the server that is stricter stays. */
function limitOnServer(inner: postgres.TransactionSql, ms: number): void {
  const most = String(Math.ceil(ms))
  void inner`
    select set_config('statement_timeout', ${most}, true)
    where current_setting('statement_timeout')::interval not between interval '1 ms' and ${most}::float8 * interval '1 ms'`.execute()
}

function unknownOutcome(cause: unknown): TransactionError {
  return new TransactionError('It is not known whether the transaction was committed: the server did not answer', {
    code: 'TRANSACTION_UNKNOWN',
    nextStep: 'Look whether its changes are there before doing it again.',
    cause,
  })
}
