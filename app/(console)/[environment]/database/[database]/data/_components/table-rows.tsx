'use client'

import { Download } from 'lucide-react'
import { useUrlFilters } from '@/app/(console)/_parts/filters/url-filters'
import { pickFilters, useFilteredView } from '@/app/(console)/_parts/filters/use-filtered-view'
import { Panel } from '@/components/status/panel'
import { PartBoundary } from '@/components/status/part-boundary'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { Field } from '@/components/ui/field'
import { Select } from '@/components/ui/select'
import type { BrowseData } from '@/lib/console/areas/database/views/browse'
import type { RowsData } from '@/lib/console/areas/database/views/rows'
import type { Reading } from '@/lib/console/platform/view/read'
import { RowsFilterForm } from './rows-filter-form'
import { RowsRefusal } from './rows-refusal'
import { RowsTable } from './rows-table'

const ASKED = ['schema', 'table', 'column', 'is', 'value', 'after'] as const
const NO_FILTER = { column: undefined, is: undefined, value: undefined, after: undefined }

export interface TableRowsProps {
  environment: string
  /** Of the database. */
  name: string
  tables: Reading<BrowseData>
  initial: Reading<RowsData>
}

/** Rows of one table, read when asked for and not again. */
export function TableRows({ environment, name, tables, initial }: TableRowsProps) {
  const url = useUrlFilters()
  const filters = { ...pickFilters(url.get, ASKED), name }
  const { reading, pending, failed } = useFilteredView<RowsData>(
    { view: 'database-rows', environment, filters },
    initial,
  )
  const { schema, table, answer } = reading.data
  const exported = new URLSearchParams({ ...pickFilters(url.get, ASKED.slice(0, 5)), name })
  return (
    <div className="grid grid-cols-1 gap-3">
      {tables.data.tables ? (
        <PartBoundary part={tables.data.tables} what={`Postgres ${name}`}>
          {known =>
            known.length === 0 ? (
              <EmptyState title="No table can be read">
                The account of the console may not read any table here, or there is none.
              </EmptyState>
            ) : (
              <div className="flex flex-wrap items-end gap-2">
                <Field label="Table" className="w-64 max-wide:w-full">
                  {control => (
                    <Select
                      {...control}
                      value={url.get('table') ? JSON.stringify([url.get('schema'), url.get('table')]) : ''}
                      placeholder="Choose a table"
                      options={known.map(one => ({
                        value: JSON.stringify([one.schema, one.name]),
                        label: `${one.schema}.${one.name}`,
                      }))}
                      onChange={event => {
                        const [schema, table] = JSON.parse(event.target.value) as [string, string]
                        url.set({ ...NO_FILTER, schema, table })
                      }}
                    />
                  )}
                </Field>
                {answer?.kind === 'rows' ? (
                  <>
                    <RowsFilterForm key={`${schema}.${table}`} columns={answer.columns} url={url} />
                    <Button asChild className="ml-auto">
                      <a download href={`/api/v1/${environment}/databases/rows?${exported}`}>
                        <Download aria-hidden />
                        <span className="sr-only">Export as </span>CSV
                      </a>
                    </Button>
                  </>
                ) : null}
              </div>
            )
          }
        </PartBoundary>
      ) : null}
      {failed ? (
        <RowsRefusal refused={{ kind: 'down', words: failed }} url={url} />
      ) : answer === undefined ? null : answer.kind === 'rows' ? (
        <Panel title={`${schema}.${table}`} note={pending ? 'being read' : 'read-only'}>
          <RowsTable page={answer} label={`Rows of ${schema}.${table}`} url={url} />
        </Panel>
      ) : (
        <RowsRefusal refused={answer} url={url} />
      )}
      <p className="text-sm text-muted">
        Each page that is read, and each file, is in the audit, without the value of the filter. Values that are secret
        by their name or shape are masked and found by no filter. Nothing is refreshed on its own.
      </p>
    </div>
  )
}
