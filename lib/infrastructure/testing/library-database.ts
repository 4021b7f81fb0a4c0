import postgres from 'postgres'
import { afterAll, beforeAll } from 'vitest'
import { createMigrations, libraryMigrations, type StoredCapability } from '../migrations/index.ts'
import { createDatabase } from './servers.ts'

/** A database of its own with the tables of a capability of the library. */
export async function libraryDatabase(capability: StoredCapability) {
  const database = await createDatabase()
  const migrations = await createMigrations({ url: database.url, source: libraryMigrations(capability) })
  await migrations.up({ by: 'test', createJournal: true })
  await migrations.close()
  return database
}

/** One for the tests of a file, with a pool on it. */
export function testLibraryDatabase(capability: StoredCapability) {
  let database: Awaited<ReturnType<typeof libraryDatabase>>
  const own = { sql: undefined as unknown as postgres.Sql, url: '' }
  beforeAll(async () => {
    database = await libraryDatabase(capability)
    own.url = database.url
    own.sql = postgres(database.url, { max: 8, onnotice: () => {} })
  })
  afterAll(async () => {
    await own.sql.end()
    await database.drop()
  })
  return own
}
