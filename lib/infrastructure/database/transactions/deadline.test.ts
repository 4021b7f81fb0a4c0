import { describe, expect, test, vi } from 'vitest'
import { accountsBench } from '../../testing/accounts-bench.ts'
import { createDatabase, createTransactions, type RollbackReason } from '../index.ts'

const accounts = accountsBench()
const own = new Error('the request was closed')

describe('a deadline', () => {
  test('ends a statement that hangs, on the server too, and keeps nothing', async () => {
    const reasons: RollbackReason[] = []
    let pid = 0
    await expect(
      accounts.transactions.run(
        async ({ afterRollback }) => {
          afterRollback(reason => reasons.push(reason))
          await accounts.take(1, 10)
          pid = await accounts.backend()
          await accounts.transactions.sql`select pg_sleep(600)`
        },
        { deadlineMs: 1_000 },
      ),
    ).rejects.toMatchObject({ code: 'TRANSACTION_DEADLINE', retryable: true })
    expect(reasons).toMatchObject([{ outcome: 'rolled-back', error: { code: 'TRANSACTION_DEADLINE' } }])
    expect(await accounts.operator.sql`select state from pg_stat_activity where pid = ${pid}`).toEqual([
      { state: 'idle' },
    ])
    expect(await accounts.cents()).toEqual([100, 100])
  })

  test('is that of the server as well, unless that has a stricter one', async () => {
    const timeouts: unknown[] = []
    const note = async () => {
      const [row] = await accounts.transactions.sql`show statement_timeout`
      timeouts.push(Number.parseInt(String(row?.statement_timeout), 10))
    }
    await accounts.transactions.run(note, { deadlineMs: 60_000 })
    const strict = await createDatabase({ url: accounts.server.url, statementTimeoutMs: 1_234 })
    const limited = await createTransactions(strict)
    const [row] = await limited.run(async () => limited.sql`show statement_timeout`, { deadlineMs: 60_000 })
    await accounts.transactions.run(note)
    await strict.close()
    expect(row).toEqual({ statement_timeout: '1234ms' })
    expect(timeouts[0]).toBeGreaterThan(50_000)
    expect(timeouts[1]).toBe(0)
  })

  test('ends a work that waits for something else, whose later statements are refused', async () => {
    const { promise: never } = Promise.withResolvers<void>()
    const aborted = Promise.withResolvers<unknown>()
    await expect(
      accounts.transactions.run(
        async ({ signal, sql }) => {
          await accounts.take(1, 10)
          signal.addEventListener('abort', () => {
            const statement = (async () => sql`update account set cents = 0`)()
            statement.catch(aborted.resolve)
          })
          await never
        },
        { deadlineMs: 1_000 },
      ),
    ).rejects.toMatchObject({ code: 'TRANSACTION_DEADLINE' })
    expect(await aborted.promise).toMatchObject({ code: 'TRANSACTION_ENDED' })
    expect(await accounts.cents()).toEqual([100, 100])
  })

  test('includes the wait for a connection, and the work is not begun', async () => {
    const single = await createDatabase({ url: accounts.server.url, maxConnections: 1 })
    const one = await createTransactions(single)
    const { promise: free, resolve } = Promise.withResolvers<void>()
    const holding = one.run(() => free)
    let isBegun = false
    await expect(
      one.run(
        async () => {
          isBegun = true
        },
        { deadlineMs: 50 },
      ),
    ).rejects.toMatchObject({ code: 'TRANSACTION_DEADLINE' })
    resolve()
    await holding
    await single.ping()
    await single.close()
    expect(isBegun).toBe(false)
  })

  test('at the commit leaves the outcome unknown', async () => {
    const reasons: RollbackReason[] = []
    const controller = new AbortController()
    const { promise: pid, resolve } = Promise.withResolvers<number>()
    await accounts.operator.sql`select pg_advisory_lock(7)`
    const committing = accounts.transactions.run(
      async ({ afterRollback }) => {
        afterRollback(reason => reasons.push(reason))
        await accounts.transactions.sql`insert into slow values (1)`
        resolve(await accounts.backend())
      },
      { signal: controller.signal },
    )
    const outcome = expect(committing).rejects.toMatchObject({ code: 'TRANSACTION_UNKNOWN', cause: own })
    await accounts.waitsForLock(await pid)
    controller.abort(own)
    await outcome
    await accounts.operator.sql`select pg_advisory_unlock(7)`
    expect(reasons).toEqual([{ outcome: 'unknown', error: own }])
    await vi.waitFor(() => expect(accounts.database.stats().active).toBe(0))
  })

  test('a savepoint that fails by it does not let through what was made before and not sent', async () => {
    let early: PromiseLike<unknown> | undefined
    await expect(
      accounts.transactions.run(
        async () =>
          accounts.transactions.run(({ signal }) => {
            early = accounts.transactions.sql`insert into account values (77, 1)`
            return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
          }),
        { deadlineMs: 50 },
      ),
    ).rejects.toMatchObject({ code: 'TRANSACTION_DEADLINE' })
    await expect(early).rejects.toMatchObject({ code: 'DATABASE_CLOSED' })
    expect(await accounts.database.sql`select from account where id = 77`).toEqual([])
  })

  test('of a savepoint ends only that', async () => {
    await accounts.transactions.run(async () => {
      await accounts.take(1, 10)
      await expect(
        accounts.transactions.run(
          async () => {
            await accounts.take(2, 10)
            await accounts.transactions.sql`select pg_sleep(600)`
          },
          { deadlineMs: 100 },
        ),
      ).rejects.toMatchObject({ code: 'TRANSACTION_DEADLINE' })
      await accounts.take(1, 1)
    })
    expect(await accounts.cents()).toEqual([89, 100])
  })

  test('a signal ends it the same way, with its own reason', async () => {
    const controller = new AbortController()
    const ending = accounts.transactions.run(
      async () => {
        await accounts.take(1, 10)
        queueMicrotask(() => controller.abort(own))
        await accounts.transactions.sql`select pg_sleep(600)`
      },
      { signal: controller.signal },
    )
    await expect(ending).rejects.toBe(own)
    await expect(accounts.transactions.run(() => accounts.take(1, 10), { signal: controller.signal })).rejects.toBe(own)
    await accounts.transactions.run(() => accounts.take(1, 5), { signal: new AbortController().signal })
    expect(await accounts.cents()).toEqual([95, 100])
  })

  test('does not wait for a server that no longer answers', async () => {
    // The process of the server that has the connection is stopped: it takes no cancellation and no rollback.
    const [row] = await accounts.operator.sql`select pg_backend_pid() as pid`
    let stopped = 0
    try {
      await expect(
        accounts.transactions.run(
          async () => {
            stopped = await accounts.backend()
            expect(stopped).not.toBe(row?.pid)
            process.kill(stopped, 'SIGSTOP')
            await accounts.transactions.sql`select 1`
          },
          { deadlineMs: 1_000 },
        ),
      ).rejects.toMatchObject({ code: 'TRANSACTION_DEADLINE' })
    } finally {
      process.kill(stopped, 'SIGCONT')
    }
    await vi.waitFor(() => expect(accounts.database.stats().active).toBe(0))
  })
})
