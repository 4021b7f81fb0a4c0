import type { Metadata } from 'next'
import { readView } from '@/app/_server/view'
import { migrationView } from '@/lib/console/areas/migrations/views/migration'
import { migrationsView } from '@/lib/console/areas/migrations/views/migrations'
import { MigrationsBody } from './_components/migrations-body'

export const metadata: Metadata = { title: 'Migrations' }

export default async function MigrationsPage({ params, searchParams }: PageProps<'/[environment]/migrations'>) {
  const { environment } = await params
  const raw = await searchParams
  const [database, name] = [[raw.database].flat().at(-1), [raw.migration].flat().at(-1)]
  const [initial, reading] = await Promise.all([
    readView(migrationsView, environment, raw),
    database && name ? readView(migrationView, environment, { database, name }) : undefined,
  ])
  const opened = database && name && reading ? { database, name, reading } : undefined
  return <MigrationsBody environment={environment} initial={initial} opened={opened} />
}
