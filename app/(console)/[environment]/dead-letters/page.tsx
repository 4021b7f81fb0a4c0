import type { Metadata } from 'next'
import { readView } from '@/app/_server/view'
import { deadLettersView } from '@/lib/console/areas/dead-letters/views/dead-letters'
import { DeadLettersBody } from './_components/dead-letters-body'

export const metadata: Metadata = { title: 'Dead letters' }

export default async function DeadLettersPage({ params, searchParams }: PageProps<'/[environment]/dead-letters'>) {
  const { environment } = await params
  const { on, in: queue, ...raw } = await searchParams
  const initial = await readView(deadLettersView, environment, { ...raw, server: on, queue })
  return <DeadLettersBody environment={environment} initial={initial} />
}
