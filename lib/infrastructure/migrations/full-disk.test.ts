import { describe, expect } from 'vitest'
import { fullDiskExists, tableOnFullDisk } from '../testing/full-disk.ts'
import { migrationBench } from '../testing/migration-bench.ts'
import { createDatabase } from '../testing/servers.ts'
import { shopTest } from './shop.contract.ts'

describe.each(['folder', 'drizzle'] as const)('with the journal of %s', kind => {
  const test = shopTest(async () => migrationBench(kind, await createDatabase()))

  test.skipIf(!fullDiskExists)(
    'a disk that is full leaves nothing of a migration, and it says where and what to do',
    async ({ shop, run, states, tables }) => {
      await run()
      await tableOnFullDisk(shop.url, 'stock')
      await shop.write(
        '0004_stock',
        'create table shelf (id int);\ninsert into shelf values (1);\ninsert into stock values (1)',
      )
      await expect(run()).rejects.toMatchObject({
        code: 'MIGRATION_FAILED',
        migration: '0004_stock',
        left: 'nothing',
        message: expect.stringMatching(
          /^0004_stock\.sql line 3 failed: .*No space left on device\. It was rolled back$/,
        ),
        nextStep: expect.stringContaining('free space on it'),
      })
      expect(await tables()).toEqual(['product', 'stock'])
      expect((await states()).at(-1)).toBe('0004_stock pending')
    },
  )
})
