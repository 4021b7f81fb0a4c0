import type { UrlFilters } from '@/app/(console)/_parts/filters/url-filters'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import type { RowsPage } from '@/lib/console/areas/database/browse/read-rows'
import { ValueTable } from './value-table'

const WHY = {
  name: 'masked by its name',
  type: 'masked: values of this type cannot be checked for secrets',
  setting: 'masked by substation.config.ts',
  right: 'the account of the console may not read it',
} as const

/** As wide as its columns: it scrolls sideways within its panel. */
export function RowsTable({ page, label, url }: { page: RowsPage; label: string; url: UrlFilters }) {
  const { columns, rows, next, keys, cut, rowSecurity } = page
  const filtered = url.get('column') !== undefined
  return (
    <>
      {rows.length === 0 ? (
        <EmptyState title={filtered ? 'No row found' : next ? 'No row on this page' : 'The table is empty'}>
          {filtered
            ? 'No row passes the filter. Values that are hidden are never found.'
            : rowSecurity
              ? 'Row security may hide rows from this account.'
              : 'It has no rows.'}
        </EmptyState>
      ) : (
        <ValueTable
          label={label}
          columns={columns.map(({ name, type, masked }) => ({
            name,
            kind: masked ? 'masked' : type,
            ...(masked ? { hint: `${type}, ${WHY[masked]}` } : {}),
          }))}
          rows={rows}
        />
      )}
      <div className="flex flex-wrap items-center gap-2 border-t border-line px-3 py-2 text-sm text-muted">
        <span className="mr-auto">
          <span className="tabular-nums">{rows.length}</span> {rows.length === 1 ? 'row' : 'rows'}
          {keys.length > 0 ? `, by ${keys.join(', ')}` : ', in no certain order: there is no primary key to page by'}
          {cut ? '. More rows follow; filter to see them' : ''}
          {rowSecurity && rows.length > 0 ? '. Row security may hide others' : ''}.
        </span>
        {url.get('after') ? <Button onClick={() => url.set({ after: undefined })}>First page</Button> : null}
        {next ? <Button onClick={() => url.set({ after: next })}>Next page</Button> : null}
      </div>
    </>
  )
}
