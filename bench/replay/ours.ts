import { Redis } from 'ioredis'
import { newId } from '../../lib/core/ids.ts'
import { openQueueServer } from '../../lib/infrastructure/queue/index.ts'
import { measure } from '../harness/program.ts'
import { NAME, PREFIX } from './seed.ts'
import { type ReplayInput, timed } from './timed.ts'

/** The steps of the console's operation, one after another, each leaving its marker. */
measure<ReplayInput>(async ({ redisUrl, count }, ask) => {
  const redis = new Redis(redisUrl)
  const server = openQueueServer(redis)
  const queue = { prefix: PREFIX, name: NAME }
  const run = newId()
  const found = await timed(redis, count, ask, async () => {
    let step = await server.replayNext(queue, run, {})
    while (!step.finished) step = await server.replayNext(queue, run, {})
  })
  redis.disconnect()
  return found
})
