import { FilterChips } from '@/app/(console)/_parts/filters/filter-chips'
import { FilterSelect } from '@/app/(console)/_parts/filters/filter-select'
import { SearchField } from '@/components/data-table/search-field'
import type { BreakersData } from '@/lib/console/areas/breakers/views/breakers'
import type { Part } from '@/lib/console/platform/part/part'

type Data = BreakersData['breakers'] extends Part<infer D> ? D : never
type State = keyof Data['counts']

const STATES: { value: State; label: string; status?: 'bad' | 'warning' | 'good' | 'unknown' }[] = [
  { value: 'all', label: 'All' },
  { value: 'open', label: 'Open', status: 'bad' },
  { value: 'half-open', label: 'Half-open', status: 'warning' },
  { value: 'closed', label: 'Closed', status: 'good' },
  { value: 'forced', label: 'Forced' },
  { value: 'unknown', label: 'Unknown', status: 'unknown' },
]

interface BreakerFiltersProps {
  get: (name: string) => string | undefined
  set: (patch: Record<string, string | undefined>) => void
  /** Left out while the fleet cannot be read: then nothing is counted. */
  data?: Data
  /** A sheet is open beside it. */
  narrow: boolean
}

export function BreakerFilters({ get, set, data, narrow }: BreakerFiltersProps) {
  const asked = get('state')
  const state = STATES.find(({ value }) => value === asked)?.value ?? 'all'
  // Silent processes are rare, and a choice that says nothing is noise.
  const shown = STATES.filter(
    ({ value }) => value !== 'unknown' || state === 'unknown' || (data?.counts.unknown ?? 0) > 0,
  )
  const services = data?.services ?? []
  return (
    <div className="mb-3 flex flex-wrap items-center gap-2">
      <FilterChips
        label="State"
        value={state}
        chips={shown.map(chip => ({ ...chip, count: data?.counts[chip.value] }))}
        onChange={value => set({ state: value === 'all' ? undefined : value })}
      />
      <div className={narrow ? 'flex w-full gap-2' : 'ml-auto flex gap-2 max-wide:w-full'}>
        {services.length > 1 || get('service') ? (
          <FilterSelect
            label="Service"
            value={get('service') ?? ''}
            options={[
              { value: '', label: 'All services' },
              ...services.map(service => ({ value: service, label: service })),
            ]}
            onChange={service => set({ service })}
            className="max-w-48 max-wide:flex-1"
          />
        ) : null}
        <SearchField
          label="Filter breakers"
          value={get('q') ?? ''}
          onChange={q => set({ q })}
          className="w-56 max-wide:w-auto max-wide:flex-1"
        />
      </div>
    </div>
  )
}
