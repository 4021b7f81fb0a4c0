import type { Metadata } from 'next'
import { fleetAddress } from '@/app/_server/fleet-address'
import { readView } from '@/app/_server/view'
import { healthView } from '@/lib/console/areas/health/views/health'
import { HealthBody } from './_components/health-body'

export const metadata: Metadata = { title: 'Health' }

export default async function HealthPage({ params, searchParams }: PageProps<'/[environment]/health'>) {
  const { environment } = await params
  const [initial, redisUrl] = await Promise.all([
    readView(healthView, environment, await searchParams),
    fleetAddress(environment),
  ])
  return <HealthBody initial={initial} joining={{ redisUrl, environment }} />
}
