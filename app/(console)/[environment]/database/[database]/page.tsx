import type { Metadata } from 'next'
import { readView } from '@/app/_server/view'
import { databaseView } from '@/lib/console/areas/database/views/database'
import { databaseNamed } from './_components/database-name'
import { OverviewTab } from './_components/overview-tab'

export const metadata: Metadata = { title: 'Database' }

export default async function DatabasePage({ params }: PageProps<'/[environment]/database/[database]'>) {
  const { environment, database } = await params
  const name = databaseNamed(database)
  return (
    <OverviewTab environment={environment} name={name} initial={await readView(databaseView, environment, { name })} />
  )
}
