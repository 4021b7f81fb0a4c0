import { z } from 'zod'
import type { Part } from '../../../platform/part/part.ts'
import { defineView } from '../../../platform/view/define.ts'
import { text } from '../../../platform/view/text-filters.ts'
import type { BigKeys, ClientGroup, RedisReading, SlowCommand } from '../../../servers/redis/port.ts'
import { RedisReadings } from '../resource.ts'

export interface RedisRow {
  name: string
  /** Without credentials. */
  address: string
  /** The only BullMQ prefixes whose queues are shown; absent: all are. */
  prefixes?: string[] | undefined
  reading: Part<RedisReading>
}

export interface RedisData {
  servers: RedisRow[]
}

/** Every Redis of the environment: the fleet's own and those declared. */
export const redisView = defineView({
  id: 'redis',
  title: 'Redis',
  permission: 'target:read',
  topics: ['series'],
  filters: z.object({}),
  freshFor: 2_000,
  async read({ environment }): Promise<RedisData> {
    const redis = environment.of(RedisReadings)
    return {
      servers: await Promise.all(
        redis.servers.map(async server => {
          const { name, address, prefixes } = server
          return { name, address, prefixes, reading: await redis.read(server) }
        }),
      ),
    }
  },
})

export interface RedisServerData {
  /** Absent when there is no such server. */
  server?: RedisRow & {
    slowLog: Part<{ commands?: SlowCommand[] }>
    clients: Part<{ groups?: ClientGroup[] }>
  }
}

/** One Redis with its slow log and who is connected. */
export const redisServerView = defineView({
  id: 'redis-server',
  title: 'Redis server',
  permission: 'target:read',
  topics: ['series'],
  filters: z.object({ name: text(300) }),
  freshFor: 2_000,
  async read({ environment }, { name }): Promise<RedisServerData> {
    const redis = environment.of(RedisReadings)
    const server = redis.servers.find(candidate => candidate.name === name)
    if (!server) return {}
    const [reading, slowLog, clients] = await Promise.all([
      redis.read(server),
      redis.slowLog(server),
      redis.clients(server),
    ])
    const { address, prefixes } = server
    return { server: { name, address, prefixes, reading, slowLog, clients } }
  },
})

export interface BigKeysData {
  /** Absent when there is no such server. */
  keys?: Part<BigKeys>
}

/** The biggest keys of one Redis, of those examined in two seconds. Runs only on request. */
export const bigKeysView = defineView({
  id: 'big-keys',
  title: 'Big keys',
  permission: 'key:read',
  topics: [],
  filters: z.object({ name: text(300), pattern: text(500) }),
  freshFor: 30_000,
  async read({ environment }, { name, pattern }): Promise<BigKeysData> {
    const server = environment.of(RedisReadings).servers.find(candidate => candidate.name === name)
    return server ? { keys: await environment.of(RedisReadings).bigKeys(server, pattern || '*') } : {}
  },
})
