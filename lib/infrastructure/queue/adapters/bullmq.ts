import { Redis } from 'ioredis'
import { LOADING_RETRY_MS } from '../../../core/redis-loading.ts'
import { type QueueBackend, QueueError } from '../port.ts'
import { bullmqQueue } from './bullmq-queue.ts'
import { bullmqWorker } from './bullmq-worker.ts'

export interface BullmqConfig {
  prefix: string
  /** ms after which a call on a queue gives up. */
  timeoutMs: number
}

/** Queues and workers on BullMQ 6: beside a connection handed in, which stays open, or on one of their own. */
export function bullmqBackend(
  from: { url: string } | { redis: Redis },
  { prefix, timeoutMs }: BullmqConfig,
): QueueBackend {
  const own = 'url' in from
  const retryStrategy = (times: number) => Math.min(2_000, 50 * 2 ** Math.min(times, 6))
  // Two manners: callers want to know at once that Redis is away, workers wait until it is back.
  const commands = own
    ? new Redis(from.url, {
        maxRetriesPerRequest: null,
        enableOfflineQueue: false,
        commandTimeout: timeoutMs,
        maxLoadingRetryTime: LOADING_RETRY_MS,
        retryStrategy,
      })
    : from.redis
  if (commands.options.keyPrefix)
    throw new QueueError('This connection has a keyPrefix, with which BullMQ does not work: hand in one without', {
      code: 'QUEUE_VALUE',
    })
  if (own) commands.on('error', () => undefined)
  let patient: Redis | undefined

  return {
    openQueue: async name => bullmqQueue(name, { redis: commands, prefix, timeoutMs }),
    async openWorker(queue, handler, options) {
      if (patient === undefined) {
        patient = commands.duplicate({
          maxRetriesPerRequest: null,
          enableOfflineQueue: true,
          commandTimeout: undefined,
          retryStrategy,
        })
        patient.on('error', () => undefined)
      }
      return bullmqWorker(queue, handler, { ...options, redis: patient, prefix })
    },
    async close() {
      patient?.disconnect()
      if (own) commands.disconnect()
    },
  }
}
