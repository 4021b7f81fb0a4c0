import { BullMQAdapter } from '@bull-board/api/bullMQAdapter'
import { queuesHandler } from '@bull-board/api/dist/handlers/queues.js'
import { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import { measure } from '../harness/program.ts'
import { measureOverviews, type OverviewInput } from './overviews.ts'

/** Bull Board's own handler of its overview, without HTTP. */
export function measureBoard({ shared, workers }: { shared: boolean; workers: boolean }): void {
  measure<OverviewInput>(async input => {
    const connections: Redis[] = []
    const connect = () => {
      const redis = new Redis(input.redisUrl, { maxRetriesPerRequest: null })
      connections.push(redis)
      return redis
    }
    const common = connect()
    const found = await measureOverviews(
      input,
      async ({ prefix, names }) => {
        const queues = names.map(
          name => new Queue(name, { connection: shared ? common : connect(), prefix, skipMetasUpdate: true }),
        )
        await Promise.all(queues.map(queue => queue.waitUntilReady()))
        return new Map(queues.map(queue => [queue.name, new BullMQAdapter(queue)]))
      },
      async queues => {
        const request = { queues, query: { page: 1, jobsPerPage: 10 }, params: {}, uiConfig: { showWorkers: workers } }
        const { body } = await queuesHandler(request as unknown as Parameters<typeof queuesHandler>[0])
        const listed = (body as { queues: { counts: Record<string, number> }[] }).queues
        return listed.reduce(
          (sum, { counts }) => sum + (counts.waiting ?? 0) + (counts.delayed ?? 0) + (counts.prioritized ?? 0),
          0,
        )
      },
    )
    for (const redis of connections) redis.disconnect()
    return found
  })
}
