import type { Metadata } from 'next'
import { fleetAddress } from '@/app/_server/fleet-address'
import { readView } from '@/app/_server/view'
import { breakerView } from '@/lib/console/areas/breakers/views/breaker'
import { breakersView } from '@/lib/console/areas/breakers/views/breakers'
import { BreakersBody } from './_components/breakers-body'

export const metadata: Metadata = { title: 'Breakers' }

export default async function BreakersPage({ params, searchParams }: PageProps<'/[environment]/breakers'>) {
  const { environment } = await params
  const raw = await searchParams
  const name = [raw.breaker].flat().at(-1)
  const [initial, reading, redisUrl] = await Promise.all([
    readView(breakersView, environment, raw),
    name ? readView(breakerView, environment, { name }) : undefined,
    fleetAddress(environment),
  ])
  return (
    <BreakersBody
      initial={initial}
      opened={name && reading ? { name, reading } : undefined}
      joining={{ redisUrl, environment }}
    />
  )
}
