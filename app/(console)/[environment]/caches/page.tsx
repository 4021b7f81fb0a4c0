import type { Metadata } from 'next'
import { fleetAddress } from '@/app/_server/fleet-address'
import { readView } from '@/app/_server/view'
import { cacheView } from '@/lib/console/areas/caches/views/cache'
import { cachesView } from '@/lib/console/areas/caches/views/caches'
import { CachesBody } from './_components/caches-body'

export const metadata: Metadata = { title: 'Caches' }

export default async function CachesPage({ params, searchParams }: PageProps<'/[environment]/caches'>) {
  const { environment } = await params
  const raw = await searchParams
  const name = [raw.cache].flat().at(-1)
  const [initial, reading, redisUrl] = await Promise.all([
    readView(cachesView, environment, raw),
    name ? readView(cacheView, environment, { name }) : undefined,
    fleetAddress(environment),
  ])
  return (
    <CachesBody
      initial={initial}
      opened={name && reading ? { name, reading } : undefined}
      joining={{ redisUrl, environment }}
    />
  )
}
