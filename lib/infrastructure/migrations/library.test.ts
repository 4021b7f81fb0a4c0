import postgres from 'postgres'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createDatabase } from '../testing/servers.ts'
import { createMigrations, libraryMigrations, type MigrationCollection, type Migrations } from './index.ts'

let database: Awaited<ReturnType<typeof createDatabase>>
let sql: postgres.Sql
let opened: Migrations[]
beforeEach(async () => {
  database = await createDatabase()
  sql = postgres(database.url, { max: 1, onnotice: () => {} })
  opened = []
})
afterEach(async () => {
  await Promise.all(opened.map(migrations => migrations.close()))
  await sql.end()
  await database.drop()
})

async function of(source: MigrationCollection): Promise<Migrations> {
  const migrations = await createMigrations({ url: database.url, source })
  opened.push(migrations)
  return migrations
}

/** A collection as libraryMigrations makes it, of capabilities with tables of their own. */
function collection(...capabilities: [capability: string, versions: number][]): MigrationCollection {
  return {
    name: 'test',
    journal: { schema: 'substation_app', table: 'migration' },
    capabilities: capabilities.map(([capability, versions]) => ({
      capability,
      migrations: Array.from({ length: versions }, (_, n) => ({
        name: `000${n + 1}_table`,
        up: `create table substation_app.${capability}_${n + 1} (id int);`,
        down: `drop table substation_app.${capability}_${n + 1};`,
      })),
    })),
  }
}
const by = 'deploy'
const names = (done: { name: string }[]) => done.map(({ name }) => name)
const tables = async () =>
  (await sql`select tablename from pg_tables where schemaname = 'substation_app' and tablename <> 'migration'`)
    .map(({ tablename }) => tablename)
    .sort()

test('the tables of a capability are created with their journal, once', async () => {
  const migrations = await of(libraryMigrations('kv', 'kv'))
  expect(await migrations.status()).toMatchObject({
    folder: 'substation: kv',
    journal: { schema: 'substation_app', table: 'migration', exists: false },
  })
  expect(names(await migrations.up({ by, createJournal: true }))).toEqual(['kv_0001_entries_and_locks'])
  expect(await migrations.up({ by })).toEqual([])
  expect(await sql`select name, applied_by from substation_app.migration`).toEqual([
    { name: 'kv_0001_entries_and_locks', applied_by: by },
  ])
})

test('a capability may be added later, before or after those that exist, and each goes on by itself', async () => {
  await (await of(collection(['kv', 1]))).up({ by, createJournal: true })
  expect(names(await (await of(collection(['events', 2], ['kv', 1]))).up({ by }))).toEqual([
    'events_0001_table',
    'events_0002_table',
  ])
  expect(names(await (await of(collection(['kv', 2]))).up({ by }))).toEqual(['kv_0002_table'])
  expect(await tables()).toEqual(['events_1', 'events_2', 'kv_1', 'kv_2'])
})

test('within a capability the order counts', async () => {
  await (await of(collection(['kv', 2]))).up({ by, createJournal: true })
  await sql`delete from substation_app.migration where name = 'kv_0001_table'`
  await expect((await of(collection(['kv', 2]))).up({ by })).rejects.toMatchObject({ code: 'MIGRATION_FINDINGS' })
})

test('rolling back removes what is named and leaves the others, also one whose name begins alike', async () => {
  await (await of(collection(['kv', 1], ['kv_more', 1]))).up({ by, createJournal: true })
  expect((await (await of(collection(['kv', 1]))).status()).migrations).toHaveLength(1)
  await (await of(collection(['kv', 1]))).down({ by, to: null })
  expect(await tables()).toEqual(['kv_more_1'])
})

test('a journal may be elsewhere', async () => {
  await sql`create schema substation_app`
  const elsewhere = await createMigrations({
    url: database.url,
    source: libraryMigrations('kv'),
    journal: { schema: 'public', table: 'library' },
  })
  opened.push(elsewhere)
  await elsewhere.up({ by, createJournal: true })
  expect(await sql`select name from public.library`).toHaveLength(1)
})
