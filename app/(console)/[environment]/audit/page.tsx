import type { Metadata } from 'next'
import { readView } from '@/app/_server/view'
import { auditView } from '@/lib/console/areas/audit/views/audit'
import { runView } from '@/lib/console/areas/running/views/run'
import { AuditBody } from './_components/audit-body'

export const metadata: Metadata = { title: 'Audit' }

export default async function AuditPage({ params, searchParams }: PageProps<'/[environment]/audit'>) {
  const { environment } = await params
  // On this page `run` opens a sheet beside the list; it does not narrow the list.
  const { run, ...raw } = await searchParams
  const id = [run].flat().at(-1)
  const [initial, reading] = await Promise.all([
    readView(auditView, environment, raw),
    id ? readView(runView, environment, { id }) : undefined,
  ])
  return <AuditBody environment={environment} initial={initial} opened={id && reading ? { id, reading } : undefined} />
}
