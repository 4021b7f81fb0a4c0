import { flappingNow } from '../../fleet/recent-turns.ts'
import { Fleet } from '../../fleet/resources.ts'
import { defineArea } from '../../platform/area/define.ts'
import { nameGroup, placeOf } from '../../platform/area/names.ts'
import { ofBreakers } from './attention.ts'
import { breakersOf } from './collect.ts'
import { changeLimits } from './operations/change-limits.ts'
import { changeBreakerPolicy } from './operations/change-policy.ts'
import { forceBreaker } from './operations/force.ts'
import { releaseBreaker } from './operations/release.ts'
import { resetBreaker } from './operations/reset.ts'
import { restoreLimits } from './operations/restore-limits.ts'
import { restoreBreakerPolicy } from './operations/restore-policy.ts'
import { breakerView } from './views/breaker.ts'
import { breakerHistoryView } from './views/breaker-history.ts'
import { breakersView } from './views/breakers.ts'
import { limitsView } from './views/limits.ts'
import { whatIfView } from './views/what-if.ts'

export const breakersArea = defineArea({
  id: 'breakers',
  title: 'Breakers',
  page: { group: 'operate', icon: 'toggle-right', shortcut: 'b', onPhone: true, counts: 'not closed' },
  permissions: {
    'breaker:read': 'viewer',
    'breaker:force': 'operator',
    'breaker:release': 'operator',
    'breaker:reset': 'operator',
    'breaker:change': 'operator',
    'limit:change': 'operator',
  },
  topics: { breakers: 'breaker:read' },
  views: [breakersView, breakerView, breakerHistoryView, whatIfView, limitsView],
  operations: [
    forceBreaker,
    releaseBreaker,
    resetBreaker,
    changeBreakerPolicy,
    restoreBreakerPolicy,
    changeLimits,
    restoreLimits,
  ],
  async attention({ environment }) {
    const [fleet, flapping] = await Promise.all([
      environment.of(Fleet).read(['breakers']),
      flappingNow(environment, 'breaker.transition'),
    ])
    return fleet.status === 'down'
      ? { items: [], known: false }
      : { items: ofBreakers(fleet.data, flapping), known: true }
  },
  async names({ environment }, query) {
    const fleet = await environment.of(Fleet).read(['breakers'])
    const names = fleet.status === 'down' ? [] : breakersOf(fleet.data).map(instance => instance.breaker)
    return [
      nameGroup(
        'breakers',
        'Breakers',
        query,
        [...new Set(names)]
          .sort()
          .map(name => ({ id: `breaker-${name}`, label: name, href: placeOf('breakers', { breaker: name }) })),
        'breaker',
      ),
    ]
  },
})
