import { defineArea } from '../../platform/area/define.ts'
import { Probes } from '../../servers/resources.ts'
import { ofMigrations } from './attention.ts'
import { standingsOf } from './migration-states.ts'
import { rollBackMigrations } from './operations/roll-back.ts'
import { runMigrations } from './operations/run.ts'
import { Migrations } from './resource.ts'
import { migrationView } from './views/migration.ts'
import { migrationsView } from './views/migrations.ts'

export const migrationsArea = defineArea({
  id: 'migrations',
  title: 'Migrations',
  page: { group: 'operate', icon: 'arrow-up-down', shortcut: 'i', counts: 'to look at' },
  permissions: { 'migration:read': 'viewer', 'migration:run': 'admin', 'migration:roll-back': 'admin' },
  topics: { migrations: 'migration:read' },
  resources: [Migrations],
  views: [migrationsView, migrationView],
  operations: [runMigrations, rollBackMigrations],
  async attention({ environment, store, outages }) {
    const [standings, targets] = await Promise.all([
      standingsOf(environment, store, outages),
      environment.of(Probes).read(),
    ])
    return {
      items: ofMigrations(standings, targets),
      known: standings.length === 0 || standings.some(({ standing }) => standing.status !== 'down'),
    }
  },
})
