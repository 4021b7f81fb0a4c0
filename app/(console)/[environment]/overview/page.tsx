import type { Metadata } from 'next'
import { readView } from '@/app/_server/view'
import { overviewView } from '@/lib/console/views/overview'
import { OverviewBody } from './_components/overview-body'

export const metadata: Metadata = { title: 'Overview' }

export default async function OverviewPage({ params }: PageProps<'/[environment]/overview'>) {
  const { environment } = await params
  return <OverviewBody environment={environment} initial={await readView(overviewView, environment)} />
}
