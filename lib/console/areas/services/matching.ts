import { z } from 'zod'
import type { FleetProcess } from '../../fleet/port.ts'
import { search, text } from '../../platform/view/text-filters.ts'

/** The filters of the process list; an act on the listed processes takes the same. */
export const processFilters = {
  q: search,
  service: text(300),
  state: z.enum(['all', 'up', 'late', 'lost', 'left', 'replaced', 'attention']).default('all'),
}
export type ProcessFilters = z.output<z.ZodObject<typeof processFilters>>

/** Whether a process matches service and search, whatever its state. */
export function matchesText(
  { service, instance, identity, id }: FleetProcess,
  filters: Pick<ProcessFilters, 'q' | 'service'>,
): boolean {
  if (filters.service && service !== filters.service) return false
  const q = filters.q.toLowerCase()
  return (
    !q || [service, instance, identity?.host, identity?.version, id].some(known => known?.toLowerCase().includes(q))
  )
}

export function matchesState({ state }: FleetProcess, wanted: ProcessFilters['state']): boolean {
  return wanted === 'all' || state === wanted || (wanted === 'attention' && (state === 'late' || state === 'lost'))
}
