import type { Redis } from 'ioredis'
import { openViewRedis, whenReady } from '../view-redis.ts'
import type { RedisServer } from './servers.ts'

/** A connection a server for one purpose, opened when it is first wanted. */
export interface RedisConnections {
  readonly servers: readonly RedisServer[]
  /** Rejects at once when the server is out of reach; undefined when none is called so. */
  to(server: string): Promise<Redis> | undefined
  close(): Promise<void>
}

/** `timeout`: what one command may take (ms). */
export function redisConnections(servers: readonly RedisServer[], purpose: string, timeout: number): RedisConnections {
  const open = new Map<string, Redis>()
  return {
    servers,
    to(name) {
      const server = servers.find(candidate => candidate.name === name)
      if (!server) return undefined
      let redis = open.get(name)
      if (!redis) {
        redis = openViewRedis(server.url, `${purpose}:${name}`, timeout)
        open.set(name, redis)
      }
      const ready = redis
      return whenReady(ready).then(() => ready)
    },
    async close() {
      for (const redis of open.values()) redis.disconnect()
    },
  }
}
