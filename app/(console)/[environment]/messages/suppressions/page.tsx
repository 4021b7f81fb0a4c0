import type { Metadata } from 'next'
import { readView } from '@/app/_server/view'
import { suppressionsView } from '@/lib/console/areas/messages/views/suppressions'
import { SuppressionsBody } from './_components/suppressions-body'

export const metadata: Metadata = { title: 'Suppressed addresses' }

export default async function SuppressionsPage({
  params,
  searchParams,
}: PageProps<'/[environment]/messages/suppressions'>) {
  const { environment } = await params
  return (
    <SuppressionsBody
      environment={environment}
      initial={await readView(suppressionsView, environment, await searchParams)}
    />
  )
}
