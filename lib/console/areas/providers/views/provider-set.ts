import { z } from 'zod'
import { mapPart } from '../../../platform/part/map-part.ts'
import type { Part } from '../../../platform/part/part.ts'
import { defineView } from '../../../platform/view/define.ts'
import { exact } from '../../../platform/view/text-filters.ts'
import { type ProviderSet, readProviderSets } from '../sets.ts'

export interface ProviderSetData {
  /** `set` is absent where no living process has it. */
  found: Part<{ set?: ProviderSet }>
}

/** One set of providers, with each provider and each process. */
export const providerSetView = defineView({
  id: 'provider-set',
  title: 'Set of providers',
  permission: 'provider:read',
  topics: ['providers', 'breakers', 'fleet'],
  filters: z.object({ name: exact(300) }),
  freshFor: 1_000,
  async read({ environment }, { name }): Promise<ProviderSetData> {
    const found = mapPart(await readProviderSets(environment), sets => {
      const set = sets.find(one => one.name === name)
      return set ? { set } : {}
    })
    return { found }
  },
})
