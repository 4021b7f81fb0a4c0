import { describe, expect, test } from 'vitest'
import { accountsBench } from '../../testing/accounts-bench.ts'
import type { RollbackReason } from '../index.ts'

const accounts = accountsBench()

describe('a connection that is lost', () => {
  test.each([
    ['during a statement', false],
    ['between two', true],
  ])('%s: nothing is committed, hooks say rolled back, and the pool goes on', async (_when, isIdle) => {
    const reasons: RollbackReason[] = []
    const later = Promise.withResolvers<unknown>()
    const failing = accounts.transactions.run(async ({ afterRollback, signal }) => {
      afterRollback(reason => reasons.push(reason))
      await accounts.take(1, 10)
      if (!isIdle) return accounts.transactions.sql`select pg_terminate_backend(pg_backend_pid())`
      const aborted = new Promise<unknown>(resolve => signal.addEventListener('abort', resolve, { once: true }))
      await accounts.terminate(await accounts.backend())
      await aborted
      // The work goes on as if nothing had happened; none of it may reach the connection that replaces the lost one.
      const attempt = (async () => accounts.take(2, 10))()
      later.resolve(attempt.catch((error: unknown) => error))
      return attempt
    })
    await expect(failing).rejects.toMatchObject({ code: 'DATABASE_UNREACHABLE' })
    expect(reasons).toMatchObject([{ outcome: 'rolled-back', error: { code: 'DATABASE_UNREACHABLE' } }])
    if (isIdle) expect(await later.promise).toMatchObject({ code: 'TRANSACTION_ENDED' })
    await Promise.all([1, 2, 3].map(() => accounts.transactions.run(() => accounts.take(2, 1))))
    expect(await accounts.cents()).toEqual([100, 97])
    expect(accounts.database.stats().active).toBe(0)
  })

  test('within a savepoint every work around it is told', async () => {
    const told: unknown[] = []
    const failing = accounts.transactions.run(async () => {
      try {
        await accounts.transactions.run(async () => {
          await accounts.transactions.sql`select pg_terminate_backend(pg_backend_pid())`
        })
      } catch (error) {
        told.push(error)
        throw error
      }
    })
    await expect(failing).rejects.toMatchObject({ code: 'DATABASE_UNREACHABLE' })
    expect(told).toMatchObject([{ code: 'DATABASE_UNREACHABLE' }])
  })

  test('a work that hides the loss has not committed either, and that is known', async () => {
    const reasons: RollbackReason[] = []
    const failing = accounts.transactions.run(async ({ afterRollback }) => {
      afterRollback(reason => reasons.push(reason))
      await accounts.transactions.sql`select pg_terminate_backend(pg_backend_pid())`.catch(() => undefined)
    })
    await expect(failing).rejects.toMatchObject({ code: 'DATABASE_UNREACHABLE' })
    expect(reasons).toMatchObject([{ outcome: 'rolled-back' }])
  })

  test('at the commit the outcome is unknown, to the caller and to the hooks', async () => {
    const called: unknown[] = []
    const { promise: pid, resolve } = Promise.withResolvers<number>()
    await accounts.operator.sql`select pg_advisory_lock(7)`
    const committing = accounts.transactions.run(async ({ afterCommit, afterRollback }) => {
      afterCommit(() => called.push('committed'))
      afterRollback(({ outcome }) => called.push(outcome))
      await accounts.transactions.sql`insert into slow values (1)`
      resolve(await accounts.backend())
    })
    const outcome = expect(committing).rejects.toMatchObject({
      code: 'TRANSACTION_UNKNOWN',
      retryable: false,
      nextStep: expect.any(String),
      cause: { code: 'DATABASE_UNREACHABLE' },
    })
    await accounts.waitsForLock(await pid)
    await accounts.terminate(await pid)
    await outcome
    await accounts.operator.sql`select pg_advisory_unlock(7)`
    expect(called).toEqual(['unknown'])
  })

  test('an error of the commit itself is a rollback', async () => {
    const reasons: RollbackReason[] = []
    await expect(
      accounts.transactions.run(async ({ afterRollback }) => {
        afterRollback(reason => reasons.push(reason))
        await accounts.transactions.sql`insert into late values (1), (1)`
      }),
    ).rejects.toMatchObject({ code: 'DATABASE_CONSTRAINT' })
    expect(reasons).toMatchObject([{ outcome: 'rolled-back' }])
  })
})
