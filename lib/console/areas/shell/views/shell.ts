import { and, count, eq, isNull } from 'drizzle-orm'
import { z } from 'zod'
import { operationRun } from '../../../../../drizzle/schema/index.ts'
import type { Part } from '../../../platform/part/part.ts'
import { part } from '../../../platform/part/read-part.ts'
import { defineView } from '../../../platform/view/define.ts'
import { breakersOf } from '../../breakers/collect.ts'
import { groupBreakers } from '../../breakers/group.ts'
import { cachesOf } from '../../caches/collect.ts'
import { groupCaches } from '../../caches/group.ts'
import { healthOf } from '../../health/collect.ts'
import { ownHealth } from '../../health/own.ts'
import { countTrouble, standingsOf } from '../../migrations/migration-states.ts'
import { isGrave, troublesOf } from '../../queues/condition.ts'
import type { ServerReading } from '../../queues/port.ts'
import { countStates } from '../../services/views/services.ts'

export interface Count {
  bad: number
  warning: number
}

export interface ShellData {
  /** What is wrong behind each entry of the navigation; null: it cannot be told. */
  counts: {
    overview: Count | null
    services: Count | null
    health: Count | null
    breakers: Count | null
    caches: Count | null
    queues: Count | null
    migrations: Count | null
    running: number | null
  }
  /** The feed of the fleet: live, or since when it is not. */
  feed: { status: 'up' | 'stale' | 'down'; reason?: string; since?: number; at?: number }
}

/** What the frame around every page shows. */
export const shellView = defineView({
  id: 'shell',
  title: 'Shell',
  permission: 'fleet:read',
  topics: ['fleet', 'breakers', 'health', 'caches', 'queues', 'runs', 'migrations'],
  filters: z.object({}),
  freshFor: 1_000,
  async read(context): Promise<ShellData> {
    const { environment, store, outages } = context
    const reading = environment.fleet.read(['breakers', 'health', 'caches'])
    const own = reading.then(fleet => ownHealth(context, environment, fleet))
    const queues = countQueues(environment.queues.servers.map(server => server.peek()))
    const running = await part(
      'Postgres',
      outages,
      store.db
        .select({ count: count() })
        .from(operationRun)
        .where(and(eq(operationRun.environment, environment.name), isNull(operationRun.finishedAt)))
        .then(rows => rows[0]?.count ?? 0),
    )
    const runs = running.status === 'up' ? running.data : null
    const migrations = countTrouble(await standingsOf(environment, store, outages))
    const fleet = await reading
    const ownDown = (await own).filter(component => component.status === 'down').length
    if (fleet.status === 'down') {
      return {
        counts: {
          overview: null,
          services: null,
          health: { bad: ownDown, warning: 0 },
          breakers: null,
          caches: null,
          queues,
          migrations,
          running: runs,
        },
        feed: { status: 'down', reason: fleet.reason, since: fleet.since },
      }
    }
    const groups = groupBreakers(breakersOf(fleet.data))
    const checks = healthOf(fleet.data).flatMap(service => service.checks)
    const states = countStates(fleet.data.processes)
    const services = { bad: states.lost, warning: states.late }
    const breakers = {
      bad: groups.filter(group => group.state === 'open').length,
      warning: groups.filter(group => group.state === 'half-open' || (group.forced && group.state !== 'open')).length,
    }
    const health = {
      bad: ownDown + checks.filter(check => check.status === 'down' && check.critical).length,
      warning: checks.filter(check => check.status === 'degraded' || (check.status === 'down' && !check.critical))
        .length,
    }
    const caches = {
      bad: 0,
      warning: groupCaches(cachesOf(fleet.data)).filter(group => group.state === 'degraded').length,
    }
    return {
      counts: {
        overview: {
          bad: services.bad + breakers.bad + health.bad + (queues?.bad ?? 0),
          warning: services.warning + breakers.warning + health.warning + caches.warning + (queues?.warning ?? 0),
        },
        services,
        health,
        breakers,
        caches,
        queues,
        migrations,
        running: runs,
      },
      feed:
        fleet.status === 'up'
          ? { status: 'up', at: fleet.at }
          : { status: 'stale', reason: fleet.reason, since: fleet.since, at: fleet.at },
    }
  },
})

/** Of the servers that answer; null when none has answered yet. */
function countQueues(parts: (Part<ServerReading> | undefined)[]): Count | null {
  const known = parts.flatMap(part => (part === undefined || part.status === 'down' ? [] : [part.data]))
  if (known.length === 0) return null
  const count = { bad: 0, warning: 0 }
  for (const queue of known.flatMap(({ queues }) => queues)) {
    const [gravest] = troublesOf(queue)
    if (gravest !== undefined) count[isGrave(gravest) ? 'bad' : 'warning']++
  }
  return count
}
