import type { Redis } from 'ioredis'
import { openViewRedis, whenReady } from '../view-redis.ts'
import type { RedisServer } from './servers.ts'

/** One connection per server for one purpose, opened when it is first needed. */
export interface RedisConnections {
  readonly servers: readonly RedisServer[]
  /** Rejects at once when the server cannot be reached; undefined when there is none of that name. */
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
