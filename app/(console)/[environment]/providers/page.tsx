import type { Metadata } from 'next'
import { fleetAddress } from '@/app/_server/fleet-address'
import { readView } from '@/app/_server/view'
import { providersView } from '@/lib/console/areas/providers/views/providers'
import { ProvidersBody } from './_components/providers-body'

export const metadata: Metadata = { title: 'Providers' }

export default async function ProvidersPage({ params, searchParams }: PageProps<'/[environment]/providers'>) {
  const { environment } = await params
  const [initial, redisUrl] = await Promise.all([
    readView(providersView, environment, await searchParams),
    fleetAddress(environment),
  ])
  return <ProvidersBody initial={initial} joining={{ redisUrl, environment }} />
}
