'use client'

import dynamic from 'next/dynamic'
import { FilterBar } from '@/app/(console)/_parts/list/filter-bar'
import type { List } from '@/app/(console)/_parts/list/list'
import { ListPage } from '@/app/(console)/_parts/list/list-page'
import { ListPanel, ListPart } from '@/app/(console)/_parts/list/list-panel'
import { ListTable } from '@/app/(console)/_parts/list/list-table'
import { useList } from '@/app/(console)/_parts/list/use-list'
import { RelativeTime } from '@/components/status/relative-time'
import { StatusMark } from '@/components/status/status-mark'
import { Callout } from '@/components/ui/callout'
import { EmptyState } from '@/components/ui/empty-state'
import type { TableData } from '@/lib/console/areas/database/views/table'
import type { TablesData } from '@/lib/console/areas/database/views/tables'
import type { Reading } from '@/lib/console/platform/view/read'
import { tableRows } from './table-rows'

const TableSheet = dynamic(() => import('./table-sheet').then(module => module.TableSheet))

const tablesList: List = {
  view: 'database-tables',
  search: 'Filter tables',
  states: [
    { value: 'findings', label: 'With findings' },
    { value: 'dead', label: 'Dead rows', status: 'warning', offered: 'counted' },
    { value: 'unindexed', label: 'Sequential scans', offered: 'counted' },
    { value: 'bloat', label: 'Bloated', offered: 'counted' },
  ],
  sheet: ['schema', 'table'],
}

interface TablesTabProps {
  environment: string
  /** Of the database. */
  name: string
  initial: Reading<TablesData>
  /** The sheet the address asked for, read on the server. */
  opened?: { schema: string; table: string; reading: Reading<TableData> }
}

export function TablesTab({ environment, name, initial, opened }: TablesTabProps) {
  const list = useList(tablesList, environment, initial, { name })
  const { tables, missing } = list.data
  const known = tables && tables.status !== 'down' ? tables.data : undefined
  const [schema, table] = [list.url.get('schema'), list.url.get('table')]
  if (!tables) return null
  return (
    <ListPage
      list={list}
      sheet={
        schema && table ? (
          <TableSheet
            key={`${schema}.${table}`}
            name={name}
            schema={schema}
            table={table}
            environment={environment}
            initial={opened?.schema === schema && opened.table === table ? opened.reading : undefined}
          />
        ) : null
      }
    >
      <FilterBar counts={missing.length === 0 ? known?.counts : undefined} />
      {missing.map(words => (
        <Callout key={words} tone="warning" mark={<StatusMark status="warning" />} className="mb-3">
          <p>{words}</p>
        </Callout>
      ))}
      <ListPanel>
        <ListPart part={tables} what={`Postgres ${name}`}>
          {({ rows, total, counts }) => (
            <ListTable
              of={tableRows}
              rows={rows}
              total={total}
              label={`Tables of ${name}`}
              empty={
                counts.all === 0 && list.chosen.length === 0 ? (
                  <EmptyState title="This database has no tables">
                    Tables in its own schemas show here; those of the system do not.
                  </EmptyState>
                ) : undefined
              }
            />
          )}
        </ListPart>
      </ListPanel>
      {known ? (
        <p className="mt-2 text-sm text-muted">
          Scans, cache hits and dead rows are as Postgres counts them
          {known.since === null ? (
            ''
          ) : (
            <>
              {' '}
              since its statistics were reset <RelativeTime at={known.since} />
            </>
          )}
          . Rows are estimates of the last ANALYZE; bloat is estimated from column statistics.
        </p>
      ) : null}
    </ListPage>
  )
}
