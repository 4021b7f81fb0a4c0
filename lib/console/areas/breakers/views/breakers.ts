import { z } from 'zod'
import { byText } from '../../../../core/text-order.ts'
import { Fleet } from '../../../fleet/resources.ts'
import { mapPart } from '../../../platform/part/map-part.ts'
import type { Part } from '../../../platform/part/part.ts'
import { defineView } from '../../../platform/view/define.ts'
import { Direction, turnOf } from '../../../platform/view/direction.ts'
import { search, text } from '../../../platform/view/text-filters.ts'
import { type BreakerInstance, breakersOf, type ShownState } from '../collect.ts'
import { type BreakerGroup, gravityOf, groupBreakers } from '../group.ts'

const LIMIT = 300

export interface BreakersData {
  breakers: Part<{
    by: 'dependency' | 'instance'
    groups: BreakerGroup[]
    instances: BreakerInstance[]
    /** How many match; more than are listed when the list is cut. */
    total: number
    /** Counts over all states: how many each choice of `state` would list. */
    counts: Record<'all' | ShownState | 'forced', number>
    /** There is no breaker at all, even without filters. */
    none: boolean
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
    dir: Direction,
  }),
  freshFor: 1_000,
  async read({ environment }, filters): Promise<BreakersData> {
    const fleet = await environment.of(Fleet).read(['breakers'])
    return {
      breakers: mapPart(fleet, snapshot => {
        const every = breakersOf(snapshot)
        const q = filters.q.toLowerCase()
        const matching = every.filter(
          instance =>
            (!filters.service || instance.service === filters.service) &&
            (!q ||
              instance.breaker.toLowerCase().includes(q) ||
              instance.instance.toLowerCase().includes(q) ||
              instance.service.toLowerCase().includes(q)),
        )
        const byDependency = filters.by === 'dependency'
        const groups = byDependency ? groupBreakers(matching) : []
        const instances = byDependency ? [] : matching
        const turn = turnOf(filters.dir, filters.sort === 'name' ? 'asc' : 'desc')
        const inState = <T extends { forced?: unknown }>(list: T[], stateOf: (one: T) => ShownState) =>
          list.filter(
            one =>
              filters.state === 'all' ||
              (filters.state === 'forced' ? one.forced !== undefined : stateOf(one) === filters.state),
          )
        const listedGroups = inState(groups, group => group.state)
        const listedInstances = inState(instances, instance => instance.effective)
        return {
          by: filters.by,
          groups: listedGroups.sort((a, b) => turn * groupOrder[filters.sort](a, b)).slice(0, LIMIT),
          instances: listedInstances.sort((a, b) => turn * instanceOrder[filters.sort](a, b)).slice(0, LIMIT),
          total: listedGroups.length + listedInstances.length,
          counts: byDependency
            ? countStates(groups, group => group.state)
            : countStates(instances, instance => instance.effective),
          none: every.length === 0,
          services: [...new Set(every.map(instance => instance.service))].sort(),
        }
      }),
    }
  },
})

function countStates<T extends { forced?: unknown }>(list: T[], stateOf: (one: T) => ShownState) {
  const counts = { all: list.length, open: 0, 'half-open': 0, closed: 0, unknown: 0, forced: 0 }
  for (const one of list) {
    counts[stateOf(one)]++
    if (one.forced !== undefined) counts.forced++
  }
  return counts
}

type Order = 'state' | 'name' | 'failures' | 'rejected'
// What matters first: the most severe, the most, the first letter.
const byName = (a: { name: string }, b: { name: string }) => byText(a.name, b.name)
const groupOrder: Record<Order, (a: BreakerGroup, b: BreakerGroup) => number> = {
  state: (a, b) => gravityOf(a.state) - gravityOf(b.state) || Number(!a.forced) - Number(!b.forced) || byName(a, b),
  name: byName,
  failures: (a, b) => b.measured.failures - a.measured.failures || byName(a, b),
  rejected: (a, b) => b.totals.rejected - a.totals.rejected || byName(a, b),
}

const failuresOf = ({ tripped, window }: BreakerInstance) => (tripped ?? window).failures
const byPlace = (a: BreakerInstance, b: BreakerInstance) =>
  byText(a.breaker, b.breaker) || byText(a.instance, b.instance)
const instanceOrder: Record<Order, (a: BreakerInstance, b: BreakerInstance) => number> = {
  state: (a, b) =>
    gravityOf(a.effective) - gravityOf(b.effective) || Number(!a.forced) - Number(!b.forced) || byPlace(a, b),
  name: byPlace,
  failures: (a, b) => failuresOf(b) - failuresOf(a) || byPlace(a, b),
  rejected: (a, b) => b.totals.rejected - a.totals.rejected || byPlace(a, b),
}
