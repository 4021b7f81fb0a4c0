import { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import { measure } from '../harness/program.ts'
import { NAME, PREFIX } from './seed.ts'
import { type ReplayInput, timed } from './timed.ts'

/** BullMQ's own method, which keeps neither priority nor delay, and writes no marker. */
measure<ReplayInput>(async ({ redisUrl, count }, ask) => {
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: null })
  const queue = new Queue(NAME, { connection: redis, prefix: PREFIX })
  await queue.waitUntilReady()
  const found = await timed(redis, count, ask, () => queue.retryJobs({ state: 'failed' }))
  await queue.close()
  redis.disconnect()
  return found
})
