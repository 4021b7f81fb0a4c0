import type { Redis } from 'ioredis'
import { loadAdapter } from '../../core/load-adapter.ts'
import type { QueueBackend } from './backend.ts'
import type { QueueConfig } from './config.ts'
import type { Queues } from './port.ts'
import { type QueueDependencies, queuesOver } from './registry.ts'

/** The queues of one process: on BullMQ with a Redis, else in memory. */
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
  { redisUrl, prefix = 'bull', timeoutMs = 5_000 }: Partial<QueueConfig>,
  redis: Redis | undefined,
): Promise<QueueBackend> {
  const from = redis ? { redis } : redisUrl ? { url: redisUrl } : undefined
  if (from === undefined) return (await import('./adapters/memory.ts')).memoryBackend()
  const { bullmqBackend } = await loadAdapter('Queues in Redis', () => import('./adapters/bullmq.ts'))
  return bullmqBackend(from, { prefix, timeoutMs })
}
