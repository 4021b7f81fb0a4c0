import { defineArea } from '../../platform/area/define.ts'
import { nameGroup } from '../../platform/area/names.ts'
import { PostgresServers } from '../../servers/resources.ts'
import { judgeDatabases } from './judge.ts'
import { analyzeTable } from './operations/analyze.ts'
import { cancelStatement } from './operations/cancel.ts'
import { createIndex } from './operations/create-index.ts'
import { deleteQuery } from './operations/delete-query.ts'
import { dropIndex } from './operations/drop-index.ts'
import { editQuery } from './operations/edit-query.ts'
import { measurePlan } from './operations/measure-plan.ts'
import { reindex } from './operations/reindex.ts'
import { saveQuery } from './operations/save-query.ts'
import { terminateSession } from './operations/terminate.ts'
import { vacuumTable } from './operations/vacuum.ts'
import { TableSizes } from './resource.ts'
import { databaseSource } from './samples.ts'
import { Statements } from './statements/registry.ts'
import { Upkeeps } from './upkeep.ts'
import { databaseActivityView } from './views/activity.ts'
import { browseView } from './views/browse.ts'
import { databaseView } from './views/database.ts'
import { databasesView } from './views/databases.ts'
import { databaseHistoryView } from './views/history.ts'
import { databaseOverviewView } from './views/overview.ts'
import { planView } from './views/plan.ts'
import { queriesView } from './views/queries.ts'
import { queryView } from './views/query.ts'
import { queryRowsView } from './views/query-rows.ts'
import { rowsView } from './views/rows.ts'
import { savedQueriesView } from './views/saved-queries.ts'
import { databaseSettingsView } from './views/settings.ts'
import { tableView } from './views/table.ts'
import { tablesView } from './views/tables.ts'
import { ActivityWatch } from './watch.ts'

/** How old a reading may be (ms) for the overview, and for a badge. */
const FRESH = 2_000
const WHILE_NOT_LOOKED_AT = 10_000

export const databaseArea = defineArea({
  id: 'database',
  title: 'Databases',
  page: { group: 'observe', icon: 'cylinder', shortcut: 'p', counts: 'in trouble' },
  permissions: {
    'database:read': 'viewer',
    // The values in statements, which may be personal data.
    'database:text': 'operator',
    'database:plan': 'operator',
    'database:cancel': 'operator',
    'database:terminate': 'operator',
    'database:maintain': 'operator',
    'database:index': 'admin',
    'database:measure': 'admin',
    // Rows of tables, which are whatever the service keeps.
    'database:browse': 'admin',
  },
  topics: { database: 'database:read' },
  resources: [ActivityWatch, TableSizes, Statements, Upkeeps],
  views: [
    databasesView,
    databaseView,
    databaseOverviewView,
    databaseHistoryView,
    databaseActivityView,
    queriesView,
    queryView,
    planView,
    tablesView,
    tableView,
    databaseSettingsView,
    browseView,
    rowsView,
    savedQueriesView,
    queryRowsView,
  ],
  operations: [
    cancelStatement,
    terminateSession,
    vacuumTable,
    analyzeTable,
    createIndex,
    dropIndex,
    reindex,
    measurePlan,
    saveQuery,
    editQuery,
    deleteQuery,
  ],
  async attention({ environment }, { fresh }) {
    const [{ items, ...report }, upkeep] = await Promise.all([
      judgeDatabases(environment.of(PostgresServers), fresh ? FRESH : WHILE_NOT_LOOKED_AT),
      environment.of(Upkeeps).read(environment),
    ])
    return { ...report, items: [...items, ...upkeep] }
  },
  samples: environment => [
    databaseSource(environment.of(PostgresServers)),
    environment.of(TableSizes),
    ...environment.of(Statements).sources,
  ],
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
