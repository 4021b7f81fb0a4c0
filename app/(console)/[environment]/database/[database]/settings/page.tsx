import type { Metadata } from 'next'
import { readView } from '@/app/_server/view'
import { databaseSettingsView } from '@/lib/console/areas/database/views/settings'
import { databaseNamed } from '../_components/database-name'
import { SettingsBody } from './_components/settings-body'

export const metadata: Metadata = { title: 'Database settings' }

export default async function SettingsPage({
  params,
  searchParams,
}: PageProps<'/[environment]/database/[database]/settings'>) {
  const { environment, database } = await params
  const name = databaseNamed(database)
  const initial = await readView(databaseSettingsView, environment, { ...(await searchParams), name })
  return <SettingsBody environment={environment} name={name} initial={initial} />
}
