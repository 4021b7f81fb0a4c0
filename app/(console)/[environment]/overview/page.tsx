import type { Metadata } from 'next'
import { fleetAddress } from '@/app/_server/fleet-address'
import { readView } from '@/app/_server/view'
import { overviewView } from '@/lib/console/areas/overview/views/overview'
import { OverviewBody } from './_components/overview-body'

export const metadata: Metadata = { title: 'Overview' }

export default async function OverviewPage({ params }: PageProps<'/[environment]/overview'>) {
  const { environment } = await params
  const [initial, redisUrl] = await Promise.all([readView(overviewView, environment), fleetAddress(environment)])
  return <OverviewBody initial={initial} joining={{ redisUrl, environment }} />
}
