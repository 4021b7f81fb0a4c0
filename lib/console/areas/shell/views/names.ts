import { z } from 'zod'
import type { NameGroup } from '../../../platform/area/names.ts'
import { defineView } from '../../../platform/view/define.ts'
import { search } from '../../../platform/view/text-filters.ts'

export interface NamesData {
  /** From the last readings; a source that is down has no names. */
  groups: NameGroup[]
}

/** What the command palette finds by name. */
export const namesView = defineView({
  id: 'names',
  title: 'Names',
  permission: 'fleet:read',
  topics: ['fleet', 'queues'],
  filters: z.object({ q: search }),
  freshFor: 5_000,
  async read({ names }, { q }): Promise<NamesData> {
    const groups = await names(q)
    return { groups: groups.filter(group => group.items.length > 0) }
  },
})
