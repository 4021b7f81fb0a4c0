'use client'

import dynamic from 'next/dynamic'
import { DroppedFilters } from '@/app/(console)/_parts/filters/dropped-filters'
import { goShallow, ShallowLinks } from '@/app/(console)/_parts/filters/shallow'
import { useUrlFilters } from '@/app/(console)/_parts/filters/url-filters'
import { pickFilters, useFilteredView } from '@/app/(console)/_parts/filters/use-filtered-view'
import { BesideSheet } from '@/app/(console)/_parts/sheets/beside-sheet'
import { PageHeader } from '@/components/shell/page-header'
import { cn } from '@/components/ui/cn'
import { Sheet } from '@/components/ui/sheet'
import type { MigrationData } from '@/lib/console/areas/migrations/views/migration'
import type { MigrationsData } from '@/lib/console/areas/migrations/views/migrations'
import type { Reading } from '@/lib/console/platform/view/read'
import { DatabasePanel } from './database-panel'
import { MigrationFilters } from './migration-filters'
import { NoMigrations } from './no-migrations'

// A list is opened more often than a sheet beside it.
const MigrationSheet = dynamic(() => import('./migration-sheet').then(module => module.MigrationSheet))

const FILTERS = ['q', 'state'] as const
interface MigrationsBodyProps {
  environment: string
  initial: Reading<MigrationsData>
  /** The sheet the address asked for, read on the server. */
  opened?: { database: string; name: string; reading: Reading<MigrationData> }
}

export function MigrationsBody({ environment, initial, opened }: MigrationsBodyProps) {
  const { get, href } = useUrlFilters()
  const { reading, pending } = useFilteredView<MigrationsData>(
    { view: 'migrations', environment, filters: pickFilters(get, FILTERS) },
    initial,
  )
  const { databases, without } = reading.data
  const set = (patch: Record<string, string | undefined>) => goShallow(href(patch))
  const [database, name] = [get('database'), get('migration')]
  const isOpen = database !== undefined && name !== undefined
  return (
    <>
      <BesideSheet open={isOpen}>
        <PageHeader title="Migrations" />
        <DroppedFilters dropped={reading.dropped} />
        {databases.length === 0 ? (
          <NoMigrations without={without} />
        ) : (
          <>
            <MigrationFilters get={get} set={set} databases={databases} narrow={isOpen} />
            <ShallowLinks className={cn('grid gap-4 transition-opacity', pending && 'opacity-60')}>
              {databases.map(one => (
                <DatabasePanel
                  key={one.name}
                  database={one}
                  environment={environment}
                  hrefOf={migration => href({ database: one.name, migration })}
                  current={one.name === database ? name : undefined}
                  beside={isOpen}
                  onClear={() => set({ q: undefined, state: undefined })}
                />
              ))}
              {without.length > 0 ? (
                <p className="text-sm text-muted">
                  Watched without a folder of migrations: {without.join(', ')}. Name one under <code>migrations</code>{' '}
                  in <code>substation.config.ts</code>.
                </p>
              ) : null}
            </ShallowLinks>
          </>
        )}
      </BesideSheet>
      <Sheet
        aria-label={name}
        open={isOpen}
        onOpenChange={open => (open ? undefined : set({ database: undefined, migration: undefined }))}
      >
        {isOpen ? (
          <MigrationSheet
            key={`${database}\n${name}`}
            database={database}
            name={name}
            environment={environment}
            initial={opened?.database === database && opened.name === name ? opened.reading : undefined}
          />
        ) : null}
      </Sheet>
    </>
  )
}
