import { Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { measure } from '../harness/program.ts'
import { CONCURRENCY, DATA, type JobsInput, OPTIONS, timed } from './load.ts'

/** BullMQ as it comes, with the same options. */
measure<JobsInput>(async ({ redisUrl, prefix }) => {
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: null })
  const queue = new Queue('jobs', { connection: redis, prefix })
  await queue.waitUntilReady()
  const { attempts, keepCompleted } = OPTIONS
  const opts = { attempts, removeOnComplete: { count: keepCompleted } }
  let worker: Worker | undefined
  const found = await timed(
    () => queue.add('receipt', DATA, opts),
    handled => {
      worker = new Worker('jobs', async () => handled(), { connection: redis, prefix, concurrency: CONCURRENCY })
    },
  )
  await worker?.close()
  await queue.close()
  redis.disconnect()
  return found
})
