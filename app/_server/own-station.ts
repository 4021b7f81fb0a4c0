import type { Console } from '@/lib/console/open'
import { type FleetMember, joinFleet } from '@/lib/infrastructure/fleet/index'
import type { MetricSampler } from '@/lib/infrastructure/metrics/index'

/** The console is a process of the fleet like any other: it shows up in the first environment it watches. It obeys no commands. Attached to a foreign Redis it writes nothing there. */
export function joinOwnFleet({ settings }: Console, metrics: MetricSampler): FleetMember[] {
  const [first] = settings.environments
  if (!first || settings.mode === 'attached') return []
  return [
    joinFleet({
      redisUrl: first.fleetRedisUrl,
      environment: first.name,
      service: 'substation',
      // More than one console may run for real, and none of them takes another's place.
      instance: settings.mode === 'real' ? undefined : 'console',
      version: settings.version,
      owner: 'platform',
      metrics,
    }),
  ]
}
