import type { Redis } from 'ioredis'
import type { Outages } from '../../platform/part/outages.ts'
import type { Part } from '../../platform/part/part.ts'
import { part } from '../../platform/part/read-part.ts'
import { redisConnections } from '../../servers/redis/connections.ts'
import { oneAtATime } from '../../servers/redis/one-at-a-time.ts'
import type { BigKeys, ClientGroup, RedisReading, SlowCommand } from '../../servers/redis/port.ts'
import { readRedis } from '../../servers/redis/reading.ts'
import type { RedisServer } from '../../servers/redis/servers.ts'
import { bigKeysOf } from './big-keys.ts'
import { clientsOf } from './clients.ts'
import { slowLogOf } from './slow-log.ts'

/** The Redis servers of an environment, each on its own: one that is down does not hold up the others. Nothing rejects. */
export interface RedisReader {
  readonly servers: readonly RedisServer[]
  /** `maxAge` (ms, default 0): a reading of at most this age is good enough. */
  read(server: RedisServer, options?: { maxAge?: number }): Promise<Part<RedisReading>>
  /** Data without a list: the account may not ask for it. */
  slowLog(server: RedisServer): Promise<Part<{ commands?: SlowCommand[] }>>
  clients(server: RedisServer): Promise<Part<{ groups?: ClientGroup[] }>>
  /** Scans the keys for two seconds at most. */
  bigKeys(server: RedisServer, pattern: string): Promise<Part<BigKeys>>
  close(): Promise<void>
}

/** Asks the Redis servers of an environment, over connections of its own. Never rejects. */
export function redisReader(servers: readonly RedisServer[], environment: string, outages: Outages): RedisReader {
  const walk = oneAtATime()
  const last = new Map<string, { at: number; reading: Promise<Part<RedisReading>> }>()
  const connections = redisConnections(servers, `${environment}:servers`, 2_500)
  const ask = <T>({ name }: RedisServer, question: (redis: Redis) => Promise<T>): Promise<Part<T>> =>
    part(
      `Redis ${name}`,
      outages,
      Promise.resolve(connections.to(name)).then(redis => {
        if (!redis) throw new Error(`there is no server ${name}`)
        return question(redis)
      }),
    )
  return {
    servers,
    read(server, { maxAge = 0 } = {}) {
      const known = last.get(server.name)
      if (known && performance.now() - known.at < maxAge) return known.reading
      const reading = ask(server, readRedis)
      last.set(server.name, { at: performance.now(), reading })
      return reading
    },
    slowLog: server => ask(server, async redis => ({ commands: await slowLogOf(redis) })),
    clients: server => ask(server, async redis => ({ groups: await clientsOf(redis) })),
    bigKeys: (server, pattern) => ask(server, redis => walk(server.name, () => bigKeysOf(redis, pattern))),
    close: () => connections.close(),
  }
}
