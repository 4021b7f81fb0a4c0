import { describe, expect, test } from 'vitest'
import { entriesBench } from '../../testing/entries-bench.ts'
import { createTransactions } from '../index.ts'

const entries = entriesBench()
const own = new Error('changed my mind')

describe('hooks', () => {
  test('run once all can see the changes, in order and outside the transaction', async () => {
    const called: unknown[] = []
    const result = await entries.transactions.run(async ({ afterCommit, afterRollback }) => {
      await entries.add(1)
      afterCommit(async () => called.push(['first', await entries.ids(), entries.transactions.current()]))
      entries.transactions.afterCommit(() => called.push('second'))
      afterRollback(() => called.push('rolled back'))
      await entries.transactions.run(async () =>
        entries.transactions.afterCommit(() => called.push('of the savepoint')),
      )
      expect(called).toEqual([])
      return 'result'
    })
    expect(result).toBe('result')
    expect(called).toEqual([['first', [1], undefined], 'second', 'of the savepoint'])
  })

  test('a rollback calls the others, with why', async () => {
    const called: unknown[] = []
    const failing = entries.transactions.run(async () => {
      entries.transactions.afterCommit(() => called.push('committed'))
      entries.transactions.afterRollback(async reason => called.push(reason, await entries.ids()))
      await entries.add(1)
      throw own
    })
    await expect(failing).rejects.toBe(own)
    expect(called).toEqual([{ outcome: 'rolled-back', error: own }, []])
  })

  test('those of a savepoint that is rolled back are called with it, and never committed', async () => {
    const called: unknown[] = []
    await entries.transactions.run(async () => {
      await entries.transactions
        .run(async () => {
          entries.transactions.afterCommit(() => called.push('committed'))
          entries.transactions.afterRollback(({ outcome }) => called.push(outcome, entries.transactions.current()))
          throw own
        })
        .catch(() => undefined)
      expect(called).toEqual(['rolled-back', undefined])
      entries.transactions.afterCommit(() => called.push('outer'))
    })
    expect(called).toEqual(['rolled-back', undefined, 'outer'])
  })

  test('what they reject with is told, and changes nothing', async () => {
    let isLastCalled = false
    await entries.transactions.sql.begin(async () => {
      await entries.add(1)
      entries.transactions.afterCommit(() => Promise.reject(own))
      entries.transactions.afterCommit(() => {
        isLastCalled = true
      })
    })
    expect([await entries.ids(), entries.errors, isLastCalled]).toEqual([[1], [own], true])
    const quiet = await createTransactions(entries.database)
    await quiet.run(async ({ afterCommit }) => afterCommit(() => Promise.reject(own)))
  })

  test('need a transaction', () => {
    expect(() => entries.transactions.afterCommit(() => undefined)).toThrow(/outside/)
    expect(() => entries.transactions.afterRollback(() => undefined)).toThrow(/outside/)
  })
})
