import type { Metadata } from 'next'
import { readView } from '@/app/_server/view'
import { queuesView } from '@/lib/console/areas/queues/views/queues'
import { SearchBody } from './_components/search-body'

export const metadata: Metadata = { title: 'Search jobs' }

export default async function SearchJobsPage({ params }: PageProps<'/[environment]/queues/search'>) {
  const { environment } = await params
  const { data } = await readView(queuesView, environment)
  return <SearchBody environment={environment} queues={data.counts.all} servers={data.servers.length} />
}
