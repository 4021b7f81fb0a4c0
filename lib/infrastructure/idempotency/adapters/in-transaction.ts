import type { Sql, TransactionSql } from 'postgres'
import { newId } from '../../../core/ids.ts'
import { checkKey, checkOptions, resultJson } from '../checks.ts'
import { leaseLost, storeErrorOf } from '../failures.ts'
import type { PostgresIdempotency, TransactionContext } from '../port.ts'
import type { Claim } from '../record-store.ts'
import { resultOf } from '../runs.ts'
import { Backoff } from '../wait.ts'
import { claimRow, finishRow } from './postgres-statements.ts'

/** Lets `runInTransaction` tell an error of the work, which passes unchanged, from one of the database. */
class WorkFailed {
  readonly error: unknown
  constructor(error: unknown) {
    this.error = error
  }
}

type Attempt = { claim: Exclude<Claim, { kind: 'started' }> } | { json: string | undefined }

export function transactional(
  namespace: string,
  maxResultBytes: number,
  assertOpen: () => void,
): PostgresIdempotency['runInTransaction'] {
  return async (sql, key, given, work) => {
    checkKey(key)
    const options = checkOptions(given)
    const { signal = new AbortController().signal, claim, ttlMs } = options
    const until = performance.now() + options.waitMs
    const backoff = new Backoff()

    async function attempt(transaction: TransactionSql): Promise<Attempt> {
      const owner = newId()
      const answer = await claimRow(transaction, namespace, key, { ...claim, owner })
      if (answer.kind !== 'started') return { claim: answer }
      const json = await finished(transaction, answer.fence)
      const outcome = { state: 'completed' as const, ...(json === undefined ? {} : { json }) }
      if (!(await finishRow(transaction, namespace, key, owner, outcome, ttlMs))) throw leaseLost(key)
      return { json }
    }

    /** An error, also that there is no JSON of the result, rolls the work back. */
    async function finished(transaction: TransactionSql, fence: number): Promise<string | undefined> {
      try {
        const value = await work({ sql: transaction, fence, signal } satisfies TransactionContext)
        signal.throwIfAborted()
        return resultJson(value, maxResultBytes)
      } catch (error) {
        throw new WorkFailed(error)
      }
    }

    for (;;) {
      assertOpen()
      signal.throwIfAborted()
      const made = await transactionOn(sql, attempt).catch(error => {
        throw error instanceof WorkFailed ? error.error : storeErrorOf('Postgres', error)
      })
      const left = until - performance.now()
      if ('claim' in made && made.claim.kind === 'in-flight' && left > 0) {
        await backoff.pause(left, signal)
        continue
      }
      const json = 'claim' in made ? resultOf(key, made.claim) : made.json
      return json === undefined ? undefined : JSON.parse(json)
    }
  }
}

/** A transaction of a pool, or a savepoint within one that was passed in, so that a failure does not end it. */
function transactionOn<T>(sql: Sql | TransactionSql, attempt: (sql: TransactionSql) => Promise<T>): Promise<T> {
  return ('savepoint' in sql ? sql.savepoint(attempt) : sql.begin(attempt)) as Promise<T>
}
