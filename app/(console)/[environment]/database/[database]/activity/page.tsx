import type { Metadata } from 'next'
import { readView } from '@/app/_server/view'
import { databaseActivityView } from '@/lib/console/areas/database/views/activity'
import { databaseNamed } from '../_components/database-name'
import { ActivityBody } from './_components/activity-body'

export const metadata: Metadata = { title: 'Database activity' }

export default async function ActivityPage({
  params,
  searchParams,
}: PageProps<'/[environment]/database/[database]/activity'>) {
  const { environment, database } = await params
  const name = databaseNamed(database)
  const initial = await readView(databaseActivityView, environment, { ...(await searchParams), name })
  return <ActivityBody environment={environment} name={name} initial={initial} />
}
