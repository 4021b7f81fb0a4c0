import { readdir } from 'node:fs/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { migrationBench } from '../testing/migration-bench.ts'
import { createDatabase } from '../testing/servers.ts'
import { squashMigrations } from './index.ts'
import type { MigrationBench } from './migrations.contract.ts'

let old: MigrationBench
beforeEach(async () => {
  old = await migrationBench('folder', await createDatabase())
  await old.write('0001_mood', "create type mood as enum ('ok')", 'drop type mood')
  await old.write(
    '0002_low',
    "alter type mood add value 'low';\ncreate table felt (m mood default 'low')",
    'drop table felt',
  )
  await old.write('0003_index', 'create index concurrently felt_m on felt (m);', 'drop index concurrently felt_m')
  await old.write('0004_more', 'create table more (id int);', 'drop table more')
})
afterEach(() => old.close())

const states = async (bench: MigrationBench) =>
  (await (await bench.open()).status()).migrations.map(({ name, state }) => `${name} ${state}`)

test('a database that has all of them counts the squashed one as applied, and rolls it back with all their lines', async () => {
  const migrations = await old.open()
  await old.sql`create type mood as enum ('ok', 'low')`
  await old.sql`create table felt (m mood)`
  await migrations.baseline({ by: 'ada', to: '0002_low' })
  await migrations.up({ by: 'ada' })
  expect(await squashMigrations({ folder: old.folder, to: '0003_index' })).toEqual({
    name: '0003_squashed',
    replaced: ['0001_mood', '0002_low', '0003_index'],
    reversible: true,
    plainBuilds: ['felt_m'],
  })
  expect((await readdir(old.folder)).sort()).toEqual([
    '0003_squashed.down.sql',
    '0003_squashed.sql',
    '0004_more.down.sql',
    '0004_more.sql',
  ])
  expect(await states(old)).toEqual(['0003_squashed applied', '0004_more applied'])
  expect(await migrations.up({ by: 'ada' })).toEqual([])
  await migrations.down({ by: 'ada', to: null })
  expect(await old.sql`select count(*)::int from substation_migrations.journal`).toEqual([{ count: 0 }])
  expect(await old.sql`select to_regclass('felt') as felt, to_regtype('mood') as mood`).toEqual([
    { felt: null, mood: null },
  ])
  expect(await states(old)).toEqual(['0003_squashed pending', '0004_more pending'])
  // A database without them runs the squashed one.
  expect((await migrations.up({ by: 'ada' })).map(({ name }) => name)).toEqual(['0003_squashed', '0004_more'])
  expect(await old.sql`select m from felt where m = 'low'`).toEqual([])
  expect(await states(old)).toEqual(['0003_squashed applied', '0004_more applied'])
})

test('a database that has only some of them is told which it lacks, and a changed one is drift', async () => {
  const migrations = await old.open()
  await migrations.up({ by: 'ada', createJournal: true, to: '0001_mood' })
  await squashMigrations({ folder: old.folder, to: '0003_index' })
  expect((await migrations.status()).migrations[0]).toMatchObject({
    state: 'pending',
    lacksReplaced: ['0002_low', '0003_index'],
  })
  await expect(migrations.up({ by: 'ada' })).rejects.toMatchObject({
    code: 'MIGRATION_UNRUNNABLE',
    message: '0003_squashed takes the place of migrations of which only some are applied; 0002_low, 0003_index are not',
    nextStep: 'First run those with the files of an earlier release.',
  })
  await old.sql`insert into substation_migrations.journal values ('0002_low', 'other', now(), 'ada', 1), ('0003_index', 'other', now(), 'ada', 1)`
  expect(await states(old)).toEqual(['0003_squashed drifted', '0004_more pending'])
})

test('what cannot be squashed is refused with nothing changed', async () => {
  const before = await readdir(old.folder)
  const refused = (to: string, folder = old.folder) =>
    squashMigrations({ folder, to }).catch((error: Error) => error.message)
  expect(await refused('0001_mood')).toContain('there are not two migrations')
  expect(await refused('0009_none')).toContain('there are not two migrations')
  await old.write('0005_vacuum', 'vacuum more')
  expect(await refused('0005_vacuum')).toBe(
    '0005_vacuum runs outside a transaction (VACUUM), so it cannot be part of another',
  )
  await old.write('0005_vacuum', 'begin')
  expect(await refused('0005_vacuum')).toContain('0005_vacuum can never be run: line 1 contains BEGIN')
  await old.write('0005_vacuum', "select pg_catalog.set_config('search_path', '', false)")
  expect(await refused('0005_vacuum')).toContain('changes a setting of the session in line 1')
  await old.remove('0005_vacuum')
  expect(await readdir(old.folder)).toEqual(before)
  await old.write('0002_low', 'create table felt (id int)')
  await squashMigrations({ folder: old.folder, to: '0002_low' })
  expect(await refused('0003_index')).toBe('0002_squashed is itself squashed')
  const drizzles = await migrationBench('drizzle', await createDatabase())
  expect(await refused('0001_a', drizzles.folder)).toContain('drizzle-kit cannot be squashed')
  await drizzles.close()
})
