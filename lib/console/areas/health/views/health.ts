import { z } from 'zod'
import { Fleet } from '../../../fleet/resources.ts'
import { mapPart } from '../../../platform/part/map-part.ts'
import type { Part } from '../../../platform/part/part.ts'
import { defineView } from '../../../platform/view/define.ts'
import { search } from '../../../platform/view/text-filters.ts'
import type { Target } from '../../../servers/probe/port.ts'
import { Probes } from '../../../servers/resources.ts'
import { healthOf, type ServiceNode } from '../collect.ts'
import { type OwnComponent, ownHealth } from '../own.ts'

export interface HealthData {
  services: Part<{
    services: ServiceNode[]
    counts: { checks: number; down: number; degraded: number; unknown: number }
  }>
  /** Never down as a whole: each component has its own status. */
  console: OwnComponent[]
  /** Watched servers with the rights of the account. */
  targets: Target[]
}

/** The checks of each service, the watched servers, and the console's own parts. */
export const healthView = defineView({
  id: 'health',
  title: 'Health',
  permission: 'health:read',
  topics: ['health', 'fleet', 'targets'],
  filters: z.object({ q: search, status: z.enum(['all', 'trouble']).default('all') }),
  freshFor: 1_000,
  async read(context, filters): Promise<HealthData> {
    const { environment } = context
    const fleet = await environment.of(Fleet).read(['health'])
    const [own, targets] = await Promise.all([ownHealth(context, environment, fleet), environment.of(Probes).read()])
    const q = filters.q.toLowerCase()
    return {
      services: mapPart(fleet, snapshot => {
        const all = healthOf(snapshot)
        const checks = all.flatMap(service => service.checks)
        const count = (status: string) => checks.filter(check => check.status === status).length
        const services = all
          .map(service => ({
            ...service,
            checks: service.checks.filter(
              check =>
                (filters.status === 'all' || check.status !== 'up') &&
                (!q || check.name.toLowerCase().includes(q) || service.service.toLowerCase().includes(q)),
            ),
          }))
          .filter(
            service =>
              service.checks.length > 0 ||
              (filters.status === 'all' && (!q || service.service.toLowerCase().includes(q))),
          )
        return {
          services,
          counts: {
            checks: checks.length,
            down: count('down'),
            degraded: count('degraded'),
            unknown: count('unknown'),
          },
        }
      }),
      console: own,
      targets,
    }
  },
})
