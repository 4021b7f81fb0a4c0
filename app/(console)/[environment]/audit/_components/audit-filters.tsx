import { SlidersHorizontal } from 'lucide-react'
import { useState } from 'react'
import { FilterSelect } from '@/app/(console)/_parts/filters/filter-select'
import { SearchField } from '@/components/data-table/search-field'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { TimeRange } from './time-range'

export const FILTERS = ['q', 'operation', 'actor', 'kind', 'outcome', 'from', 'to'] as const

const KINDS = [
  { value: '', label: 'Acts and refusals' },
  { value: 'act', label: 'Acts only' },
  { value: 'refused', label: 'Refusals only' },
]
const OUTCOMES = [
  { value: '', label: 'Any outcome' },
  { value: 'succeeded', label: 'Done' },
  { value: 'partial', label: 'Partly done' },
  { value: 'failed', label: 'Failed' },
  { value: 'aborted', label: 'Aborted' },
  { value: 'unknown', label: 'Outcome unknown' },
  { value: 'undone', label: 'Undone' },
  { value: 'under-way', label: 'Under way' },
]

interface AuditFiltersProps {
  get: (name: string) => string | undefined
  set: (patch: Record<string, string | undefined>) => void
  operations: readonly { id: string; title: string }[]
  /** Who is on the page. */
  actors: readonly string[]
}

export function AuditFilters({ get, set, operations, actors }: AuditFiltersProps) {
  const [unfolded, setUnfolded] = useState(false)
  const count = FILTERS.filter(name => name !== 'q' && get(name)).length
  const select = (name: (typeof FILTERS)[number], label: string, options: { value: string; label: string }[]) => (
    <FilterSelect
      label={label}
      value={get(name) === 'all' ? '' : (get(name) ?? '')}
      options={options}
      onChange={value => set({ [name]: value })}
      className="max-w-44 max-wide:max-w-none"
    />
  )
  return (
    <div className="mb-3 flex flex-wrap items-center gap-2">
      <SearchField
        label="Filter the audit"
        value={get('q') ?? ''}
        onChange={q => set({ q })}
        className="w-64 max-wide:w-auto max-wide:flex-1"
      />
      <Button aria-expanded={unfolded} className="wide:hidden" onClick={() => setUnfolded(!unfolded)}>
        <SlidersHorizontal aria-hidden />
        Filters{count > 0 ? ` ${count}` : ''}
      </Button>
      <div
        className={cn(
          'items-center gap-2 max-wide:w-full max-wide:grid-cols-2 wide:flex wide:flex-wrap',
          unfolded ? 'max-wide:grid' : 'max-wide:hidden',
        )}
      >
        {select('operation', 'Operation', [
          { value: '', label: 'Any operation' },
          ...operations.map(({ id, title }) => ({ value: id, label: title })),
        ])}
        {select('actor', 'Who', [
          { value: '', label: 'Anyone' },
          ...actors.map(actor => ({ value: actor, label: actor })),
        ])}
        {select('kind', 'Show', KINDS)}
        {select('outcome', 'Outcome', OUTCOMES)}
        <TimeRange from={get('from')} to={get('to')} onChange={set} />
        {count > 0 || get('q') ? (
          <Button
            variant="ghost"
            onClick={() => set(Object.fromEntries(FILTERS.map(name => [name, undefined])))}
            className="max-wide:col-span-2"
          >
            Clear
          </Button>
        ) : null}
      </div>
    </div>
  )
}
