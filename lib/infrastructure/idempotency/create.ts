import type { Cluster, Redis } from 'ioredis'
import type { Sql } from 'postgres'
import { type Clock, systemClock } from '../../core/clock.ts'
import { loadAdapter } from '../../core/load-adapter.ts'
import { postgresAccess, redisAccess } from '../kv/index.ts'
import type { IdempotencyConfig } from './config.ts'
import { type Idempotency, IdempotencyError, type PostgresIdempotency } from './port.ts'
import type { RecordStore } from './record-store.ts'
import { IdempotentRuns } from './runs.ts'

export interface IdempotencyDependencies {
  /** A connection of ioredis, to a Redis or a Redis Cluster, to use instead of opening one; it is not closed here. */
  redis?: Redis | Cluster
  /** A pool of postgres.js, such as `database.sql`; it is not closed here. */
  sql?: Sql
  /** Of the records in memory. */
  clock?: Clock
}

const MAX_RESULT_BYTES = 1_048_576

/** Idempotent runs with records in Redis or Postgres, as the URL or what is passed in says, else in memory. Connects with the first call. */
export function createIdempotency(
  config: Partial<IdempotencyConfig>,
  dependencies: IdempotencyDependencies & { sql: Sql },
): Promise<PostgresIdempotency>
export function createIdempotency(
  config?: Partial<IdempotencyConfig>,
  dependencies?: IdempotencyDependencies,
): Promise<Idempotency>
export async function createIdempotency(
  config: Partial<IdempotencyConfig> = {},
  dependencies: IdempotencyDependencies = {},
): Promise<Idempotency> {
  const { namespace = 'idempotency', maxResultBytes = MAX_RESULT_BYTES } = config
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(namespace))
    throw new IdempotencyError('A namespace has 1 to 64 letters, digits, _ and -', { code: 'OPTIONS' })
  const runs = new IdempotentRuns(await recordsOf(namespace, config, dependencies), maxResultBytes)
  if (!dependencies.sql) return runs
  const { transactional } = await import('./adapters/in-transaction.ts')
  return Object.assign(runs, { runInTransaction: transactional(namespace, maxResultBytes, () => runs.assertOpen()) })
}

async function recordsOf(
  namespace: string,
  { url, timeoutMs = 5_000 }: Partial<IdempotencyConfig>,
  { redis, sql, clock = systemClock }: IdempotencyDependencies,
): Promise<RecordStore> {
  const isRedis = redis !== undefined || url?.startsWith('redis') === true
  if (sql || (url !== undefined && !isRedis)) {
    const { postgresRecords } = await import('./adapters/postgres.ts')
    const from = sql ? { sql } : { url: url as string }
    return postgresRecords(await postgresAccess(from, { timeoutMs, name: 'idempotency' }), namespace)
  }
  if (isRedis) {
    if (redis?.options.keyPrefix)
      throw new IdempotencyError('This connection has a keyPrefix, which scripts do not see: pass one without it', {
        code: 'OPTIONS',
      })
    const { redisRecords } = await import('./adapters/redis.ts')
    const from = redis ? { redis } : { url: url as string }
    const access = await loadAdapter('Idempotent runs in Redis', () => redisAccess(from, timeoutMs))
    return redisRecords(access, namespace)
  }
  return (await import('./adapters/memory.ts')).memoryRecords(clock)
}
