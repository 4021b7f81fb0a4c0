import { type Keyspace, redisKeyspace, type SharedLayer, sharedLayer } from '../../../infrastructure/cache/index.ts'
import { redisConnections } from '../../servers/redis/connections.ts'
import { oneAtATime } from '../../servers/redis/one-at-a-time.ts'
import type { RedisServer } from '../../servers/redis/servers.ts'

/** The Redis servers of an environment as stores of cached values. */
export interface CacheStores {
  readonly servers: readonly RedisServer[]
  /** The server that has a namespace of the library's caches; undefined when none has. Rejects when one cannot be asked. */
  find(namespace: string): Promise<{ server: string; layer: SharedLayer } | undefined>
  /** All keys of one server; undefined when there is no server of that name. Rejects when it cannot be reached. */
  keyspace(server: string): Promise<Keyspace | undefined>
  close(): Promise<void>
}

/** Separate from the connections of the views: a scan of a million keys must not delay a page. */
export function cacheStores(servers: readonly RedisServer[], environment: string): CacheStores {
  const walk = oneAtATime()
  const connections = redisConnections(servers, `${environment}:keys`, 3_000)
  return {
    servers,
    async find(namespace) {
      let trouble: unknown
      for (const { name } of servers) {
        try {
          const redis = await connections.to(name)
          // Checked first, because reading a namespace that does not exist would create it.
          if (redis && (await redis.exists(`{${namespace}}:meta`)))
            return { server: name, layer: sharedLayer(redis, namespace) }
        } catch (error) {
          trouble ??= error
        }
      }
      // A server that could not be asked may be the one that has it.
      if (trouble) throw trouble
      return undefined
    },
    async keyspace(name) {
      const redis = await connections.to(name)
      if (!redis) return undefined
      const keys = redisKeyspace(redis)
      return { ...keys, count: (...asked) => walk(name, () => keys.count(...asked)) }
    },
    close: () => connections.close(),
  }
}
