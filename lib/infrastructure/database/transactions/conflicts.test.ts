import { describe, expect, test } from 'vitest'
import { accountsBench } from '../../testing/accounts-bench.ts'
import { DatabaseError, type RollbackReason, type TransactionOptions } from '../index.ts'

const accounts = accountsBench()

/** Lets so many callers go on together. */
function meeting(of: number) {
  const { promise, resolve } = Promise.withResolvers<void>()
  let here = 0
  return () => {
    if (++here === of) resolve()
    return promise
  }
}

describe('a conflict with another transaction', () => {
  /** Each takes from the one that the other has not locked yet. */
  const crossing = (options: TransactionOptions) => {
    const met = meeting(2)
    const attempts = [0, 0]
    const from = (at: 0 | 1) =>
      accounts.transactions.run(async ({ attempt }) => {
        attempts[at] = attempt
        await accounts.take(at + 1, 10)
        if (attempt === 1) await met()
        await accounts.take(2 - at, 1)
      }, options)
    return { attempts, runs: Promise.allSettled([from(0), from(1)]) }
  }

  test('a deadlock is run again, and both are committed once', async () => {
    const { attempts, runs } = crossing({ attempts: 10, backoffMs: 1 })
    expect((await runs).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled'])
    expect(Math.max(...attempts)).toBeGreaterThan(1)
    expect(await accounts.cents()).toEqual([89, 89])
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
      accounts.transactions.run(
        async ({ attempt, afterRollback }) => {
          afterRollback(reason => reasons.push(reason))
          const [row] = await accounts.transactions.sql`select sum(cents)::int as sum from account`
          if (attempt === 1) await met()
          seen.push(row?.sum)
          // A work that wraps the error is run again as well.
          await accounts.transactions.sql`update account set cents = ${Number(row?.sum)} where id = 1`.catch(
            (cause: unknown) => {
              throw new Error('my own words', { cause })
            },
          )
        },
        { isolation: 'serializable', backoffMs: 1 },
      )
    await Promise.all([move(), move()])
    expect(seen).toEqual([200, 200, 300])
    expect(await accounts.cents()).toEqual([300, 100])
    expect(reasons).toMatchObject([{ outcome: 'rolled-back' }])
  })

  test('other errors are not run again', async () => {
    let attempts = 0
    await expect(
      accounts.transactions.run(async () => {
        attempts++
        await accounts.transactions.sql`insert into account values (1, 0)`
      }),
    ).rejects.toMatchObject({ code: 'DATABASE_CONSTRAINT' })
    expect(attempts).toBe(1)
  })

  test('the deadline ends the waits between attempts', async () => {
    await expect(
      accounts.transactions.run(
        async () => {
          throw new DatabaseError('conflict', { code: 'DATABASE_CONFLICT', sqlState: '40001' })
        },
        { attempts: 1_000_000, deadlineMs: 50 },
      ),
    ).rejects.toMatchObject({ code: 'TRANSACTION_DEADLINE' })
  })
})
