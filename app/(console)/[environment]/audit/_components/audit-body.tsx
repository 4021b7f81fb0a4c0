'use client'

import dynamic from 'next/dynamic'
import { DroppedFilters } from '@/app/(console)/_parts/filters/dropped-filters'
import { goShallow, ShallowLinks } from '@/app/(console)/_parts/filters/shallow'
import { useUrlFilters } from '@/app/(console)/_parts/filters/url-filters'
import { pickFilters, useFilteredView } from '@/app/(console)/_parts/filters/use-filtered-view'
import { BesideSheet } from '@/app/(console)/_parts/sheets/beside-sheet'
import { PageHeader } from '@/components/shell/page-header'
import { PartBoundary } from '@/components/status/part-boundary'
import { cn } from '@/components/ui/cn'
import { Sheet } from '@/components/ui/sheet'
import type { AuditData } from '@/lib/console/areas/audit/views/audit'
import type { RunData } from '@/lib/console/areas/running/views/run'
import type { Reading } from '@/lib/console/platform/view/read'
import { AuditFilters, FILTERS } from './audit-filters'
import { AuditTable } from './audit-table'
import { ExportLinks } from './export-links'

// A list is opened more often than a sheet beside it.
const RunSheet = dynamic(() => import('@/app/(console)/_parts/runs/run-sheet').then(module => module.RunSheet))

interface AuditBodyProps {
  environment: string
  initial: Reading<AuditData>
  /** The act the address asked for, read on the server. */
  opened?: { id: string; reading: Reading<RunData> }
}

export function AuditBody({ environment, initial, opened }: AuditBodyProps) {
  const { get, href } = useUrlFilters()
  const filters = pickFilters(get, [...FILTERS, 'before'])
  const { reading, pending } = useFilteredView<AuditData>({ view: 'audit', environment, filters }, initial)
  const { audit, operations } = reading.data
  const set = (patch: Record<string, string | undefined>) => goShallow(href(patch))
  const id = get('run')
  const titleOf = (operation: string) => operations.find(known => known.id === operation)?.title ?? operation
  return (
    <>
      <BesideSheet open={id !== undefined}>
        <PageHeader
          title="Audit"
          note="Who did what, when, with which input, and the outcome. Nothing here can be changed."
          actions={<ExportLinks environment={environment} filters={filters} />}
        />
        <DroppedFilters dropped={reading.dropped} />
        <AuditFilters
          get={get}
          // Another list begins at its newest act.
          set={patch => set({ ...patch, before: undefined })}
          operations={operations}
          actors={audit.status === 'down' ? [] : [...new Set(audit.data.rows.map(row => row.actor.name))].sort()}
        />
        <ShallowLinks
          className={cn(
            'overflow-clip rounded-lg border border-line bg-panel transition-opacity',
            pending && 'opacity-60',
          )}
        >
          <PartBoundary part={audit} what="The audit trail">
            {data => (
              <AuditTable
                data={data}
                environment={environment}
                // While other rows are awaited, these are still those of the list before.
                list={pending ? undefined : JSON.stringify(filters)}
                beside={id !== undefined}
                current={id}
                get={get}
                href={href}
              />
            )}
          </PartBoundary>
        </ShallowLinks>
      </BesideSheet>
      <Sheet
        aria-label="Run"
        open={id !== undefined}
        onOpenChange={open => {
          if (!open) set({ run: undefined })
        }}
      >
        {id === undefined ? null : (
          <RunSheet
            key={id}
            id={id}
            environment={environment}
            initial={opened?.id === id ? opened.reading : undefined}
            titleOf={titleOf}
          />
        )}
      </Sheet>
    </>
  )
}
