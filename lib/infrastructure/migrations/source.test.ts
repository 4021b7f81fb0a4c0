import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { migrationBench } from '../testing/migration-bench.ts'
import { createDatabase } from '../testing/servers.ts'
import { openForecast } from './adapters/forecast/statement.ts'
import type { MigrationBench } from './migrations.contract.ts'
import { readMigrations as read } from './source.ts'

const forecast = await openForecast()
const readMigrations = (folder: string) => read(folder, forecast)

describe('reading a folder', () => {
  let bench: MigrationBench
  beforeEach(async () => {
    bench = await migrationBench('folder', await createDatabase())
  })
  afterEach(() => bench.close())

  test('the order is that of the numbers, and files that are not migrations are listed', async () => {
    for (const name of ['10_ten', '9_nine', '0011-eleven']) await bench.write(name, 'select 1')
    for (const file of ['notes.sql', '0003_gone.down.sql', 'README.md']) await writeFile(join(bench.folder, file), '')
    const { files, ignored } = await readMigrations(bench.folder)
    expect(files.map(file => file.name)).toEqual(['9_nine', '10_ten', '0011-eleven'])
    expect(ignored).toEqual([
      { file: '0003_gone.down.sql', why: 'has no migration to roll back' },
      { file: 'notes.sql', why: 'is not named NNNN_name.sql' },
    ])
  })

  test('two of one number, a missing folder and a broken journal are refused with a sentence', async () => {
    await bench.write('0001_a', 'select 1')
    await bench.write('01_b', 'select 1')
    await expect(readMigrations(bench.folder)).rejects.toMatchObject({
      code: 'MIGRATION_FOLDER',
      message: '0001_a.sql and 01_b.sql have the same number',
    })
    await expect(readMigrations(join(bench.folder, 'none'))).rejects.toMatchObject({ code: 'MIGRATION_FOLDER' })
    const other = await migrationBench('drizzle', await createDatabase())
    await writeFile(join(other.folder, 'meta', '_journal.json'), '{"entries":[{"tag":"../../etc/passwd","when":1}]}')
    await expect(readMigrations(other.folder)).rejects.toMatchObject({ code: 'MIGRATION_FOLDER' })
    for (const journal of ['null', '{"entries":{}}', '{"entries":[null]}', '{'])
      await writeFile(join(other.folder, 'meta', '_journal.json'), journal).then(() =>
        expect(readMigrations(other.folder)).rejects.toThrow('is not a journal of drizzle-kit'),
      )
    await writeFile(join(other.folder, 'meta', '_journal.json'), '{"entries":[{"tag":"0000_gone","when":1}]}')
    await expect(readMigrations(other.folder)).rejects.toThrow(
      "drizzle's journal lists 0000_gone, but there is no 0000_gone.sql",
    )
    await other.close()
  })

  test('what is in the place of a folder, a journal or a migration and cannot be read is an error, not an empty folder', async () => {
    await writeFile(join(bench.folder, 'file'), '')
    await expect(readMigrations(join(bench.folder, 'file'))).rejects.toThrow('cannot be read')
    // A folder named meta without a journal is not drizzle's.
    await mkdir(join(bench.folder, 'meta'))
    expect(await readMigrations(bench.folder)).toMatchObject({ source: 'folder', files: [] })
    await mkdir(join(bench.folder, 'meta', '_journal.json'))
    await expect(readMigrations(bench.folder)).rejects.toMatchObject({ code: 'MIGRATION_FOLDER' })
    const other = await migrationBench('folder', await createDatabase())
    await mkdir(join(other.folder, '0001_one.sql'))
    await expect(readMigrations(other.folder)).rejects.toThrow(
      `No migration in ${other.folder} is understood: 0001_one.sql/ is a folder without a migration.sql`,
    )
    await other.close()
  })

  test("drizzle-kit's newer layout: a folder for each, in the order of their stamps, with a down.sql beside", async () => {
    for (const [name, up, down] of [
      ['20260201080000_second', 'create table two (id int)', undefined],
      ['20260131235959_first', 'create table one (id int)', 'drop table one'],
    ] as const) {
      await mkdir(join(bench.folder, name))
      await writeFile(join(bench.folder, name, 'migration.sql'), up)
      await writeFile(join(bench.folder, name, 'snapshot.json'), '{}')
      if (down) await writeFile(join(bench.folder, name, 'down.sql'), down)
    }
    await mkdir(join(bench.folder, 'notes'))
    const { source, files, ignored } = await readMigrations(bench.folder)
    expect(source).toBe('drizzle')
    expect(files.map(({ name, when, down, stamped }) => [name, when, down?.sql, stamped])).toEqual([
      ['20260131235959_first', Date.UTC(2026, 0, 31, 23, 59, 59), 'drop table one', true],
      ['20260201080000_second', Date.UTC(2026, 1, 1, 8), undefined, true],
    ])
    expect(ignored).toEqual([{ file: 'notes/', why: 'is a folder without a migration.sql' }])
    await bench.write('0001_old', 'select 1')
    await expect(readMigrations(bench.folder)).rejects.toThrow('has migrations in two layouts')
  })

  test('what is not understood is never "nothing to do"', async () => {
    await mkdir(join(bench.folder, 'initial'))
    await expect(readMigrations(bench.folder)).rejects.toMatchObject({
      code: 'MIGRATION_FOLDER',
      message: expect.stringContaining('initial/ is a folder without a migration.sql'),
      nextStep: expect.stringContaining('NNNN_name.sql'),
    })
    await writeFile(join(bench.folder, 'initial', 'migration.sql'), 'select 1')
    await expect(readMigrations(bench.folder)).rejects.toThrow(
      'initial contains a migration.sql, but does not begin with a stamp',
    )
  })
})
