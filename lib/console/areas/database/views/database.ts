import { z } from 'zod'
import { defineView } from '../../../platform/view/define.ts'
import { exact } from '../../../platform/view/text-filters.ts'
import { PostgresServers } from '../../../servers/resources.ts'
import { type DatabaseRow, databaseRow } from './databases.ts'

export interface DatabaseData {
  /** Absent when no database of that name is declared. */
  database?: DatabaseRow
}

/** One declared database: what stands above all of its tabs. */
export const databaseView = defineView({
  id: 'database',
  title: 'Database',
  permission: 'database:read',
  topics: ['series'],
  filters: z.object({ name: exact(300) }),
  freshFor: 2_000,
  async read({ environment }, { name }): Promise<DatabaseData> {
    const server = environment.of(PostgresServers).find(name)
    return server ? { database: await databaseRow(server) } : {}
  },
})
