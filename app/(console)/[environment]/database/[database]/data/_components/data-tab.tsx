'use client'

import { useUrlFilters } from '@/app/(console)/_parts/filters/url-filters'
import { SegmentedControl } from '@/components/ui/segmented-control'
import type { SavedQueriesData } from '@/lib/console/areas/database/views/saved-queries'
import type { Reading } from '@/lib/console/platform/view/read'
import { QueryTab } from './query-tab'
import { TableRows, type TableRowsProps } from './table-rows'

const OF_TABLES = {
  schema: undefined,
  table: undefined,
  column: undefined,
  is: undefined,
  value: undefined,
  after: undefined,
}

interface DataTabProps extends TableRowsProps {
  queries: Reading<SavedQueriesData>
}

/** Rows of a table, or of a query. */
export function DataTab({ queries, ...tables }: DataTabProps) {
  const { environment, name } = tables
  const url = useUrlFilters()
  const show = url.get('show') === 'query' ? 'query' : 'table'
  return (
    <div className="grid grid-cols-1 gap-3">
      <SegmentedControl
        label="Rows of"
        value={show}
        segments={[
          { value: 'table', label: 'A table' },
          { value: 'query', label: 'A query' },
        ]}
        onChange={next => url.set({ ...OF_TABLES, query: undefined, show: next === 'query' ? next : undefined })}
      />
      {show === 'query' ? (
        <QueryTab environment={environment} name={name} initial={queries} />
      ) : (
        <TableRows {...tables} />
      )}
    </div>
  )
}
