import { useState } from 'react'
import type { UrlFilters } from '@/app/(console)/_parts/filters/url-filters'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import type { RowsPage } from '@/lib/console/areas/database/browse/read-rows'

const COMPARISONS = [
  { value: 'equals', label: 'equals' },
  { value: 'contains', label: 'contains' },
  { value: 'null', label: 'is null' },
]

/** Filters when it is sent, not with every key: each reading is in the audit. */
export function RowsFilterForm({ columns, url }: { columns: RowsPage['columns']; url: UrlFilters }) {
  const [column, setColumn] = useState(url.get('column') ?? '')
  const [is, setIs] = useState(url.get('is') ?? 'equals')
  const [value, setValue] = useState(url.get('value') ?? '')
  const structured = columns.find(({ name }) => name === column)?.structured === true
  const comparison = structured ? 'null' : is
  return (
    <form
      className="flex flex-wrap items-end gap-2 max-wide:w-full"
      onSubmit={event => {
        event.preventDefault()
        url.set({ column, is: comparison, value: comparison === 'null' ? undefined : value, after: undefined })
      }}
    >
      <Field label="Column" className="w-44 max-wide:w-full">
        {control => (
          <Select
            {...control}
            required
            value={column}
            placeholder="Any column"
            options={columns.map(({ name, masked }) => ({
              value: name,
              label: masked ? `${name} (masked)` : name,
              disabled: masked !== undefined,
            }))}
            onChange={event => setColumn(event.target.value)}
          />
        )}
      </Field>
      <Field label="Comparison" className="w-32 max-wide:flex-1">
        {control => (
          <Select
            {...control}
            value={comparison}
            options={COMPARISONS.map(one => ({ ...one, disabled: structured && one.value !== 'null' }))}
            onChange={event => setIs(event.target.value)}
          />
        )}
      </Field>
      {comparison === 'null' ? null : (
        <Field label="Value" className="w-48 max-wide:flex-1">
          {control => (
            <Input {...control} value={value} maxLength={300} onChange={event => setValue(event.target.value)} />
          )}
        </Field>
      )}
      <Button type="submit" disabled={column === ''}>
        Filter
      </Button>
      {url.get('column') ? (
        <Button
          type="button"
          onClick={() => {
            setColumn('')
            setValue('')
            url.set({ column: undefined, is: undefined, value: undefined, after: undefined })
          }}
        >
          Clear
        </Button>
      ) : null}
    </form>
  )
}
