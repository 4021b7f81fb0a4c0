import { BullMQAdapter } from '@bull-board/api/bullMQAdapter'
import { retryAllHandler } from '@bull-board/api/dist/handlers/retryAll.js'
import { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import { measure } from '../harness/program.ts'
import { NAME, PREFIX } from './seed.ts'
import { type ReplayInput, timed } from './timed.ts'

/** Bull Board's own handler of "retry all", without HTTP. */
measure<ReplayInput>(async ({ redisUrl, count }, ask) => {
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: null })
  const queue = new Queue(NAME, { connection: redis, prefix: PREFIX })
  await queue.waitUntilReady()
  const request = {
    queues: new Map([[NAME, new BullMQAdapter(queue)]]),
    params: { queueName: NAME, queueStatus: 'failed' },
    query: {},
  }
  const found = await timed(redis, count, ask, () =>
    Promise.resolve(retryAllHandler(request as unknown as Parameters<typeof retryAllHandler>[0])),
  )
  await queue.close()
  redis.disconnect()
  return found
})
