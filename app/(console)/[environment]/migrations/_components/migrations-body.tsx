'use client'

import dynamic from 'next/dynamic'
import { FilterBar } from '@/app/(console)/_parts/list/filter-bar'
import type { List } from '@/app/(console)/_parts/list/list'
import { ListPage } from '@/app/(console)/_parts/list/list-page'
import { useList } from '@/app/(console)/_parts/list/use-list'
import type { MigrationData } from '@/lib/console/areas/migrations/views/migration'
import type { DatabaseMigrations, MigrationsData } from '@/lib/console/areas/migrations/views/migrations'
import type { Reading } from '@/lib/console/platform/view/read'
import { DatabasePanel } from './database-panel'
import { NoMigrations } from './no-migrations'

// A list is opened more often than a sheet beside it.
const MigrationSheet = dynamic(() => import('./migration-sheet').then(module => module.MigrationSheet))

const migrationsList: List = {
  view: 'migrations',
  search: 'Filter migrations',
  states: [
    { value: 'pending', label: 'Pending' },
    { value: 'trouble', label: 'In trouble', status: 'warning' },
  ],
  sheet: ['database', 'migration'],
}

interface MigrationsBodyProps {
  environment: string
  initial: Reading<MigrationsData>
  /** The sheet the address asked for, read on the server. */
  opened?: { database: string; name: string; reading: Reading<MigrationData> }
}

export function MigrationsBody({ environment, initial, opened }: MigrationsBodyProps) {
  const list = useList(migrationsList, environment, initial)
  const { databases, without } = list.data
  const [database, name] = [list.url.get('database'), list.url.get('migration')]
  return (
    <ListPage
      list={list}
      title="Migrations"
      sheet={
        database && name ? (
          <MigrationSheet
            key={`${database}\n${name}`}
            database={database}
            name={name}
            environment={environment}
            initial={opened?.database === database && opened.name === name ? opened.reading : undefined}
          />
        ) : null
      }
    >
      {databases.length === 0 ? (
        <NoMigrations without={without} />
      ) : (
        <>
          <FilterBar counts={countsOf(databases)} />
          <div className="grid gap-4">
            {databases.map(one => (
              <DatabasePanel key={one.name} database={one} environment={environment} />
            ))}
            {without.length > 0 ? (
              <p className="text-sm text-muted">
                Watched without a folder of migrations: {without.join(', ')}. Name one under <code>migrations</code> in{' '}
                <code>substation.config.ts</code>.
              </p>
            ) : null}
          </div>
        </>
      )}
    </ListPage>
  )
}

/** While one of them cannot be read, no sum is known. */
function countsOf(databases: readonly DatabaseMigrations[]) {
  const counts = databases.flatMap(({ state }) => (state.status === 'down' ? [] : [state.data.counts]))
  if (counts.length < databases.length) return undefined
  const sum = (name: 'all' | 'pending' | 'trouble') => counts.reduce((total, one) => total + one[name], 0)
  return { all: sum('all'), pending: sum('pending'), trouble: sum('trouble') }
}
