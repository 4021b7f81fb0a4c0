import type { Metadata } from 'next'
import { readView } from '@/app/_server/view'
import { databasesView } from '@/lib/console/areas/database/views/databases'
import { DatabasesBody } from './_components/databases-body'

export const metadata: Metadata = { title: 'Databases' }

export default async function DatabasesPage({ params }: PageProps<'/[environment]/database'>) {
  const { environment } = await params
  return <DatabasesBody environment={environment} initial={await readView(databasesView, environment)} />
}
