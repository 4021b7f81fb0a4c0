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
