import { defineArea } from '../../platform/area/define.ts'
import { nameGroup } from '../../platform/area/names.ts'
import { PostgresServers } from '../../servers/resources.ts'
import { databaseView } from './views/database.ts'
import { databasesView } from './views/databases.ts'

export const databaseArea = defineArea({
  id: 'database',
  title: 'Databases',
  page: { group: 'observe', icon: 'cylinder', shortcut: 'p' },
  permissions: { 'database:read': 'viewer' },
  topics: { database: 'database:read' },
  views: [databasesView, databaseView],
  names: async ({ environment }, query) => [
    nameGroup(
      'databases',
      'Databases',
      query,
      environment.of(PostgresServers).servers.map(({ name }) => ({
        id: `database-${name}`,
        label: name,
        href: `database/${encodeURIComponent(name)}`,
      })),
    ),
  ],
})
