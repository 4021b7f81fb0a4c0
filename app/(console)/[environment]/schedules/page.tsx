import type { Metadata } from 'next'
import { fleetAddress } from '@/app/_server/fleet-address'
import { readView } from '@/app/_server/view'
import { schedulesView } from '@/lib/console/areas/schedules/views/schedules'
import { SchedulesBody } from './_components/schedules-body'

export const metadata: Metadata = { title: 'Schedules' }

export default async function SchedulesPage({ params, searchParams }: PageProps<'/[environment]/schedules'>) {
  const { environment } = await params
  const [initial, redisUrl] = await Promise.all([
    readView(schedulesView, environment, await searchParams),
    fleetAddress(environment),
  ])
  return <SchedulesBody initial={initial} joining={{ redisUrl, environment }} />
}
