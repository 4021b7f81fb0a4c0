import { defineResource } from '../platform/environment/resource.ts'
import { type PostgresServers as Databases, postgresServers } from './postgres/servers.ts'
import { targetProbe } from './probe/create.ts'
import type { TargetProbe } from './probe/port.ts'
import { type RedisServer, redisServers } from './redis/servers.ts'

/** Every Redis of an environment once: the declared ones, and the fleet's own. */
export const RedisServers = defineResource<readonly RedisServer[]>('redis-servers', ({ settings }) => ({
  value: redisServers(settings),
}))

/** Every declared Postgres of an environment, and what it answers about itself. */
export const PostgresServers = defineResource<Databases>('postgres-servers', ({ settings, outages }) => {
  const databases = postgresServers(settings.databases, outages)
  return { value: databases, close: databases.close }
})

/** The watched servers' health, and what the console's account may do on each. */
export const Probes = defineResource<TargetProbe>('probes', ({ settings, outages, of }) => {
  const probe = targetProbe(of(RedisServers), settings.databases, outages)
  return { value: probe, close: probe.close }
})
