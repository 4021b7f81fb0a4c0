import type { Metadata } from 'next'
import { fleetAddress } from '@/app/_server/fleet-address'
import { readView } from '@/app/_server/view'
import { sagasView } from '@/lib/console/areas/sagas/views/sagas'
import { SagasBody } from './_components/sagas-body'

export const metadata: Metadata = { title: 'Sagas' }

export default async function SagasPage({ params, searchParams }: PageProps<'/[environment]/sagas'>) {
  const { environment } = await params
  const [initial, redisUrl] = await Promise.all([
    readView(sagasView, environment, await searchParams),
    fleetAddress(environment),
  ])
  return <SagasBody initial={initial} joining={{ redisUrl, environment }} />
}
