import { z } from 'zod'
import { type BreakerInstance, breakersOf } from '../breakers/collect.ts'
import { type BreakerGroup, gravityOf, groupBreakers } from '../breakers/group.ts'
import type { Part } from '../part.ts'
import { defineView } from './define.ts'
import { mapPart } from './map-part.ts'
import { search, text } from './search.ts'

const LIMIT = 500

export interface BreakersData {
  breakers: Part<{
    groups: BreakerGroup[]
    instances: BreakerInstance[]
    /** How many match; more than are listed when cut. */
    total: number
    /** Of all, whatever the filters. */
    counts: { all: number; open: number; 'half-open': number; forced: number }
    services: string[]
  }>
}

/** Every breaker of the environment, by dependency or by instance. */
export const breakersView = defineView({
  id: 'breakers',
  title: 'Breakers',
  permission: 'breaker:read',
  topics: ['breakers', 'fleet'],
  filters: z.object({
    q: search,
    by: z.enum(['dependency', 'instance']).default('dependency'),
    state: z.enum(['all', 'open', 'half-open', 'closed', 'unknown', 'forced']).default('all'),
    service: text(300),
    sort: z.enum(['state', 'name', 'failures', 'rejected']).default('state'),
  }),
  freshFor: 1_000,
  async read({ environment }, filters): Promise<BreakersData> {
    const fleet = await environment.fleet.read(['breakers'])
    return {
      breakers: mapPart(fleet, snapshot => {
        const every = breakersOf(snapshot)
        const all = groupBreakers(every)
        const q = filters.q.toLowerCase()
        const matching = every.filter(
          instance =>
            (!filters.service || instance.service === filters.service) &&
            (!q ||
              instance.breaker.toLowerCase().includes(q) ||
              instance.instance.toLowerCase().includes(q) ||
              instance.service.toLowerCase().includes(q)),
        )
        const state = filters.state
        const groups = groupBreakers(matching).filter(group =>
          state === 'all' ? true : state === 'forced' ? group.forced : group.state === state,
        )
        const instances = matching.filter(instance =>
          state === 'all' ? true : state === 'forced' ? instance.forced : instance.effective === state,
        )
        const byDependency = filters.by === 'dependency'
        return {
          groups: byDependency ? groups.sort(groupOrder[filters.sort]).slice(0, LIMIT) : [],
          instances: byDependency ? [] : instances.sort(instanceOrder[filters.sort]).slice(0, LIMIT),
          total: byDependency ? groups.length : instances.length,
          counts: {
            all: all.length,
            open: all.filter(group => group.state === 'open').length,
            'half-open': all.filter(group => group.state === 'half-open').length,
            forced: all.filter(group => group.forced).length,
          },
          services: [...new Set(every.map(instance => instance.service))].sort(),
        }
      }),
    }
  },
})

const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name)
const groupOrder: Record<string, (a: BreakerGroup, b: BreakerGroup) => number> = {
  state: (a, b) => gravityOf(a.state) - gravityOf(b.state) || Number(!a.forced) - Number(!b.forced) || byName(a, b),
  name: byName,
  failures: (a, b) => b.window.failures - a.window.failures || byName(a, b),
  rejected: (a, b) => b.totals.rejected - a.totals.rejected || byName(a, b),
}

const byPlace = (a: BreakerInstance, b: BreakerInstance) =>
  a.breaker.localeCompare(b.breaker) || a.instance.localeCompare(b.instance)
const instanceOrder: Record<string, (a: BreakerInstance, b: BreakerInstance) => number> = {
  state: (a, b) => gravityOf(a.effective) - gravityOf(b.effective) || byPlace(a, b),
  name: byPlace,
  failures: (a, b) => b.window.failures - a.window.failures || byPlace(a, b),
  rejected: (a, b) => b.totals.rejected - a.totals.rejected || byPlace(a, b),
}
