import type { Metadata } from 'next'
import { readView } from '@/app/_server/view'
import { runView } from '@/lib/console/areas/running/views/run'
import { runningView } from '@/lib/console/areas/running/views/running'
import { RunningBody } from './_components/running-body'

export const metadata: Metadata = { title: 'Running' }

export default async function RunningPage({ params, searchParams }: PageProps<'/[environment]/running'>) {
  const { environment } = await params
  const id = [(await searchParams).run].flat().at(-1)
  const [initial, reading] = await Promise.all([
    readView(runningView, environment),
    id ? readView(runView, environment, { id }) : undefined,
  ])
  return (
    <RunningBody environment={environment} initial={initial} opened={id && reading ? { id, reading } : undefined} />
  )
}
