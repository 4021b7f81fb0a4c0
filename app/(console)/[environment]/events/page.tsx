import type { Metadata } from 'next'
import { fleetAddress } from '@/app/_server/fleet-address'
import { readView } from '@/app/_server/view'
import { eventsView } from '@/lib/console/areas/events/views/events'
import { EventsBody } from './_components/events-body'

export const metadata: Metadata = { title: 'Events' }

export default async function EventsPage({ params, searchParams }: PageProps<'/[environment]/events'>) {
  const { environment } = await params
  const [initial, redisUrl] = await Promise.all([
    readView(eventsView, environment, await searchParams),
    fleetAddress(environment),
  ])
  return <EventsBody initial={initial} joining={{ redisUrl, environment }} />
}
