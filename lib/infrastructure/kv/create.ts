import type { Cluster, Redis } from 'ioredis'
import type { Sql } from 'postgres'
import { type Clock, systemClock } from '../../core/clock.ts'
import { loadAdapter } from '../../core/load-adapter.ts'
import type { KvBackends } from './backend.ts'
import { checkNamespace } from './checks.ts'
import type { KvConfig } from './config.ts'
import { keyValueOver } from './key-value.ts'
import { type KeyValueStore, KvError } from './port.ts'

export interface KvDependencies {
  /** A connection of ioredis, to a Redis or a Redis Cluster, to use instead of opening one; it is not closed here. */
  redis?: Redis | Cluster
  /** A pool of postgres.js, such as `database.sql`; it is not closed here. */
  sql?: Sql
  /** Of the store in memory. */
  clock?: Clock
}

/** A key-value store: in Redis or Postgres, as the URL or what is passed in says, else in memory. Connects with the first call. */
export async function createKeyValue(
  config: Partial<KvConfig> = {},
  dependencies: KvDependencies = {},
): Promise<KeyValueStore> {
  const { namespace = 'kv', maxValueBytes = 1_048_576 } = config
  const backends = await backendsOf(checkNamespace(namespace), config, dependencies)
  return keyValueOver(backends, namespace, maxValueBytes)
}

async function backendsOf(
  namespace: string,
  { url, timeoutMs = 5_000 }: Partial<KvConfig>,
  { redis, sql, clock = systemClock }: KvDependencies,
): Promise<KvBackends> {
  const isRedis = redis !== undefined || url?.startsWith('redis') === true
  if (sql || (url !== undefined && !isRedis)) {
    const { postgresAccess } = await import('./adapters/postgres-access.ts')
    const { postgresBackends } = await import('./adapters/postgres.ts')
    const access = await postgresAccess(sql ? { sql } : { url: url as string }, { timeoutMs, name: 'kv' })
    return postgresBackends(access, namespace)
  }
  if (isRedis) {
    const { redisAccess } = await import('./adapters/redis-access.ts')
    const { redisBackends } = await import('./adapters/redis.ts')
    if (redis?.options.keyPrefix)
      throw new KvError('This connection has a keyPrefix, which scripts do not see: pass one without it', {
        code: 'KV_OPTIONS',
      })
    const access = await loadAdapter('A key-value store in Redis', () =>
      redisAccess(redis ? { redis } : { url: url as string }, timeoutMs),
    )
    return redisBackends(access, namespace)
  }
  return (await import('./adapters/memory.ts')).memoryBackends(clock)
}
