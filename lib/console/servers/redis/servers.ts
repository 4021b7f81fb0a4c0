import { maskUrl } from '../../../infrastructure/config/index.ts'
import type { ResolvedEnvironment, WatchedRedis } from '../../platform/settings/port.ts'

export type RedisServer = Required<WatchedRedis> & { address: string }

/** Every Redis of an environment, each once: what is declared, and the fleet's own under the name `fleet`. */
export function redisServers({ redis, fleetRedisUrl }: ResolvedEnvironment): RedisServer[] {
  const declared = redis.map(server => ({ ...server, address: maskUrl(server.url) }))
  if (redis.some(server => samePlace(server.url, fleetRedisUrl))) return declared
  const taken = redis.some(server => server.name === 'fleet')
  const fleet = { name: taken ? 'fleet-redis' : 'fleet', url: fleetRedisUrl, prefixes: ['bull'] }
  return [{ ...fleet, address: maskUrl(fleetRedisUrl) }, ...declared]
}

/** Host, port and database are the same, whoever signs in. */
export function samePlace(a: string, b: string): boolean {
  const place = (text: string) => {
    const { hostname, port, pathname } = new URL(text)
    return `${hostname}:${port || 6379}/${pathname.replace(/^\/0?$/, '').replace('/', '')}`
  }
  return place(a) === place(b)
}
