import { FlowProducer, Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { LOADING_RETRY_MS } from '../../../core/redis-loading.ts'
import { QueueError } from '../port.ts'
import { CANCEL, CANCELS, KEEP_CANCELS_MS, REPLAY } from './bullmq-scripts.ts'
import { answersOf } from './bullmq-server/answers.ts'
import type { BullFlows, BullQueue, BullStore, BullWorker } from './bullmq-store.ts'

/** BullMQ in Redis: on a connection that is passed in, which stays open, or on one of its own. */
export function bullmqRedisStore(from: { url: string } | { redis: Redis }, prefix: string): BullStore {
  const own = 'url' in from
  const retryStrategy = (times: number) => Math.min(2_000, 50 * 2 ** Math.min(times, 6))
  // Two connections: calls fail at once while Redis is down, workers wait until it is back.
  const redis = own
    ? new Redis(from.url, {
        maxRetriesPerRequest: null,
        enableOfflineQueue: false,
        maxLoadingRetryTime: LOADING_RETRY_MS,
        retryStrategy,
      })
    : from.redis
  if (redis.options.keyPrefix)
    throw new QueueError('This connection has a keyPrefix, with which BullMQ does not work: pass one without it', {
      code: 'QUEUE_VALUE',
    })
  if (own) redis.on('error', () => undefined)
  let forWorkers: Redis | undefined
  const key = (queue: string, part: string) => `${prefix}:${queue}:${part}`

  function workerConnection(): Redis {
    if (forWorkers === undefined) {
      forWorkers = redis.duplicate({
        maxRetriesPerRequest: null,
        enableOfflineQueue: true,
        commandTimeout: undefined,
        retryStrategy,
      })
      forWorkers.on('error', () => undefined)
    }
    return forWorkers
  }

  return {
    prefix,
    server: 'Redis',
    openQueue: name => new Queue(name, { connection: redis, prefix }) as unknown as BullQueue,
    openWorker: (name, processor, options) =>
      new Worker(name, processor, { ...options, connection: workerConnection(), prefix }) as unknown as BullWorker,
    openFlows: () => new FlowProducer({ connection: redis, prefix }) as unknown as BullFlows,
    async limitQueue(queue, concurrency) {
      // Before the worker's own commands on this connection, whenever it is connected: a server that is away is not waited for.
      workerConnection()
        .hset(key(queue, 'meta'), 'concurrency', concurrency)
        .catch(() => undefined)
    },
    async checkVersion(queue) {
      const version = await redis.hget(key(queue, 'meta'), 'version')
      const major = /(\d+)\./.exec(version ?? '')?.[1]
      // Older majors keep the jobs of a paused queue in another list: pausing here and resuming there loses jobs.
      if (major !== undefined && major !== '6')
        throw new QueueError(
          `The queue ${queue} was last used by BullMQ ${major}, whose paused queues look different`,
          {
            code: 'QUEUE_OTHER_MAJOR',
            nextStep: `Pause and resume it with BullMQ ${major}.`,
          },
        )
    },
    async counts(queue) {
      const read = redis.pipeline()
      for (const list of ['wait', 'paused', 'active']) read.llen(key(queue, list))
      for (const set of ['delayed', 'prioritized', 'waiting-children', 'completed', 'failed'])
        read.zcard(key(queue, set))
      const counts = (await answersOf(read)).map(([error, count]) => {
        if (error) throw error
        return Number(count)
      })
      const [
        wait = 0,
        legacyPaused = 0,
        active = 0,
        delayed = 0,
        prioritized = 0,
        children = 0,
        completed = 0,
        failed = 0,
      ] = counts
      return {
        waiting: wait + legacyPaused,
        active,
        delayed,
        prioritized,
        'waiting-children': children,
        completed,
        failed,
      }
    },
    exists: async (queue, id) => (await redis.exists(key(queue, id))) === 1,
    async replay(queue, id) {
      const parts = ['failed', 'wait', 'prioritized', 'pc', 'delayed', 'marker', 'meta', 'active', 'events', CANCELS]
      const keys = [id, ...parts].map(part => key(queue, part))
      const answer = await redis.eval(REPLAY, keys.length, ...keys, id, Date.now())
      return answer === -1 ? 'missing' : answer === -3 ? 'not dead' : 'replayed'
    },
    async requestCancel(queue, id) {
      const keys = [id, `${id}:lock`, CANCELS, 'completed', 'failed'].map(part => key(queue, part))
      const answer = await redis.eval(CANCEL, keys.length, ...keys, id, KEEP_CANCELS_MS)
      if (answer === -1) return 'missing'
      if (answer === -3) return 'ended'
      return answer === 1 ? 'requested' : 'not active'
    },
    async cancels(queue) {
      const asked = await workerConnection().hgetall(key(queue, CANCELS))
      return Object.fromEntries(Object.entries(asked).map(([id, processedOn]) => [id, Number(processedOn)]))
    },
    async forgetCancels(queue, ids) {
      await workerConnection().hdel(key(queue, CANCELS), ...ids)
    },
    pack: value => value,
    unpack: value => value,
    packText: text => text,
    childName: child => child.slice(prefix.length + 1),
    async close() {
      forWorkers?.disconnect()
      if (own) redis.disconnect()
    },
  }
}
