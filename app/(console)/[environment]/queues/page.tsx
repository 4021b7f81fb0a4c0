import type { Metadata } from 'next'
import { fleetAddress } from '@/app/_server/fleet-address'
import { readView } from '@/app/_server/view'
import { queuesView } from '@/lib/console/areas/queues/views/queues'
import { QueuesBody } from './_components/queues-body'

export const metadata: Metadata = { title: 'Queues' }

export default async function QueuesPage({ params, searchParams }: PageProps<'/[environment]/queues'>) {
  const { environment } = await params
  const raw = await searchParams
  const [initial, redisUrl] = await Promise.all([
    readView(queuesView, environment, { ...raw, server: raw.on }),
    fleetAddress(environment),
  ])
  return <QueuesBody initial={initial} joining={{ redisUrl, environment }} />
}
