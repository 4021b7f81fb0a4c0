import { flappingNow } from '../../fleet/recent-turns.ts'
import { Fleet } from '../../fleet/resources.ts'
import { defineArea } from '../../platform/area/define.ts'
import { nameGroup, placeOf } from '../../platform/area/names.ts'
import { ofBreakers } from './attention.ts'
import { breakersOf } from './collect.ts'
import { forceBreaker } from './operations/force.ts'
import { releaseBreaker } from './operations/release.ts'
import { resetBreaker } from './operations/reset.ts'
import { breakerView } from './views/breaker.ts'
import { breakersView } from './views/breakers.ts'

export const breakersArea = defineArea({
  id: 'breakers',
  title: 'Breakers',
  page: { group: 'operate', icon: 'toggle-right', shortcut: 'b', onPhone: true, counts: 'not closed' },
  permissions: {
    'breaker:read': 'viewer',
    'breaker:force': 'operator',
    'breaker:release': 'operator',
    'breaker:reset': 'operator',
  },
  topics: { breakers: 'breaker:read' },
  views: [breakersView, breakerView],
  operations: [forceBreaker, releaseBreaker, resetBreaker],
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
