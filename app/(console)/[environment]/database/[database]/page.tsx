import type { Metadata } from 'next'
import { readView } from '@/app/_server/view'
import { databaseOverviewView } from '@/lib/console/areas/database/views/overview'
import { databaseNamed } from './_components/database-name'
import { OverviewTab } from './_components/overview-tab'

export const metadata: Metadata = { title: 'Database' }

export default async function DatabasePage({ params }: PageProps<'/[environment]/database/[database]'>) {
  const { environment, database } = await params
  const name = databaseNamed(database)
  const initial = await readView(databaseOverviewView, environment, { name })
  return <OverviewTab environment={environment} name={name} initial={initial} />
}
