import { flappingNow } from '../../fleet/recent-turns.ts'
import { Fleet } from '../../fleet/resources.ts'
import { defineArea } from '../../platform/area/define.ts'
import { samePlace } from '../../servers/redis/servers.ts'
import { Probes, RedisServers } from '../../servers/resources.ts'
import { ofHealth } from './attention.ts'
import { ownHealth } from './own.ts'
import { healthSource } from './samples.ts'
import { ofConsole, ofTargets } from './server-attention.ts'
import { targetSource } from './target-samples.ts'
import { healthView } from './views/health.ts'

export const healthArea = defineArea({
  id: 'health',
  title: 'Health',
  page: { group: 'observe', icon: 'heart-pulse', shortcut: 'h', onPhone: true, counts: 'in trouble' },
  permissions: { 'health:read': 'viewer', 'target:read': 'viewer' },
  topics: { health: 'health:read', targets: 'target:read' },
  resources: [Probes],
  views: [healthView],
  /** What the console itself needs, the servers it watches, and the checks that processes run. */
  async attention(context) {
    const { environment } = context
    const reading = environment.of(Fleet).read(['health'])
    const [fleet, flapping, own, targets] = await Promise.all([
      reading,
      flappingNow(environment, 'health.changed'),
      reading.then(fleet => ownHealth(context, environment, fleet)),
      environment.of(Probes).read(),
    ])
    // That the fleet's Redis is down is reported once, with its effect.
    const carrier = environment.of(RedisServers).find(({ url }) => samePlace(url, environment.settings.fleetRedisUrl))
    const others = targets.filter(({ kind, name }) => kind !== 'redis' || name !== carrier?.name)
    const checks = fleet.status === 'down' ? [] : ofHealth(fleet.data, flapping)
    return { items: [...ofConsole(own), ...ofTargets(others), ...checks], known: true }
  },
  samples: environment => [healthSource(environment.of(Fleet)), targetSource(environment.of(Probes))],
})
