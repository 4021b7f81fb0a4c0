import { type FilterChip, FilterChips } from '@/app/(console)/_parts/filters/filter-chips'
import { SearchField } from '@/components/data-table/search-field'
import type { DatabaseMigrations } from '@/lib/console/areas/migrations/views/migrations'

type State = 'all' | 'pending' | 'trouble'

interface MigrationFiltersProps {
  get: (name: string) => string | undefined
  set: (patch: Record<string, string | undefined>) => void
  databases: readonly DatabaseMigrations[]
  /** A sheet is open beside it. */
  narrow: boolean
}

export function MigrationFilters({ get, set, databases, narrow }: MigrationFiltersProps) {
  const asked = get('state')
  const state: State = asked === 'pending' || asked === 'trouble' ? asked : 'all'
  const counts = databases.flatMap(({ state }) => (state.status === 'down' ? [] : [state.data.counts]))
  // While one of them cannot be read, no sum is known.
  const sum = (pick: (one: (typeof counts)[number]) => number) =>
    counts.length < databases.length ? undefined : counts.reduce((total, one) => total + pick(one), 0)
  const chips: FilterChip<State>[] = [
    { value: 'all', label: 'All', count: sum(one => one.all) },
    { value: 'pending', label: 'Pending', count: sum(one => one.pending) },
    {
      value: 'trouble',
      label: 'In trouble',
      status: 'warning',
      count: sum(one => one.trouble),
    },
  ]
  return (
    <div className="mb-3 flex flex-wrap items-center gap-2">
      <FilterChips
        label="State"
        value={state}
        chips={chips}
        onChange={value => set({ state: value === 'all' ? undefined : value })}
      />
      <div className={narrow ? 'flex w-full gap-2' : 'ml-auto flex gap-2 max-wide:w-full'}>
        <SearchField
          label="Filter migrations"
          value={get('q') ?? ''}
          onChange={q => set({ q })}
          className="w-56 max-wide:w-auto max-wide:flex-1"
        />
      </div>
    </div>
  )
}
