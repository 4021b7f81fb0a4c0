import { expect } from 'vitest'
import type { shopTest } from './shop.contract.ts'

/** Files that have changed, are missing, out of order or without a down file are reported, and a run goes on only when that is allowed. */
export function findingsContract(test: ReturnType<typeof shopTest>): void {
  test('a file changed since is reported, and a run goes on only when that is allowed', async ({
    shop,
    run,
    states,
  }) => {
    await run({ to: '0002_price' })
    await shop.write('0002_price', 'alter table product add column price bigint;')
    expect(await states()).toEqual(['0001_product applied', '0002_price drifted', '0003_price_index pending'])
    await expect(run()).rejects.toMatchObject({ code: 'MIGRATION_FINDINGS', migration: '0002_price' })
    expect(await run({ despite: ['drifted'] })).toMatchObject([{ name: '0003_price_index' }])
  })

  test('a missing file is reported, and its migration cannot be rolled back', async ({ shop, migrations, run }) => {
    await run()
    await shop.remove('0002_price')
    expect((await migrations.status()).migrations.map(entry => entry.state)).toEqual(['applied', 'missing', 'applied'])
    await expect(migrations.down({ by: 'ada', to: '0001_product' })).rejects.toMatchObject({
      code: 'MIGRATION_UNRUNNABLE',
      message: expect.stringContaining('is missing'),
    })
    expect(
      await migrations.down({ by: 'ada', to: (await migrations.status()).migrations[1]?.name ?? '' }),
    ).toHaveLength(1)
  })

  test('one before an applied one is reported as out of order, and run only when that is allowed', async ({
    shop,
    migrations,
    run,
  }) => {
    await shop.remove('0002_price')
    await shop.write('0003_price_index', 'create index on product (id)')
    await run()
    await shop.write('0002_late', 'create table late (id int)')
    expect((await migrations.status()).migrations[1]).toMatchObject({
      name: '0002_late',
      state: 'pending',
      outOfOrder: true,
    })
    await expect(run()).rejects.toMatchObject({ code: 'MIGRATION_FINDINGS', migration: '0002_late' })
    expect(await run({ despite: ['out-of-order'] })).toHaveLength(1)
    expect((await migrations.status()).migrations.map(entry => entry.state)).toEqual(['applied', 'applied', 'applied'])
  })

  test('without its down file nothing is rolled back, not even what comes after', async ({
    shop,
    migrations,
    run,
    states,
  }) => {
    await shop.write('0002_price', 'alter table product add column price int')
    await shop.remove('0002_price')
    await shop.write('0002_price', 'alter table product add column price int')
    await run()
    await expect(migrations.down({ by: 'ada', to: null })).rejects.toMatchObject({
      code: 'MIGRATION_UNRUNNABLE',
      message: '0002_price cannot be rolled back: there is no 0002_price.down.sql',
    })
    expect((await states()).at(-1)).toBe('0003_price_index applied')
  })
}
