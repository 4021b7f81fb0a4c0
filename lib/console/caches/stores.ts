import type { Redis } from 'ioredis'
import { type Keyspace, redisKeyspace, type SharedLayer, sharedLayer } from '../../infrastructure/cache/index.ts'
import { openViewRedis, whenReady } from '../fleet/redis.ts'
import type { RedisServer } from '../redis/servers.ts'

/** The Redis servers of an environment as places where cached values lie. */
export interface CacheStores {
  readonly servers: readonly RedisServer[]
  /** The server that holds a namespace of the library's caches; undefined when none does. Rejects when one cannot be asked. */
  find(namespace: string): Promise<{ server: string; layer: SharedLayer } | undefined>
  /** Any keys of one server; undefined when there is no server of that name. Rejects when it is out of reach. */
  keyspace(server: string): Promise<Keyspace | undefined>
  close(): Promise<void>
}

/** A connection a server, apart from those of the views: going through a million keys must not delay anybody's page. */
export function cacheStores(servers: readonly RedisServer[], environment: string): CacheStores {
  const connections = new Map<string, Redis>()

  async function connect({ name, url }: RedisServer): Promise<Redis> {
    let redis = connections.get(name)
    if (!redis) {
      redis = openViewRedis(url, `${environment}:keys:${name}`, 3_000)
      connections.set(name, redis)
    }
    await whenReady(redis)
    return redis
  }

  return {
    servers,
    async find(namespace) {
      let trouble: unknown
      for (const server of servers) {
        try {
          const redis = await connect(server)
          // Asked for first, because a reading of a namespace that is not there would make it.
          if (await redis.exists(`{${namespace}}:meta`))
            return { server: server.name, layer: sharedLayer(redis, namespace) }
        } catch (error) {
          trouble ??= error
        }
      }
      // One that could not be asked may be the one that has it.
      if (trouble) throw trouble
      return undefined
    },
    async keyspace(name) {
      const server = servers.find(candidate => candidate.name === name)
      return server && redisKeyspace(await connect(server))
    },
    async close() {
      for (const redis of connections.values()) redis.disconnect()
    },
  }
}
