import type { Metadata } from 'next'
import { fleetAddress } from '@/app/_server/fleet-address'
import { readView } from '@/app/_server/view'
import { metricsView } from '@/lib/console/areas/metrics/views/metrics'
import { MetricsBody } from './_components/metrics-body'

export const metadata: Metadata = { title: 'Metrics' }

export default async function MetricsPage({ params, searchParams }: PageProps<'/[environment]/metrics'>) {
  const { environment } = await params
  const [initial, redisUrl] = await Promise.all([
    readView(metricsView, environment, await searchParams),
    fleetAddress(environment),
  ])
  return <MetricsBody initial={initial} joining={{ redisUrl, environment }} />
}
