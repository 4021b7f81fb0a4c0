import { describe, expect, test } from 'vitest'
import { entriesBench } from '../../testing/entries-bench.ts'

const entries = entriesBench()

describe('modes', () => {
  test.each(['read committed', 'repeatable read', 'serializable'] as const)(
    '%s is what the server runs',
    async isolation => {
      await entries.transactions.run(
        async () => {
          const rows = await entries.transactions.sql`
          select current_setting('transaction_isolation') as level, current_setting('transaction_read_only') as ro,
            current_setting('transaction_deferrable') as deferrable`
          expect(rows).toEqual([{ level: isolation, ro: 'on', deferrable: 'on' }])
        },
        { isolation, readOnly: true, deferrable: true },
      )
    },
  )

  test('a write in a read-only one is refused', async () => {
    await expect(entries.transactions.run(() => entries.add(1), { readOnly: true })).rejects.toMatchObject({
      code: 'DATABASE_READ_ONLY',
    })
    await entries.transactions.run(() => entries.add(1), { readOnly: false, deferrable: false })
    expect(await entries.ids()).toEqual([1])
  })

  test('one within another cannot be of another mode; the same is joined', async () => {
    await entries.transactions.run(
      async () => {
        await entries.transactions.run(() => entries.add(1), { isolation: 'serializable' })
        for (const begin of [
          () => entries.transactions.run(() => entries.add(2), { isolation: 'repeatable read' }),
          () => entries.transactions.sql.begin('isolation level read committed', () => []),
        ])
          await expect(begin()).rejects.toMatchObject({ code: 'TRANSACTION_OPTIONS' })
      },
      { isolation: 'serializable' },
    )
    expect(await entries.ids()).toEqual([1])
  })

  test.each([
    { isolation: 'serializable; drop table entry' as 'serializable' },
    { attempts: 0 },
    { attempts: 1.5 },
    { deadlineMs: 0 },
    { deadlineMs: Number.NaN },
  ])('%j is refused before anything is sent', async options => {
    await expect(entries.transactions.run(() => entries.add(1), options)).rejects.toMatchObject({
      code: 'TRANSACTION_OPTIONS',
    })
    expect(await entries.ids()).toEqual([])
  })
})
