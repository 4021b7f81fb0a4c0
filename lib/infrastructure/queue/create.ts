import type { Redis } from 'ioredis'
import { loadAdapter } from '../../core/load-adapter.ts'
import type { QueueBackend } from './backend.ts'
import type { QueueConfig } from './config.ts'
import { QueueError, type Queues } from './port.ts'
import { type QueueDependencies, queuesOver } from './registry.ts'

/** The queues of one process: on BullMQ with a Redis or a Postgres, else in memory. */
export async function createQueues(
  config: Partial<QueueConfig> = {},
  {
    redis,
    ...dependencies
  }: QueueDependencies & {
    /** A connection to use instead of opening one; it is not closed here. */
    redis?: Redis
  } = {},
): Promise<Queues> {
  return queuesOver(await backend(config, redis), dependencies)
}

async function backend(
  { redisUrl, postgresUrl, prefix = 'bull', timeoutMs = 5_000 }: Partial<QueueConfig>,
  redis: Redis | undefined,
): Promise<QueueBackend> {
  if (postgresUrl !== undefined && (redis || redisUrl))
    throw new QueueError('Queues are either in Redis or in Postgres: pass one address', { code: 'QUEUE_VALUE' })
  if (postgresUrl !== undefined) {
    const { bullmqPostgresStore } = await inPostgres()
    const { bullmqBackend } = await import('./adapters/bullmq.ts')
    return bullmqBackend(bullmqPostgresStore(postgresUrl, { timeoutMs }), { timeoutMs })
  }
  const from = redis ? { redis } : redisUrl ? { url: redisUrl } : undefined
  if (from === undefined) return (await import('./adapters/memory.ts')).memoryBackend()
  const { bullmqRedisStore } = await loadAdapter('Queues in Redis', () => import('./adapters/bullmq-redis-store.ts'))
  const { bullmqBackend } = await import('./adapters/bullmq.ts')
  return bullmqBackend(bullmqRedisStore(from, prefix), { timeoutMs })
}

const inPostgres = () => loadAdapter('Queues in Postgres', () => import('./adapters/bullmq-postgres-store.ts'))

/** Makes or updates the tables of queues in a Postgres: schema `bullmq`. May be called by several processes at once. */
export async function migrateQueues({ postgresUrl }: { postgresUrl: string }): Promise<void> {
  await (await inPostgres()).migrateBullmq(postgresUrl)
}
