'use client'

import dynamic from 'next/dynamic'
import { Section } from '@/app/(console)/_parts/sheets/section'
import { Button } from '@/components/ui/button'
import type { QueueRow } from '@/lib/console/areas/queues/views/queues'
import type { SheetUrl } from './queue-sheet'

const Deduplication = dynamic(() => import('./deduplication').then(module => module.Deduplication))

interface DeduplicationSectionProps {
  environment: string
  row: QueueRow
  url: SheetUrl
}

/** What keeps jobs from being added; read only when asked for, because it takes a scan of all keys. */
export function DeduplicationSection({ environment, row, url }: DeduplicationSectionProps) {
  const open = url.get('section') === 'deduplication'
  return (
    <Section
      title="Deduplication"
      note="additions that lead to no job of their own"
      action={
        <Button size="sm" aria-expanded={open} onClick={() => url.set({ section: open ? undefined : 'deduplication' })}>
          {open ? 'Close' : 'Show keys'}
        </Button>
      }
    >
      {open ? <Deduplication environment={environment} row={row} url={url} /> : null}
    </Section>
  )
}
