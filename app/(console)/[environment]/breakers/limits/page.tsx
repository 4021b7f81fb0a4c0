import type { Metadata } from 'next'
import { fleetAddress } from '@/app/_server/fleet-address'
import { readView } from '@/app/_server/view'
import { limitsView } from '@/lib/console/areas/breakers/views/limits'
import { LimitsBody } from './_components/limits-body'

export const metadata: Metadata = { title: 'Limits' }

export default async function LimitsPage({ params, searchParams }: PageProps<'/[environment]/breakers/limits'>) {
  const { environment } = await params
  const [initial, redisUrl] = await Promise.all([
    readView(limitsView, environment, await searchParams),
    fleetAddress(environment),
  ])
  return <LimitsBody initial={initial} joining={{ redisUrl, environment }} />
}
