import { z } from 'zod'
import { mapPart } from '../../../platform/part/map-part.ts'
import type { Part } from '../../../platform/part/part.ts'
import { defineView } from '../../../platform/view/define.ts'
import { exact, search } from '../../../platform/view/text-filters.ts'
import { type ProviderSet, readProviderSets } from '../sets.ts'

const LIMIT = 500

export type ListedSet = Omit<ProviderSet, 'processes'> & { processes: number }

export interface ProvidersData {
  fleet: Part<{ total: number }>
  rows: ListedSet[]
  counts: Record<'all' | 'trouble' | 'forced', number>
  services: string[]
}

const inState = {
  all: () => true,
  trouble: ({ state }: ProviderSet) => state === 'down' || state === 'secondary',
  forced: ({ forced }: ProviderSet) => forced !== undefined,
}

/** The providers behind each port: which serves, why, and how each of them does. */
export const providersView = defineView({
  id: 'providers',
  title: 'Providers',
  permission: 'provider:read',
  topics: ['providers', 'breakers', 'fleet'],
  filters: z.object({
    q: search,
    state: z.enum(['all', 'trouble', 'forced']).default('all'),
    service: exact(300),
  }),
  freshFor: 1_000,
  async read({ environment }, { q, state, service }): Promise<ProvidersData> {
    const part = await readProviderSets(environment)
    const all = part.status === 'down' ? [] : part.data
    const text = q.toLowerCase()
    const meant = all.filter(
      set =>
        (!service || set.services.includes(service)) &&
        [set.name, ...set.services, ...set.providers.map(({ name }) => name)].some(one =>
          one.toLowerCase().includes(text),
        ),
    )
    const rows = meant.filter(inState[state])
    const count = (state: keyof typeof inState) => meant.filter(inState[state]).length
    return {
      fleet: mapPart(part, () => ({ total: rows.length })),
      rows: rows.slice(0, LIMIT).map(set => ({ ...set, processes: set.processes.length })),
      counts: { all: count('all'), trouble: count('trouble'), forced: count('forced') },
      services: [...new Set(all.flatMap(set => set.services))].sort(),
    }
  },
})
