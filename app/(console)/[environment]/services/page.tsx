import type { Metadata } from 'next'
import { fleetAddress } from '@/app/_server/fleet-address'
import { readView } from '@/app/_server/view'
import { processView } from '@/lib/console/areas/services/views/process'
import { servicesView } from '@/lib/console/areas/services/views/services'
import { ServicesBody } from './_components/services-body'

export const metadata: Metadata = { title: 'Services' }

export default async function ServicesPage({ params, searchParams }: PageProps<'/[environment]/services'>) {
  const { environment } = await params
  const query = await searchParams
  const process = typeof query.process === 'string' ? query.process : undefined
  const [initial, redisUrl, detail] = await Promise.all([
    readView(servicesView, environment, query),
    fleetAddress(environment),
    process ? readView(processView, environment, { id: process }) : undefined,
  ])
  return (
    <ServicesBody
      initial={initial}
      opened={process && detail ? { id: process, reading: detail } : undefined}
      joining={{ redisUrl, environment }}
    />
  )
}
