import { defineArea } from '../../platform/area/define.ts'
import { nameGroup } from '../../platform/area/names.ts'
import { PostgresServers } from '../../servers/resources.ts'
import { analyzeTable } from './operations/analyze.ts'
import { createIndex } from './operations/create-index.ts'
import { dropIndex } from './operations/drop-index.ts'
import { reindex } from './operations/reindex.ts'
import { vacuumTable } from './operations/vacuum.ts'
import { TableSizes } from './resource.ts'
import { databaseView } from './views/database.ts'
import { databasesView } from './views/databases.ts'
import { tableView } from './views/table.ts'
import { tablesView } from './views/tables.ts'

export const databaseArea = defineArea({
  id: 'database',
  title: 'Databases',
  page: { group: 'observe', icon: 'cylinder', shortcut: 'p' },
  permissions: { 'database:read': 'viewer', 'database:maintain': 'operator', 'database:index': 'admin' },
  topics: { database: 'database:read' },
  views: [databasesView, databaseView, tablesView, tableView],
  operations: [vacuumTable, analyzeTable, createIndex, dropIndex, reindex],
  samples: environment => [environment.of(TableSizes)],
  resources: [TableSizes],
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
