import { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import { pinged } from '../harness/pinged.ts'
import { measure } from '../harness/program.ts'
import { NAME, PREFIX } from '../replay/seed.ts'
import { checked, type SearchInput, wantedOf } from './found.ts'

const STEP = 1_000

/** BullMQ's own method, in steps, each compared as it arrives. */
measure<SearchInput>(async ({ redisUrl, count }, ask) => {
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: null })
  const queue = new Queue(NAME, { connection: redis, prefix: PREFIX })
  await queue.waitUntilReady()
  const began = performance.now()
  await queue.getJobs(['failed'], 0, STEP - 1)
  const firstAfter = performance.now() - began
  const found: string[] = []
  const measured = await pinged(ask, async () => {
    for (let from = 0; from < count; from += STEP) {
      const jobs = await queue.getJobs(['failed'], from, from + STEP - 1)
      found.push(...jobs.flatMap(job => (job.data.order === wantedOf(count) ? [job.id ?? ''] : [])))
    }
  })
  await queue.close()
  redis.disconnect()
  return checked(measured, found, firstAfter)
})
