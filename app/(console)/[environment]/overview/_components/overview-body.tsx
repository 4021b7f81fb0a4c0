'use client'

import { PageHeader } from '@/components/shell/page-header'
import { StatusBadge } from '@/components/status/status-mark'
import type { OverviewData } from '@/lib/console/views/overview'
import type { Reading } from '@/lib/console/views/read'
import { useView } from '../../../_frame/use-view'

export function OverviewBody({ environment, initial }: { environment: string; initial: Reading<OverviewData> }) {
  const { reading = initial } = useView<OverviewData>({ view: 'overview', environment, filters: {}, topics: ['fleet', 'breakers', 'health', 'events', 'audit', 'targets'] }, initial)
  const { verdict, attention } = reading.data
  return (
    <>
      <PageHeader mark={<StatusBadge status={verdict.status}>{verdict.word}</StatusBadge>} title={verdict.sentence} note={verdict.detail} />
      <ul>{attention.map(item => <li key={item.id}>{item.subject} {item.text}</li>)}</ul>
    </>
  )
}
