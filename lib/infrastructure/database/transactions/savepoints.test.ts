import { describe, expect, test } from 'vitest'
import { entriesBench } from '../../testing/entries-bench.ts'
import { DatabaseError } from '../index.ts'

const entries = entriesBench()
const own = new Error('changed my mind')

describe('savepoints', () => {
  test('one that fails takes only its own changes with it, also those within it', async () => {
    await entries.transactions.run(async () => {
      await entries.add(1)
      await expect(
        entries.transactions.run(async () => {
          await entries.add(2)
          await entries.transactions.run(() => entries.add(3))
          await entries.add(1)
        }),
      ).rejects.toMatchObject({ code: 'DATABASE_CONSTRAINT' })
      await entries.transactions.run(async () => {
        await entries.add(4)
        await entries.transactions
          .run(async () => {
            await entries.add(5)
            throw own
          })
          .catch(error => expect(error).toBe(own))
      })
    })
    expect(await entries.ids()).toEqual([1, 4])
  })

  test('those begun at once run one after the other', async () => {
    await entries.transactions.run(async () => {
      const results = await Promise.allSettled(
        [1, 2, 2, 3].map(id =>
          entries.transactions.run(async () => {
            await entries.add(id)
            await entries.transactions.sql`select 1`
          }),
        ),
      )
      expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
    })
    expect(await entries.ids()).toEqual([1, 2, 3])
  })

  test('a part that is joined fails with the whole', async () => {
    await expect(
      entries.transactions.run(async outer => {
        await entries.transactions.run(
          async inner => {
            expect(inner).toBe(outer)
            await entries.add(1)
          },
          { nested: 'join' },
        )
        await expect(
          entries.transactions.run(() => entries.add(2), { nested: 'join', deadlineMs: 1_000 }),
        ).rejects.toMatchObject({
          code: 'TRANSACTION_OPTIONS',
        })
        throw own
      }),
    ).rejects.toBe(own)
    expect(await entries.ids()).toEqual([])
  })

  test('an error that the work hides does not let the rest be committed', async () => {
    await expect(
      entries.transactions.run(async () => {
        await entries.add(1)
        await entries.add(1).catch(() => undefined)
      }),
    ).rejects.toBeInstanceOf(DatabaseError)
    expect(await entries.ids()).toEqual([])
  })
})
