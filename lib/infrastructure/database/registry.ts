import type { DatabaseRegistry } from './port.ts'

/** The pools of one process. Adding a name again replaces the earlier one. */
export function createDatabaseRegistry(): DatabaseRegistry {
  const databases = new Map<string, Parameters<DatabaseRegistry['add']>[0]>()
  let revision = 0
  let read = ''
  const reports = () => [...databases.values()].map(database => database.stats())
  const statements = () =>
    [...databases.values()].flatMap(database => database.statements?.() ?? []).sort((a, b) => b.totalMs - a.totalMs)
  return {
    add: database => void databases.set(database.name, database),
    remove: name => void databases.delete(name),
    reports,
    statements,
    get statementsRevision() {
      return statements().reduce((sum, { calls }) => sum + calls, 0)
    },
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
