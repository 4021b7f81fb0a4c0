import type { Database, DatabaseRegistry } from './port.ts'

/** The pools of one process. Adding a name again replaces the earlier one. */
export function createDatabaseRegistry(): DatabaseRegistry {
  const databases = new Map<string, Pick<Database, 'name' | 'stats'>>()
  let revision = 0
  let read = ''
  const reports = () => [...databases.values()].map(database => database.stats())
  return {
    add: database => void databases.set(database.name, database),
    remove: name => void databases.delete(name),
    reports,
    get revision() {
      const now = JSON.stringify(reports())
      if (now !== read) {
        read = now
        revision++
      }
      return revision
    },
  }
}
