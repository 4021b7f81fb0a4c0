'use client'

import { type FilterChip, FilterChips } from '@/app/(console)/_parts/filters/filter-chips'
import { FilterSelect } from '@/app/(console)/_parts/filters/filter-select'
import type { UrlFilters } from '@/app/(console)/_parts/filters/url-filters'
import { PROCESS_STATES, processStatus, processWord } from '@/app/(console)/_parts/processes/process-state'
import { SearchField } from '@/components/data-table/search-field'
import type { ServiceRow } from '@/lib/console/areas/services/views/services'
import type { ProcessState } from '@/lib/console/fleet/port'

type Choice = ProcessState | 'all' | 'attention'

const CHOICES: readonly Choice[] = ['attention', ...PROCESS_STATES]

interface StateFiltersProps {
  url: UrlFilters
  counts: Record<ProcessState, number>
  services: readonly ServiceRow[]
}

/** What narrows the list of processes; all of it is in the address. */
export function StateFilters({ url, counts, services }: StateFiltersProps) {
  // An address may say anything; what is not understood counts as nothing said.
  const chosen = CHOICES.find(choice => choice === url.get('state')) ?? 'all'
  const attention = counts.late + counts.lost
  const chips: FilterChip<Choice>[] = [
    { value: 'all', label: 'All', count: PROCESS_STATES.reduce((sum, state) => sum + counts[state], 0) },
    {
      value: 'attention',
      label: 'In trouble',
      count: attention,
      status: counts.lost > 0 ? 'bad' : 'warning',
    },
    // A state that no process is in is no choice, unless it was made.
    ...PROCESS_STATES.filter(state => counts[state] > 0 || state === chosen).map(state => ({
      value: state,
      label: processWord(state),
      count: counts[state],
      status: processStatus[state],
    })),
  ]
  return (
    <div className="flex flex-wrap items-center gap-2">
      <FilterChips
        label="State"
        value={chosen}
        chips={chips}
        onChange={state => url.set({ state: state === 'all' ? undefined : state })}
      />
      <div className="ml-auto flex min-w-0 gap-2 max-wide:ml-0 max-wide:w-full">
        <FilterSelect
          label="Service"
          value={url.get('service') ?? ''}
          options={[
            { value: '', label: 'All services' },
            ...services.map(({ service }) => ({ value: service, label: service })),
          ]}
          onChange={service => url.set({ service })}
          className="w-44 max-wide:w-auto max-wide:flex-1"
        />
        <SearchField
          label="Filter processes"
          value={url.get('q') ?? ''}
          onChange={q => url.set({ q })}
          className="w-56 max-wide:w-auto max-wide:flex-1"
        />
      </div>
    </div>
  )
}
