import { defineArea } from '../../platform/area/define.ts'
import { Probes } from '../../servers/resources.ts'
import { ofMigrations } from './attention.ts'
import { migrationStates } from './migration-states.ts'
import { baselineMigrations } from './operations/baseline.ts'
import { dryRunMigrations } from './operations/dry-run.ts'
import { rollBackMigrations } from './operations/roll-back.ts'
import { runMigrations } from './operations/run.ts'
import { Migrations } from './resource.ts'
import { migrationView } from './views/migration.ts'
import { migrationImpactView } from './views/migration-impact.ts'
import { migrationsView } from './views/migrations.ts'

export const migrationsArea = defineArea({
  id: 'migrations',
  title: 'Migrations',
  page: { group: 'operate', icon: 'arrow-up-down', shortcut: 'i', counts: 'needing attention' },
  permissions: { 'migration:read': 'viewer', 'migration:run': 'admin', 'migration:roll-back': 'admin' },
  topics: { migrations: 'migration:read' },
  resources: [Migrations],
  views: [migrationsView, migrationView, migrationImpactView],
  operations: [runMigrations, rollBackMigrations, dryRunMigrations, baselineMigrations],
  async attention({ environment, store, outages }) {
    const [states, targets] = await Promise.all([
      migrationStates(environment, store, outages),
      environment.of(Probes).read(),
    ])
    return {
      items: ofMigrations(states, targets),
      known: states.length === 0 || states.some(({ state }) => state.status !== 'down'),
    }
  },
})
