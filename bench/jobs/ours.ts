import { createQueues } from '../../lib/infrastructure/queue/index.ts'
import { measure } from '../harness/program.ts'
import { CONCURRENCY, DATA, type JobsInput, OPTIONS, timed } from './load.ts'

/** The port of the library over BullMQ. */
measure<JobsInput>(async ({ redisUrl, prefix }) => {
  const queues = await createQueues({ redisUrl, prefix })
  const queue = await queues.queue('jobs')
  await queue.counts()
  const found = await timed(
    () => queue.add('receipt', DATA, OPTIONS),
    handled => queues.work('jobs', handled, { concurrency: CONCURRENCY }),
  )
  await queues.close()
  return found
})
