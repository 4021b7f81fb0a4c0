import { expect, test } from 'vitest'
import { fullDiskExists, tableOnFullDisk } from '../testing/full-disk.ts'
import { createDatabase as createTestDatabase } from '../testing/servers.ts'
import { createDatabase } from './index.ts'

test.skipIf(!fullDiskExists)(
  'a write that the disk has no space for says so, with what to do; its transaction is rolled back',
  async () => {
    const server = await createTestDatabase()
    await tableOnFullDisk(server.url, 'stock')
    const { sql, close } = await createDatabase({ url: server.url, maxConnections: 1 })
    try {
      await sql`create table paid (id int)`
      const work = sql.begin(async tx => {
        await tx`insert into paid values (1)`
        await tx`insert into stock values (1)`
      })
      await expect(work).rejects.toMatchObject({
        code: 'DATABASE_OVERLOADED',
        sqlState: '53100',
        retryable: true,
        message: expect.stringMatching(
          /^The database is out of disk space: could not extend file .*No space left on device$/,
        ),
        nextStep: expect.stringContaining('Free space on the disk'),
      })
      // The connection is good for what needs no space there.
      expect(await sql`select count(*)::int as paid from paid`).toEqual([{ paid: 0 }])
      await sql`insert into paid values (2)`
      expect(await sql`select id from paid`).toEqual([{ id: 2 }])
    } finally {
      await close()
      await server.drop()
    }
  },
)
