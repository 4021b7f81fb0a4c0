import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { createDatabase as createTestDatabase } from '../../testing/servers.ts'
import {
  createDatabase,
  createTransactions,
  DatabaseError,
  type DrizzleTransactions,
  type PostgresDatabase,
  type RollbackReason,
  type TransactionOptions,
} from '../index.ts'

let server: { url: string; drop(): Promise<void> }
let database: PostgresDatabase
let operator: PostgresDatabase
let transactions: DrizzleTransactions
beforeAll(async () => {
  server = await createTestDatabase()
  database = await createDatabase({ url: server.url, maxConnections: 3 })
  operator = await createDatabase({ url: server.url, maxConnections: 1 })
  transactions = await createTransactions(database)
  await operator.sql`create table account (id int primary key, cents int not null)`
  // Its check is made at the commit, and waits there for as long as the lock is held.
  await operator.sql.unsafe(`
    create table slow (id int);
    create function hold() returns trigger language plpgsql as $$ begin perform pg_advisory_xact_lock(7); return null; end $$;
    create constraint trigger hold after insert on slow deferrable initially deferred for each row execute function hold();
    create table late (id int unique deferrable initially deferred)`)
})
afterAll(async () => {
  await Promise.all([database.close({ timeoutMs: 100 }), operator.close()])
  await server.drop()
})
beforeEach(async () => {
  await operator.sql`truncate account, slow, late`
  await operator.sql`insert into account values (1, 100), (2, 100)`
})

const own = new Error('the request was closed')
/** A shared machine may be slow. */
const WAIT = { timeout: 10_000 }
const cents = async () => (await operator.sql`select cents from account order by id`).map(row => row.cents)
const take = (id: number, by: number) => transactions.sql`update account set cents = cents - ${by} where id = ${id}`
const backend = async () => Number((await transactions.sql`select pg_backend_pid() as pid`)[0]?.pid)
const terminate = (pid: number) => operator.sql`select pg_terminate_backend(${pid}, 5000)`
/** Lets so many callers go on together. */
function meeting(of: number) {
  const { promise, resolve } = Promise.withResolvers<void>()
  let here = 0
  return () => {
    if (++here === of) resolve()
    return promise
  }
}
const waitsForLock = (pid: number) =>
  vi.waitFor(async () => {
    const [row] = await operator.sql`select wait_event_type as waits from pg_stat_activity where pid = ${pid}`
    expect(row?.waits).toBe('Lock')
  }, WAIT)

describe('a conflict with another transaction', () => {
  /** Each takes from the one that the other has not locked yet. */
  const crossing = (options: TransactionOptions) => {
    const met = meeting(2)
    const attempts = [0, 0]
    const from = (at: 0 | 1) =>
      transactions.run(async ({ attempt }) => {
        attempts[at] = attempt
        await take(at + 1, 10)
        if (attempt === 1) await met()
        await take(2 - at, 1)
      }, options)
    return { attempts, runs: Promise.allSettled([from(0), from(1)]) }
  }

  test('a deadlock is run again, and both are committed once', async () => {
    const { attempts, runs } = crossing({ attempts: 10, backoffMs: 1 })
    expect((await runs).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled'])
    expect(Math.max(...attempts)).toBeGreaterThan(1)
    expect(await cents()).toEqual([89, 89])
  })

  test('with one attempt it is an error, and the hooks of the loser say so', async () => {
    const { runs } = crossing({ attempts: 1 })
    const failed = (await runs).filter(run => run.status === 'rejected')
    expect(failed).toMatchObject([{ reason: { code: 'DATABASE_CONFLICT', sqlState: '40P01' } }])
  })

  test('a serialization failure is run again with what the other has written', async () => {
    const met = meeting(2)
    const seen: unknown[] = []
    const reasons: RollbackReason[] = []
    const move = () =>
      transactions.run(
        async ({ attempt, afterRollback }) => {
          afterRollback(reason => reasons.push(reason))
          const [row] = await transactions.sql`select sum(cents)::int as sum from account`
          if (attempt === 1) await met()
          seen.push(row?.sum)
          // A work that wraps the error is run again as well.
          await transactions.sql`update account set cents = ${Number(row?.sum)} where id = 1`.catch(
            (cause: unknown) => {
              throw new Error('my own words', { cause })
            },
          )
        },
        { isolation: 'serializable', backoffMs: 1 },
      )
    await Promise.all([move(), move()])
    expect(seen).toEqual([200, 200, 300])
    expect(await cents()).toEqual([300, 100])
    expect(reasons).toMatchObject([{ outcome: 'rolled-back' }])
  })

  test('other errors are not run again', async () => {
    let attempts = 0
    await expect(
      transactions.run(async () => {
        attempts++
        await transactions.sql`insert into account values (1, 0)`
      }),
    ).rejects.toMatchObject({ code: 'DATABASE_CONSTRAINT' })
    expect(attempts).toBe(1)
  })

  test('the deadline ends the waits between attempts', async () => {
    await expect(
      transactions.run(
        async () => {
          throw new DatabaseError('conflict', { code: 'DATABASE_CONFLICT', sqlState: '40001' })
        },
        { attempts: 1_000_000, deadlineMs: 50 },
      ),
    ).rejects.toMatchObject({ code: 'TRANSACTION_DEADLINE' })
  })
})

describe('a connection that is lost', () => {
  test.each([
    ['during a statement', false],
    ['between two', true],
  ])('%s: nothing is committed, hooks say rolled back, and the pool goes on', async (_when, isIdle) => {
    const reasons: RollbackReason[] = []
    const later = Promise.withResolvers<unknown>()
    const failing = transactions.run(async ({ afterRollback, signal }) => {
      afterRollback(reason => reasons.push(reason))
      await take(1, 10)
      if (!isIdle) return transactions.sql`select pg_terminate_backend(pg_backend_pid())`
      const aborted = new Promise<unknown>(resolve => signal.addEventListener('abort', resolve, { once: true }))
      await terminate(await backend())
      await aborted
      // The work goes on as if nothing had happened; none of it may reach the connection that replaces the lost one.
      const attempt = (async () => take(2, 10))()
      later.resolve(attempt.catch((error: unknown) => error))
      return attempt
    })
    await expect(failing).rejects.toMatchObject({ code: 'DATABASE_UNREACHABLE' })
    expect(reasons).toMatchObject([{ outcome: 'rolled-back', error: { code: 'DATABASE_UNREACHABLE' } }])
    if (isIdle) expect(await later.promise).toMatchObject({ code: 'TRANSACTION_ENDED' })
    await Promise.all([1, 2, 3].map(() => transactions.run(() => take(2, 1))))
    expect(await cents()).toEqual([100, 97])
    expect(database.stats().active).toBe(0)
  })

  test('within a savepoint every work around it is told', async () => {
    const told: unknown[] = []
    const failing = transactions.run(async () => {
      try {
        await transactions.run(async () => {
          await transactions.sql`select pg_terminate_backend(pg_backend_pid())`
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
    const failing = transactions.run(async ({ afterRollback }) => {
      afterRollback(reason => reasons.push(reason))
      await transactions.sql`select pg_terminate_backend(pg_backend_pid())`.catch(() => undefined)
    })
    await expect(failing).rejects.toMatchObject({ code: 'DATABASE_UNREACHABLE' })
    expect(reasons).toMatchObject([{ outcome: 'rolled-back' }])
  })

  test('at the commit the outcome is unknown, to the caller and to the hooks', async () => {
    const called: unknown[] = []
    const { promise: pid, resolve } = Promise.withResolvers<number>()
    await operator.sql`select pg_advisory_lock(7)`
    const committing = transactions.run(async ({ afterCommit, afterRollback }) => {
      afterCommit(() => called.push('committed'))
      afterRollback(({ outcome }) => called.push(outcome))
      await transactions.sql`insert into slow values (1)`
      resolve(await backend())
    })
    const outcome = expect(committing).rejects.toMatchObject({
      code: 'TRANSACTION_UNKNOWN',
      retryable: false,
      nextStep: expect.any(String),
      cause: { code: 'DATABASE_UNREACHABLE' },
    })
    await waitsForLock(await pid)
    await terminate(await pid)
    await outcome
    await operator.sql`select pg_advisory_unlock(7)`
    expect(called).toEqual(['unknown'])
  })

  test('an error of the commit itself is a rollback', async () => {
    const reasons: RollbackReason[] = []
    await expect(
      transactions.run(async ({ afterRollback }) => {
        afterRollback(reason => reasons.push(reason))
        await transactions.sql`insert into late values (1), (1)`
      }),
    ).rejects.toMatchObject({ code: 'DATABASE_CONSTRAINT' })
    expect(reasons).toMatchObject([{ outcome: 'rolled-back' }])
  })
})

describe('a deadline', () => {
  test('ends a statement that hangs, on the server too, and keeps nothing', async () => {
    const reasons: RollbackReason[] = []
    let pid = 0
    await expect(
      transactions.run(
        async ({ afterRollback }) => {
          afterRollback(reason => reasons.push(reason))
          await take(1, 10)
          pid = await backend()
          await transactions.sql`select pg_sleep(600)`
        },
        { deadlineMs: 1_000 },
      ),
    ).rejects.toMatchObject({ code: 'TRANSACTION_DEADLINE', retryable: true })
    expect(reasons).toMatchObject([{ outcome: 'rolled-back', error: { code: 'TRANSACTION_DEADLINE' } }])
    expect(await operator.sql`select state from pg_stat_activity where pid = ${pid}`).toEqual([{ state: 'idle' }])
    expect(await cents()).toEqual([100, 100])
  })

  test('is that of the server as well, unless that has a stricter one', async () => {
    const timeouts: unknown[] = []
    const note = async () => {
      const [row] = await transactions.sql`show statement_timeout`
      timeouts.push(Number.parseInt(String(row?.statement_timeout), 10))
    }
    await transactions.run(note, { deadlineMs: 60_000 })
    const strict = await createDatabase({ url: server.url, statementTimeoutMs: 1_234 })
    const limited = await createTransactions(strict)
    const [row] = await limited.run(async () => limited.sql`show statement_timeout`, { deadlineMs: 60_000 })
    await transactions.run(note)
    await strict.close()
    expect(row).toEqual({ statement_timeout: '1234ms' })
    expect(timeouts[0]).toBeGreaterThan(50_000)
    expect(timeouts[1]).toBe(0)
  })

  test('ends a work that waits for something else, whose later statements are refused', async () => {
    const { promise: never } = Promise.withResolvers<void>()
    const aborted = Promise.withResolvers<unknown>()
    await expect(
      transactions.run(
        async ({ signal, sql }) => {
          await take(1, 10)
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
    expect(await cents()).toEqual([100, 100])
  })

  test('includes the wait for a connection, and the work is not begun', async () => {
    const single = await createDatabase({ url: server.url, maxConnections: 1 })
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
    await operator.sql`select pg_advisory_lock(7)`
    const committing = transactions.run(
      async ({ afterRollback }) => {
        afterRollback(reason => reasons.push(reason))
        await transactions.sql`insert into slow values (1)`
        resolve(await backend())
      },
      { signal: controller.signal },
    )
    const outcome = expect(committing).rejects.toMatchObject({ code: 'TRANSACTION_UNKNOWN', cause: own })
    await waitsForLock(await pid)
    controller.abort(own)
    await outcome
    await operator.sql`select pg_advisory_unlock(7)`
    expect(reasons).toEqual([{ outcome: 'unknown', error: own }])
    await vi.waitFor(() => expect(database.stats().active).toBe(0), WAIT)
  })

  test('a savepoint that fails by it does not let through what was made before and not sent', async () => {
    let early: PromiseLike<unknown> | undefined
    await expect(
      transactions.run(
        async () =>
          transactions.run(({ signal }) => {
            early = transactions.sql`insert into account values (77, 1)`
            return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
          }),
        { deadlineMs: 50 },
      ),
    ).rejects.toMatchObject({ code: 'TRANSACTION_DEADLINE' })
    await expect(early).rejects.toMatchObject({ code: 'DATABASE_CLOSED' })
    expect(await database.sql`select from account where id = 77`).toEqual([])
  })

  test('of a savepoint ends only that', async () => {
    await transactions.run(async () => {
      await take(1, 10)
      await expect(
        transactions.run(
          async () => {
            await take(2, 10)
            await transactions.sql`select pg_sleep(600)`
          },
          { deadlineMs: 100 },
        ),
      ).rejects.toMatchObject({ code: 'TRANSACTION_DEADLINE' })
      await take(1, 1)
    })
    expect(await cents()).toEqual([89, 100])
  })

  test('a signal ends it the same way, with its own reason', async () => {
    const controller = new AbortController()
    const ending = transactions.run(
      async () => {
        await take(1, 10)
        queueMicrotask(() => controller.abort(own))
        await transactions.sql`select pg_sleep(600)`
      },
      { signal: controller.signal },
    )
    await expect(ending).rejects.toBe(own)
    await expect(transactions.run(() => take(1, 10), { signal: controller.signal })).rejects.toBe(own)
    await transactions.run(() => take(1, 5), { signal: new AbortController().signal })
    expect(await cents()).toEqual([95, 100])
  })

  test('does not wait for a server that no longer answers', async () => {
    // The process of the server that has the connection is stopped: it takes no cancellation and no rollback.
    const [row] = await operator.sql`select pg_backend_pid() as pid`
    let stopped = 0
    try {
      await expect(
        transactions.run(
          async () => {
            stopped = await backend()
            expect(stopped).not.toBe(row?.pid)
            process.kill(stopped, 'SIGSTOP')
            await transactions.sql`select 1`
          },
          { deadlineMs: 1_000 },
        ),
      ).rejects.toMatchObject({ code: 'TRANSACTION_DEADLINE' })
    } finally {
      process.kill(stopped, 'SIGCONT')
    }
    await vi.waitFor(() => expect(database.stats().active).toBe(0), WAIT)
  })
})
