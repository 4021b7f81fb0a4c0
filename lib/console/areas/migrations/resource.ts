import { defineResource } from '../../platform/environment/resource.ts'
import type { WatchedMigrations } from './port.ts'
import { watchMigrations } from './watch.ts'

/** The migrations of every watched database that has a folder of them. */
export const Migrations = defineResource<WatchedMigrations>('migrations', ({ name, settings, hub }) => {
  const migrations = watchMigrations(settings, { announce: () => hub.announce(name, ['migrations']) })
  return { value: migrations, start: migrations.start, close: migrations.close }
})
