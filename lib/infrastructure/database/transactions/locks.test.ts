import { describe, expect, test, vi } from 'vitest'
import { transactionsBench } from '../../testing/transactions-bench.ts'
import { createDatabase, createTransactions } from '../index.ts'

const bench = transactionsBench()

describe('advisory locks', () => {
  const isFree = async (key: string) => {
    const [row] = await bench.operator.sql`
      select pg_try_advisory_lock(hashtextextended(${key}, 0)) as free, pg_advisory_unlock(hashtextextended(${key}, 0))`
    return row?.free
  }
  const holder = async () => {
    const [row] = await bench.operator.sql`
      select pid, (select state from pg_stat_activity a where a.pid = l.pid) as state from pg_locks l
      where locktype = 'advisory' and granted and database = (select oid from pg_database where datname = current_database())`
    return row as { pid: number; state: string } | undefined
  }

  test('one of a transaction is held until that ends', async () => {
    await bench.transactions.run(async () => {
      await bench.transactions.locks.inTransaction('stock')
      expect(await isFree('stock')).toBe(false)
      expect(await isFree('stock:2')).toBe(true)
      await bench.transactions.outside(() =>
        bench.transactions.run(async () => {
          expect(await bench.transactions.locks.tryInTransaction('stock')).toBe(false)
          expect(await bench.transactions.locks.tryInTransaction('other')).toBe(true)
        }),
      )
    })
    expect(await isFree('stock')).toBe(true)
    await expect(bench.transactions.locks.inTransaction('stock')).rejects.toMatchObject({ code: 'TRANSACTION_NONE' })
    await expect(bench.transactions.locks.tryInTransaction('stock')).rejects.toMatchObject({ code: 'TRANSACTION_NONE' })
  })

  test('one of a session is held during the work, without a transaction', async () => {
    const result = await bench.transactions.locks.during('report', async () => {
      expect(await isFree('report')).toBe(false)
      expect(await holder()).toMatchObject({ state: 'idle' })
      expect(await bench.transactions.locks.tryDuring('report', async () => 'no')).toEqual({ acquired: false })
      return 'yes'
    })
    expect(result).toBe('yes')
    expect(await bench.transactions.locks.tryDuring('report', async () => 'now')).toEqual({
      acquired: true,
      result: 'now',
    })
    expect(await isFree('report')).toBe(true)
  })

  test('those who wait come one after the other, and an error of one frees it', async () => {
    let inside = 0
    const most: number[] = []
    const work = async () => {
      most.push(++inside)
      await bench.operator.ping()
      inside--
    }
    const own = new Error('failed')
    const results = await Promise.allSettled([
      bench.transactions.locks.during('turns', work),
      bench.transactions.locks.during('turns', async () => {
        await work()
        throw own
      }),
      bench.transactions.locks.during('turns', work),
    ])
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(results[1]).toMatchObject({ reason: own })
    expect(most).toEqual([1, 1, 1])
  })

  test('the wait ends with its signal', async () => {
    const controller = new AbortController()
    const reason = new Error('enough')
    await bench.transactions.locks.during('busy', async () => {
      const waiting = bench.transactions.locks.during('busy', async () => 'no', { signal: controller.signal })
      const outcome = expect(waiting).rejects.toBe(reason)
      await vi.waitFor(async () => {
        const rows = await bench.operator.sql`select 1 from pg_locks where locktype = 'advisory' and not granted`
        expect(rows).toHaveLength(1)
      }, 10_000)
      controller.abort(reason)
      await outcome
    })
    await expect(bench.transactions.locks.during('busy', async () => 'no', { signal: controller.signal })).rejects.toBe(
      reason,
    )
    expect(await isFree('busy')).toBe(true)
  })

  test('errors of the connection and of the work pass as they are', async () => {
    const own = new Error('failed')
    await expect(bench.transactions.locks.tryDuring('x', () => Promise.reject(own))).rejects.toBe(own)
    const away = await createDatabase({ url: 'postgres://x@127.0.0.1:1/x' })
    const { locks } = await createTransactions(away)
    await expect(locks.during('x', async () => 1)).rejects.toMatchObject({ code: 'DATABASE_UNREACHABLE' })
    await away.close()
  })

  test('when its connection is lost the work is told, and waited for', async () => {
    let isEnded = false
    const failing = bench.transactions.locks.during('fragile', async signal => {
      const aborted = new Promise(resolve => signal.addEventListener('abort', resolve, { once: true }))
      await bench.operator.sql`select pg_terminate_backend(${(await holder())?.pid ?? 0}, 5000)`
      await aborted
      await bench.operator.ping()
      isEnded = true
    })
    await expect(failing).rejects.toMatchObject({ code: 'TRANSACTION_LOCK_LOST', retryable: true })
    expect(isEnded).toBe(true)
    await vi.waitFor(() => bench.database.ping())
  })
})
