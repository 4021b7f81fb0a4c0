import { Redis } from 'ioredis'
import { LOADING_RETRY_MS } from '../../../core/redis-loading.ts'
import type { QueueBackend } from '../backend.ts'
import { QueueError } from '../port.ts'
import { bullmqFlows } from './bullmq-flow.ts'
import { bullmqQueue } from './bullmq-queue.ts'
import { bullmqWorker } from './bullmq-worker.ts'

export interface BullmqConfig {
  prefix: string
  /** ms after which a call on a queue gives up. */
  timeoutMs: number
}

/** Queues and workers on BullMQ 6: on a connection that is passed in, which stays open, or on one of their own. */
export function bullmqBackend(
  from: { url: string } | { redis: Redis },
  { prefix, timeoutMs }: BullmqConfig,
): QueueBackend {
  const own = 'url' in from
  const retryStrategy = (times: number) => Math.min(2_000, 50 * 2 ** Math.min(times, 6))
  // Two connections: calls fail at once while Redis is down, workers wait until it is back.
  const commands = own
    ? new Redis(from.url, {
        maxRetriesPerRequest: null,
        enableOfflineQueue: false,
        maxLoadingRetryTime: LOADING_RETRY_MS,
        retryStrategy,
      })
    : from.redis
  if (commands.options.keyPrefix)
    throw new QueueError('This connection has a keyPrefix, with which BullMQ does not work: pass one without it', {
      code: 'QUEUE_VALUE',
    })
  if (own) commands.on('error', () => undefined)
  let forWorkers: Redis | undefined
  let flows: ReturnType<typeof bullmqFlows> | undefined

  return {
    openQueue: async name => bullmqQueue(name, { redis: commands, prefix, timeoutMs }),
    async openWorker(queue, handler, options) {
      if (forWorkers === undefined) {
        forWorkers = commands.duplicate({
          maxRetriesPerRequest: null,
          enableOfflineQueue: true,
          commandTimeout: undefined,
          retryStrategy,
        })
        forWorkers.on('error', () => undefined)
      }
      const { globalConcurrency } = options
      // Before the worker's own commands on this connection, whenever it is connected.
      if (globalConcurrency !== undefined)
        forWorkers.hset(`${prefix}:${queue}:meta`, 'concurrency', globalConcurrency).catch(() => undefined)
      return bullmqWorker(queue, handler, { ...options, redis: forWorkers, prefix })
    },
    async addFlow(flow) {
      flows ??= bullmqFlows({ redis: commands, prefix, timeoutMs })
      return flows.add(flow)
    },
    async close() {
      // It would wait for a Redis that is down.
      flows?.close().catch(() => undefined)
      forWorkers?.disconnect()
      if (own) commands.disconnect()
    },
  }
}
