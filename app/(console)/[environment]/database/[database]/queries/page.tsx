import type { Metadata } from 'next'
import { readView } from '@/app/_server/view'
import { queriesView } from '@/lib/console/areas/database/views/queries'
import { queryView } from '@/lib/console/areas/database/views/query'
import { databaseNamed } from '../_components/database-name'
import { QueriesTab } from './_components/queries-tab'

export const metadata: Metadata = { title: 'Queries' }

export default async function QueriesPage({
  params,
  searchParams,
}: PageProps<'/[environment]/database/[database]/queries'>) {
  const { environment, database } = await params
  const name = databaseNamed(database)
  const raw = await searchParams
  const query = [raw.query].flat().at(-1)
  const [initial, reading] = await Promise.all([
    readView(queriesView, environment, { ...raw, name }),
    query ? readView(queryView, environment, { name, query, hours: raw.hours }) : undefined,
  ])
  return (
    <QueriesTab
      environment={environment}
      name={name}
      initial={initial}
      opened={query && reading ? { query, reading } : undefined}
    />
  )
}
