import { maskUrl } from '../../../infrastructure/config/index.ts'
import type { ResolvedEnvironment, WatchedRedis } from '../../platform/settings/port.ts'

export type RedisServer = WatchedRedis & { address: string }

/** Every Redis of an environment, each once: the declared ones, and the fleet's own under the name `fleet`. */
export function redisServers({ redis, fleetRedisUrl }: ResolvedEnvironment): RedisServer[] {
  const declared = redis.map(server => ({ ...server, address: maskUrl(server.url) }))
  if (redis.some(server => samePlace(server.url, fleetRedisUrl))) return declared
  const taken = redis.some(server => server.name === 'fleet')
  const fleet = { name: taken ? 'fleet-redis' : 'fleet', url: fleetRedisUrl }
  return [{ ...fleet, address: maskUrl(fleetRedisUrl) }, ...declared]
}

/** Same host, port and database, whatever the account. */
export function samePlace(a: string, b: string): boolean {
  const place = (text: string) => {
    const { hostname, port, pathname, searchParams } = new URL(text)
    const database = pathname.slice(1) || searchParams.get('db') || '0'
    return `${hostname}:${port || 6379}/${Number(database)}`
  }
  return place(a) === place(b)
}
