import type { Metadata } from 'next'
import { readView } from '@/app/_server/view'
import { redisServerView, redisView } from '@/lib/console/areas/redis/views/redis'
import { RedisBody } from './_components/redis-body'

export const metadata: Metadata = { title: 'Redis' }

export default async function RedisPage({ params, searchParams }: PageProps<'/[environment]/redis'>) {
  const { environment } = await params
  const raw = await searchParams
  const name = [raw.server].flat().at(-1)
  const [initial, reading] = await Promise.all([
    readView(redisView, environment, {}),
    name ? readView(redisServerView, environment, { name }) : undefined,
  ])
  return (
    <RedisBody environment={environment} initial={initial} opened={name && reading ? { name, reading } : undefined} />
  )
}
