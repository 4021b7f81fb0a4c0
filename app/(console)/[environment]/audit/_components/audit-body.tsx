'use client'

import dynamic from 'next/dynamic'
import type { List } from '@/app/(console)/_parts/list/list'
import { ListPage } from '@/app/(console)/_parts/list/list-page'
import { ListPanel, ListPart } from '@/app/(console)/_parts/list/list-panel'
import { useList } from '@/app/(console)/_parts/list/use-list'
import type { AuditData } from '@/lib/console/areas/audit/views/audit'
import type { RunData } from '@/lib/console/areas/running/views/run'
import type { Reading } from '@/lib/console/platform/view/read'
import { AuditFilters } from './audit-filters'
import { AuditTable } from './audit-table'
import { ExportLinks } from './export-links'

// A list is opened more often than a sheet beside it.
const RunSheet = dynamic(() => import('@/app/(console)/_parts/runs/run-sheet').then(module => module.RunSheet))

const auditList: List = {
  view: 'audit',
  search: 'Filter the audit',
  selects: [
    { name: 'operation', label: 'Operation', any: 'Any operation' },
    { name: 'actor', label: 'Who', any: 'Anyone' },
    {
      name: 'kind',
      label: 'Show',
      any: 'Acts and refusals',
      options: [
        { value: 'act', label: 'Acts only' },
        { value: 'refused', label: 'Refusals only' },
      ],
    },
    {
      name: 'outcome',
      label: 'Outcome',
      any: 'Any outcome',
      options: [
        { value: 'succeeded', label: 'Done' },
        { value: 'partial', label: 'Partly done' },
        { value: 'failed', label: 'Failed' },
        { value: 'aborted', label: 'Aborted' },
        { value: 'unknown', label: 'Outcome unknown' },
        { value: 'undone', label: 'Undone' },
        { value: 'under-way', label: 'Under way' },
      ],
    },
  ],
  otherFilters: ['from', 'to'],
  page: 'before',
  sheet: ['run'],
}

interface AuditBodyProps {
  environment: string
  initial: Reading<AuditData>
  /** The act the address asked for, read on the server. */
  opened?: { id: string; reading: Reading<RunData> }
}

export function AuditBody({ environment, initial, opened }: AuditBodyProps) {
  const list = useList(auditList, environment, initial)
  const { audit, operations } = list.data
  const id = list.url.get('run')
  const titleOf = (operation: string) => operations.find(known => known.id === operation)?.title ?? operation
  return (
    <ListPage
      list={list}
      title="Audit"
      note="Who did what, when, with which input, and the outcome. Nothing here can be changed."
      actions={<ExportLinks environment={environment} filters={list.asked} />}
      sheet={
        id ? (
          <RunSheet
            key={id}
            id={id}
            environment={environment}
            initial={opened?.id === id ? opened.reading : undefined}
            titleOf={titleOf}
          />
        ) : null
      }
    >
      <AuditFilters
        options={{
          operation: operations.map(({ id, title }) => ({ value: id, label: title })),
          actor: audit.status === 'down' ? [] : [...new Set(audit.data.rows.map(row => row.actor.name))].sort(),
        }}
      />
      <ListPanel>
        <ListPart part={audit} what="The audit trail">
          {data => <AuditTable data={data} />}
        </ListPart>
      </ListPanel>
    </ListPage>
  )
}
