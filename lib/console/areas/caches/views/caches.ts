import { z } from 'zod'
import { byText } from '../../../../core/text-order.ts'
import { Fleet } from '../../../fleet/resources.ts'
import { mapPart } from '../../../platform/part/map-part.ts'
import type { Part } from '../../../platform/part/part.ts'
import { defineView } from '../../../platform/view/define.ts'
import { Direction, turnOf } from '../../../platform/view/direction.ts'
import { search, text } from '../../../platform/view/text-filters.ts'
import { cachesFor } from '../collect.ts'
import { withFallen } from '../fallen.ts'
import { type CacheGroup, type CacheState, gravityOf, groupCaches } from '../group.ts'
import { Caches } from '../resource.ts'

const LIMIT = 300

export interface CachesData {
  caches: Part<{
    groups: CacheGroup[]
    /** How many match; more than are listed when the list is cut. */
    total: number
    /** Counts over all states. */
    counts: Record<'all' | CacheState, number>
    /** There is no cache at all, even without filters. */
    none: boolean
    services: string[]
  }>
  /** Servers whose keys can be counted and removed by prefix, whichever program made them. */
  servers: { name: string; address: string }[]
}

/** Every cache that processes of the fleet have, each one over all of them. */
export const cachesView = defineView({
  id: 'caches',
  title: 'Caches',
  permission: 'cache:read',
  topics: ['caches', 'fleet', 'series'],
  filters: z.object({
    q: search,
    state: z.enum(['all', 'degraded', 'working', 'unknown']).default('all'),
    service: text(300),
    sort: z.enum(['state', 'name', 'ratio', 'calls', 'entries']).default('state'),
    dir: Direction,
  }),
  freshFor: 1_000,
  async read({ environment, permissions }, filters): Promise<CachesData> {
    const fleet = await environment.of(Fleet).read(['caches'])
    const groups =
      fleet.status === 'down' ? [] : await withFallen(environment, groupCaches(cachesFor(permissions, fleet.data)))
    return {
      servers: environment.of(Caches).servers.map(({ name, address }) => ({ name, address })),
      caches: mapPart(fleet, () => {
        const q = filters.q.toLowerCase()
        const matching = groups.filter(
          group =>
            (!filters.service || group.services.includes(filters.service)) &&
            (!q || [group.name, group.namespace, ...group.services].some(name => name.toLowerCase().includes(q))),
        )
        const counts = { all: matching.length, degraded: 0, working: 0, unknown: 0 }
        for (const group of matching) counts[group.state]++
        const listed = matching.filter(group => filters.state === 'all' || group.state === filters.state)
        const turn = turnOf(filters.dir, filters.sort === 'name' || filters.sort === 'ratio' ? 'asc' : 'desc')
        return {
          groups: listed.sort((a, b) => turn * order[filters.sort](a, b)).slice(0, LIMIT),
          total: listed.length,
          counts,
          none: groups.length === 0,
          services: [...new Set(groups.flatMap(group => group.services))].sort(),
        }
      }),
    }
  },
})

type Order = (a: CacheGroup, b: CacheGroup) => number
const byName: Order = (a, b) => byText(a.name, b.name)
// What matters first.
const order: Record<'state' | 'name' | 'ratio' | 'calls' | 'entries', Order> = {
  state: (a, b) => gravityOf(a.state) - gravityOf(b.state) || byName(a, b),
  name: byName,
  ratio: (a, b) => (a.hitRatio.overall ?? 2) - (b.hitRatio.overall ?? 2) || byName(a, b),
  calls: (a, b) => (b.calls ?? -1) - (a.calls ?? -1) || byName(a, b),
  entries: (a, b) => (b.entries ?? -1) - (a.entries ?? -1) || byName(a, b),
}
