import type postgres from 'postgres'
import { openSession } from '../adapters/session.ts'
import { type AdvisoryLocks, type Transaction, TransactionError } from './port.ts'

type Held<T> = { acquired: true; result: T } | { acquired: false }

/** Locks by the hash of a text, which is 64 bits wide, so that two texts practically never share one. */
export function advisoryLocks(parts: { pool: postgres.Sql; current(): Transaction | undefined }): AdvisoryLocks {
  const { pool, current } = parts

  async function inTransaction(call: string, key: string) {
    const transaction = current()
    if (!transaction)
      throw new TransactionError('A lock of a transaction needs one, and this is called outside', {
        code: 'TRANSACTION_NONE',
        nextStep: 'Call it in transactions.run, or use locks.during, which needs no transaction.',
      })
    return isHeld(await transaction.sql.unsafe(lockStatement(call), [key]))
  }

  async function during<T>(
    call: string,
    key: string,
    work: (signal: AbortSignal) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<Held<T>> {
    const session = openSession(pool)
    try {
      if (!isHeld(await session.run(lockStatement(call), [key], signal))) return { acquired: false }
      const result = await untilLost(session.lost, work)
      await session.run(lockStatement('pg_advisory_unlock'), [key])
      return { acquired: true, result }
    } finally {
      // The end of a session frees its locks as well.
      await session.close()
    }
  }

  return {
    inTransaction: async key => void (await inTransaction('pg_advisory_xact_lock', key)),
    tryInTransaction: key => inTransaction('pg_try_advisory_xact_lock', key),
    async during(key, work, { signal } = {}) {
      const held = await during('pg_advisory_lock', key, work, signal)
      return (held as { result: Awaited<ReturnType<typeof work>> }).result
    },
    tryDuring: (key, work) => during('pg_try_advisory_lock', key, work),
  }
}

const lockStatement = (call: string) => `select ${call}(hashtextextended($1, 0)) as held`
/** One that waits answers nothing, and has it. */
const isHeld = ([row]: readonly Record<string, unknown>[]) => row?.held !== false

/** When the lock is lost, the work is told and waited for: it ends before its caller goes on. */
async function untilLost<T>(lost: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  try {
    const result = await work(lost)
    lost.throwIfAborted()
    return result
  } catch (error) {
    if (!lost.aborted) throw error
    throw new TransactionError('The lock was lost with its connection while it was held', {
      code: 'TRANSACTION_LOCK_LOST',
      retryable: true,
      cause: lost.reason,
    })
  }
}
